using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Testing;

namespace Tocsin.Alerting.Tests.Plans;

public sealed class DeliveryPlannerTests
{
    private const string Paris = "Europe/Paris";

    // A winter afternoon: 14:00 in Paris.
    private static readonly DateTimeOffset Raised = new(2026, 1, 15, 13, 0, 0, TimeSpan.Zero);

    private static readonly ContactPoint Mobile = new(new(Id(1)), ContactPointKind.Mobile, 1);
    private static readonly ContactPoint SecondMobile = new(new(Id(2)), ContactPointKind.Mobile, 2);
    private static readonly ContactPoint Mail = new(new(Id(3)), ContactPointKind.Email, 3);
    private static readonly ContactPoint Device = new(new(Id(4)), ContactPointKind.App, 4);
    private static readonly ContactPoint Landline = new(new(Id(5)), ContactPointKind.Landline, 5);

    private static readonly ChannelPlan InOrder = new()
    {
        Steps =
        [
            new() { Channels = [ChannelKind.InApp, ChannelKind.WebPush] },
            new() { Channels = [ChannelKind.Sms], After = TimeSpan.FromMinutes(2) },
            new() { Channels = [ChannelKind.Email], After = TimeSpan.FromMinutes(5) },
        ],
    };

    [Fact]
    public void In_parallel_every_contact_point_is_told_at_once_in_the_persons_order() => Assert.Equal(
        [
            new(ChannelKind.InApp, null, Raised, 0),
            new(ChannelKind.WebPush, Device.Id, Raised, 0),
            new(ChannelKind.Sms, Mobile.Id, Raised, 0),
            new(ChannelKind.Sms, SecondMobile.Id, Raised, 0),
            new(ChannelKind.Email, Mail.Id, Raised, 0),
        ],
        Plan(ChannelPlan.AllAtOnce, Severity.Info, [SecondMobile, Device, Mail, Landline, Mobile], hasAccount: true));

    [Fact]
    public void In_order_each_step_waits_its_time() => Assert.Equal(
        [
            new(ChannelKind.WebPush, Device.Id, Raised, 0),
            new(ChannelKind.Sms, Mobile.Id, Raised.AddMinutes(2), 1),
            new(ChannelKind.Email, Mail.Id, Raised.AddMinutes(5), 2),
        ],
        Plan(InOrder, Severity.Info, [Mobile, Mail, Device]));

    /// <summary>Text before voice, and any other order: the rules know of steps, not of what a channel carries, so whatever is put second waits for what is put first.</summary>
    [Theory]
    [MemberData(nameof(PairsOfChannels))]
    public void Whichever_channel_the_plan_puts_second_waits_for_the_first(ChannelKind first, ChannelKind second)
    {
        var plan = new ChannelPlan { Steps = [new() { Channels = [first] }, new() { Channels = [second], After = TimeSpan.FromMinutes(3) }] };

        var planned = Plan(plan, Severity.Extreme, [Mail, Device, Mobile], hasAccount: true);

        Assert.Equal([(first, Raised, 0), (second, Raised.AddMinutes(3), 1)], planned.Select(delivery => (delivery.Channel, delivery.DueAt, delivery.Step)));
    }

    public static TheoryData<ChannelKind, ChannelKind> PairsOfChannels => new(
        from first in Enum.GetValues<ChannelKind>() from second in Enum.GetValues<ChannelKind>() where first != second select (first, second));

    [Fact]
    public void Nobody_waits_for_a_channel_that_they_do_not_have() => Assert.Equal(
        [new(ChannelKind.Sms, Mobile.Id, Raised, 1), new(ChannelKind.Email, Mail.Id, Raised.AddMinutes(3), 2)],
        Plan(InOrder, Severity.Info, [Mobile, Mail]));

    [Fact]
    public void Only_the_first_contact_point_is_used_where_the_plan_says_so()
    {
        var plan = new ChannelPlan { Steps = [new() { Channels = [ChannelKind.Sms], ContactPoints = ContactPointUse.First }] };

        Assert.Equal([new(ChannelKind.Sms, Mobile.Id, Raised, 0)], Plan(plan, Severity.Info, [SecondMobile, Mobile]));
    }

    [Fact]
    public void A_persons_own_order_decides_which_channel_takes_which_place()
    {
        var preferences = new ChannelPreferences([ChannelKind.Email, ChannelKind.Sms], []);

        Assert.Equal(
            [
                new(ChannelKind.Email, Mail.Id, Raised, 0),
                new(ChannelKind.Sms, Mobile.Id, Raised, 0),
                new(ChannelKind.WebPush, Device.Id, Raised.AddMinutes(5), 2),
            ],
            Plan(InOrder, Severity.Advisory, [Mobile, Mail, Device], preferences: preferences));
    }

    [Fact]
    public void An_emergency_passes_order_declined_channels_and_quiet_hours()
    {
        var preferences = new ChannelPreferences([ChannelKind.Email], [ChannelKind.Sms]);
        var quiet = Mobile with { QuietHours = new(new(8, 0), new(20, 0), Paris) };

        Assert.Equal(
            [new(ChannelKind.Sms, Mobile.Id, Raised, 1), new(ChannelKind.Email, Mail.Id, Raised.AddMinutes(3), 2)],
            Plan(InOrder, Severity.Severe, [quiet, Mail], preferences: preferences));
    }

    [Fact]
    public void A_plan_may_pass_preferences_without_an_emergency()
    {
        var preferences = new ChannelPreferences([], [ChannelKind.Sms]);

        Assert.Equal(
            [new(ChannelKind.Sms, Mobile.Id, Raised, 1)],
            Plan(InOrder with { FollowPreferences = false }, Severity.Info, [Mobile], preferences: preferences));
    }

    [Fact]
    public void A_message_in_quiet_hours_waits_until_they_end()
    {
        var quiet = Mobile with { QuietHours = new(new(12, 30), new(15, 30), Paris) };

        Assert.Equal([new(ChannelKind.Sms, Mobile.Id, Raised.AddMinutes(90), 0)], Plan(ChannelPlan.AllAtOnce, Severity.Advisory, [quiet]));
    }

    [Theory]
    [InlineData(false, UnreachableReason.NoContactPoint)]
    [InlineData(true, UnreachableReason.NoUsableChannel)]
    public void Somebody_who_cannot_be_reached_is_said_so(bool hasLandline, UnreachableReason expected) =>
        Assert.Equal(expected, Unreachable(hasLandline ? [Landline] : [], null));

    [Fact]
    public void Somebody_who_declined_every_channel_they_have_is_said_so() =>
        Assert.Equal(UnreachableReason.Declined, Unreachable([Mobile], new ChannelPreferences([], [ChannelKind.Sms])));

    [Fact]
    public void Somebody_whose_quiet_hours_outlast_the_alert_is_said_so() =>
        Assert.Equal(UnreachableReason.QuietUntilExpiry, Unreachable([Mobile with { QuietHours = new(new(12, 0), new(23, 0), Paris) }], null));

    [Fact]
    public void Every_delivery_is_due_between_raising_and_expiry_and_no_contact_point_is_used_twice() =>
        Property.HoldsFor(Gen.Choose(0, int.MaxValue), seed =>
        {
            var random = new Random(seed);
            var points = RandomPoints(random);
            var severity = (Severity)random.Next(4);
            ChannelKind[] order = [.. Enum.GetValues<ChannelKind>().OrderBy(_ => random.Next())];
            var preferences = new ChannelPreferences(order[..random.Next(5)], order[..random.Next(3)]);
            var planned = new List<PlannedDelivery>();

            var reason = new DeliveryPlanner(InOrder, severity, Raised).Plan(points, random.Next(2) == 0, preferences, planned);

            Assert.Equal(reason is null, planned.Count > 0);
            Assert.All(planned, delivery => Assert.InRange(delivery.DueAt, Raised, (Raised + InOrder.Expiry).AddTicks(-1)));
            Assert.All(planned, delivery => Assert.True(
                delivery.ContactPoint is null || delivery.Channel.CanReach(Array.Find(points, point => point.Id == delivery.ContactPoint).Kind)));
            Assert.Distinct(planned.Select(delivery => (delivery.Channel, delivery.ContactPoint)));
        }, cases: 1_000);

    [Fact]
    public void Planning_allocates_nothing_but_room_in_the_list()
    {
        var planner = new DeliveryPlanner(InOrder, Severity.Info, Raised);
        var preferences = new ChannelPreferences([ChannelKind.Email, ChannelKind.Sms], [ChannelKind.WebPush]);
        ContactPoint[] points = [Mobile with { QuietHours = new(new(12, 30), new(15, 30), Paris) }, SecondMobile, Mail, Device];
        var planned = new List<PlannedDelivery>(16);
        planner.Plan(points, true, preferences, planned);

        Assert.Equal(0, Allocation.Of(() =>
        {
            planned.Clear();
            planner.Plan(points.AsSpan(1), true, preferences, planned);
        }));
    }

    private static List<PlannedDelivery> Plan(
        ChannelPlan plan, Severity severity, ContactPoint[] points, bool hasAccount = false, ChannelPreferences? preferences = null)
    {
        var planned = new List<PlannedDelivery>();
        Assert.Null(new DeliveryPlanner(plan, severity, Raised).Plan(points, hasAccount, preferences, planned));
        return planned;
    }

    private static UnreachableReason? Unreachable(ContactPoint[] points, ChannelPreferences? preferences)
    {
        var planned = new List<PlannedDelivery>();
        var reason = new DeliveryPlanner(ChannelPlan.AllAtOnce, Severity.Advisory, Raised).Plan(points, hasAccount: false, preferences, planned);
        Assert.Empty(planned);
        return reason;
    }

    private static ContactPoint[] RandomPoints(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(6)).Select(i => new ContactPoint(
            new(Id(i + 1)),
            (ContactPointKind)random.Next(5),
            random.Next(3),
            random.Next(3) == 0 ? new QuietHours(new(random.Next(24), 0), new(random.Next(24), 30), Paris) : null)),
    ];

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
}
