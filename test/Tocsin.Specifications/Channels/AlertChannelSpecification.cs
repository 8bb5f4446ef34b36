using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Testing;

namespace Tocsin.Specifications.Channels;

/// <summary>What the dispatcher relies on in every channel. An implementation's test class inherits it and says how to start the channel and its carrier.</summary>
/// <remarks>
/// The channel takes its time from <see cref="ChannelSurroundings.Time"/>, which stands still until the specification moves it: a send times out only because
/// the specification let its time pass. Sockets and processes are real; what they bring about is awaited.
/// </remarks>
public abstract class AlertChannelSpecification : IAsyncLifetime
{
    private const int InFlight = 8;
    private const string Title = "Incendie au bloc B";
    private const string Body = "Quittez le bloc par la sortie nord.";

    private ChannelUnderTest? subject;

    protected RecordingInbox Inbox { get; } = new();

    protected RecordedLog Log { get; } = new();

    protected ManualTimeProvider Time { get; } = new();

    protected IAlertChannel Channel => subject!.Channel;

    protected IScriptableCarrier Carrier => subject!.Carrier;

    /// <summary>Which kind the channel says it is.</summary>
    protected abstract ChannelKind Kind { get; }

    /// <summary>After this long without an answer a send counts as unknown: the channel's setting, plus a little.</summary>
    protected abstract TimeSpan BeyondResponseTimeout { get; }

    /// <summary>An address that the channel can see to be wrong without asking its carrier.</summary>
    protected virtual string InvalidAddress => "not an address";

    /// <summary>Starts a carrier, and a channel that is ready, or that connects by itself within moments.</summary>
    protected abstract Task<ChannelUnderTest> StartAsync(ChannelSurroundings surroundings);

    /// <summary>The n-th of as many distinct valid addresses as a test asks for (up to 1,000), as <see cref="IScriptableCarrier.ReceivedAsync"/> will name it.</summary>
    protected abstract string Address(int n);

    public async ValueTask InitializeAsync()
    {
        subject = await StartAsync(new ChannelSurroundings(Inbox, Log, Time, TestSeed.Next(), InFlight));
        await Time.AdvanceUntilAsync(() => Channel.Health.State == ChannelHealthState.Ready, what: "the channel is ready");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (subject is null)
            return;
        await CloseAsync();
        await Carrier.DisposeAsync();
    }

    [Fact]
    public async Task Accepted_message_is_with_the_carrier_and_carries_the_carriers_id()
    {
        var accepted = Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(Message(1)));

        Assert.Equal(Kind, Channel.Kind);
        Assert.Equal([Address(1)], await Carrier.ReceivedAsync());
        Assert.Contains(Title, (await Carrier.TextsAsync()).Single(), StringComparison.Ordinal);
        Assert.NotEmpty(accepted.ProviderId);
        Assert.Equal(Has(CarrierTraits.GivesIds), accepted.ProviderMessageId is not null);
        Assert.InRange(accepted.ProviderMessageId?.Length ?? 1, 1, 128);
    }

    [Fact]
    public async Task Two_messages_are_never_confused()
    {
        var outcomes = await SendAllAsync(Enumerable.Range(1, 20).Select(n => Message(n)));

        Assert.All(outcomes, outcome => Assert.IsType<DeliveryOutcome.Accepted>(outcome));
        Assert.Equal(Addresses(1, 20), (await Carrier.ReceivedAsync()).Order(StringComparer.Ordinal));
        if (Has(CarrierTraits.GivesIds))
            Assert.Equal(20, outcomes.Select(outcome => ((DeliveryOutcome.Accepted)outcome).ProviderMessageId).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Exercise_is_marked_in_the_first_characters()
    {
        await SendAsync(Message(1) with { Mode = AlertMode.Exercise });

        Assert.StartsWith(ExerciseMark.In(ContentLanguage.Fr), (await Carrier.TextsAsync()).Single().TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_message_is_rejected_with_the_carriers_code_and_the_next_one_goes()
    {
        await Carrier.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.Refuse);

        var rejected = Assert.IsType<DeliveryOutcome.Rejected>(await SendAsync(Message(1)));
        Assert.NotEmpty(rejected.Reason.CarrierCode ?? "");

        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(Message(2)));
    }

    [Fact]
    public async Task Throttled_message_is_to_be_tried_again_and_then_goes()
    {
        await Carrier.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.Throttle);

        var throttled = Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(Message(1)));
        Assert.Equal(FailureCodes.CarrierThrottled, throttled.Reason.Code);
        Assert.True(throttled.After is null || throttled.After > TimeSpan.Zero);

        await SendUntilAcceptedAsync(Message(1) with { Attempt = 2 });
    }

    [Fact]
    public async Task Unanswered_message_has_an_unknown_outcome_once_its_time_has_passed()
    {
        await Carrier.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.StaySilent);
        var sending = Channel.SendAsync(Message(1), CancellationToken.None).AsTask();
        await ReceivedAsync(1);
        Assert.False(sending.IsCompleted);

        await Time.AdvanceUntilAsync(() => sending.IsCompleted, BeyondResponseTimeout, "the send times out");

        var unknown = Assert.IsType<DeliveryOutcome.OutcomeUnknown>(await sending);
        Assert.Equal(FailureCodes.CarrierTimeout, unknown.Reason.Code);
        await SendUntilAcceptedAsync(Message(1) with { Attempt = 2 });
    }

    [Fact]
    public async Task Message_under_way_when_the_connection_breaks_has_an_unknown_outcome()
    {
        await Carrier.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.HangUp);

        var unknown = Assert.IsType<DeliveryOutcome.OutcomeUnknown>(await SendAsync(Message(1)));
        Assert.Equal(FailureCodes.ConnectionLost, unknown.Reason.Code);

        await SendUntilAcceptedAsync(Message(1) with { Attempt = 2 });
    }

    [Fact]
    public async Task Breakdown_in_mid_batch_loses_nothing()
    {
        const int Messages = 60;
        await Carrier.ScriptAsync(CarrierAnswer.Accept, [.. Enumerable.Repeat(CarrierAnswer.Accept, 20), CarrierAnswer.HangUp]);

        var waiting = Enumerable.Range(1, Messages).ToList();
        for (var attempt = 1; waiting.Count > 0; attempt++)
        {
            Assert.True(attempt < 20, $"{waiting.Count} messages were still not accepted after {attempt} attempts.");
            var outcomes = await SendAllAsync(waiting.Select(n => Message(n) with { Attempt = attempt }));
            Assert.All(outcomes, outcome => Assert.IsNotType<DeliveryOutcome.Rejected>(outcome));
            waiting = [.. waiting.Where((_, i) => outcomes[i] is not DeliveryOutcome.Accepted)];
            await ReadyAsync();
        }

        var received = await Carrier.ReceivedAsync();
        Assert.Equal(Addresses(1, Messages), received.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.InRange(received.Count, Messages, Messages + InFlight);
    }

    [Fact]
    public async Task Carrier_that_is_down_makes_every_send_a_retry_and_shows_in_the_health()
    {
        await Carrier.GoDownAsync();
        if (Has(CarrierTraits.StandingConnection))
            await Eventually.HoldsAsync(() => Channel.Health.State != ChannelHealthState.Ready, "health shows that the carrier is down");

        // The first to notice may have been under way.
        await SendAsync(Message(1));
        var retry = Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(Message(2)));

        Assert.Equal(FailureCodes.CarrierUnavailable, retry.Reason.Code);
        Assert.Equal(ChannelHealthState.Down, Channel.Health.State);
        Assert.NotEmpty(Channel.Health.ReasonCode ?? "");
    }

    [Fact]
    public async Task Carrier_that_comes_back_is_used_again_without_help()
    {
        await Carrier.GoDownAsync();
        await SendAsync(Message(1));
        await Carrier.ComeBackAsync();

        await SendUntilAcceptedAsync(Message(1) with { Attempt = 2 });

        await ReadyAsync();
    }

    [Fact]
    public async Task Messages_under_way_never_exceed_the_bound_and_the_rest_wait_their_turn()
    {
        Assert.Equal(InFlight, Channel.MaximumInFlight);
        await Carrier.ScriptAsync(CarrierAnswer.StaySilent);

        var sends = Enumerable.Range(1, 3 * InFlight).Select(n => Channel.SendAsync(Message(n), CancellationToken.None).AsTask()).ToList();
        await ReceivedAsync(InFlight);
        Assert.Equal(InFlight, (await Carrier.ReceivedAsync()).Count);

        await Carrier.ScriptAsync(CarrierAnswer.Accept);
        await Carrier.BreakSilenceAsync();
        var outcomes = await Eventually.CompletesAsync(Task.WhenAll(sends));

        Assert.All(outcomes, outcome => Assert.True(outcome is DeliveryOutcome.Accepted or DeliveryOutcome.RetryAfter, outcome.GetType().Name));
        Assert.True(outcomes.Count(outcome => outcome is DeliveryOutcome.Accepted) >= InFlight);
    }

    [Fact]
    public async Task Cancelled_send_ends_at_once_and_the_channel_goes_on()
    {
        await Carrier.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.StaySilent);
        using var cancellation = new CancellationTokenSource();
        var sending = Channel.SendAsync(Message(1), cancellation.Token).AsTask();
        await ReceivedAsync(1);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.CompletesAsync(sending));
        await SendUntilAcceptedAsync(Message(2));
    }

    [Fact]
    public async Task Channel_that_is_disposed_of_resolves_what_is_under_way()
    {
        await Carrier.ScriptAsync(CarrierAnswer.StaySilent);
        var sends = Enumerable.Range(1, 2 * InFlight).Select(n => Channel.SendAsync(Message(n), CancellationToken.None).AsTask()).ToList();
        await ReceivedAsync(1);

        await CloseAsync();

        var outcomes = await Eventually.CompletesAsync(Task.WhenAll(sends));
        Assert.All(outcomes, outcome => Assert.True(outcome is DeliveryOutcome.OutcomeUnknown or DeliveryOutcome.RetryAfter, outcome.GetType().Name));
    }

    [Fact]
    public async Task Message_whose_time_has_run_out_is_not_handed_over()
    {
        var expired = Assert.IsType<DeliveryOutcome.Rejected>(await SendAsync(Message(1) with { ExpiresAt = Time.GetUtcNow() }));

        Assert.Equal(FailureCodes.Expired, expired.Reason.Code);
        Assert.Empty(await Carrier.ReceivedAsync());
    }

    [Fact]
    public async Task Address_that_cannot_be_one_is_rejected_without_asking_the_carrier()
    {
        var invalid = Assert.IsType<DeliveryOutcome.Rejected>(await SendAsync(Message(1) with { Address = InvalidAddress }));

        Assert.Equal(FailureCodes.AddressInvalid, invalid.Reason.Code);
        Assert.Empty(await Carrier.ReceivedAsync());
    }

    [Fact]
    public async Task Log_holds_neither_addresses_nor_words()
    {
        await Carrier.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.Accept, CarrierAnswer.Refuse, CarrierAnswer.Throttle, CarrierAnswer.HangUp);
        for (var n = 1; n <= 4; n++)
        {
            await SendAsync(Message(n));
            await ReadyAsync();
        }

        await SendAsync(Message(5) with { Address = InvalidAddress });
        if (Carrier is IAnsweringCarrier answering)
        {
            Inbox.FailNext(1);
            await answering.SendReplyAsync(Address(5), Body);
            await answering.SendReplyAsync(Address(5), Body);
        }

        foreach (var secret in Enumerable.Range(1, 5).Select(Address).Append(InvalidAddress).Append(Title).Append(Body))
            Assert.Empty(Log.Containing(secret.TrimStart('+')));
    }

    /// <summary>A message to the n-th address, short enough to be one unit of what the channel sends.</summary>
    protected OutboundMessage Message(int n) => new(
        new DeliveryId(n),
        Attempt: 1,
        IdempotencyKey: $"delivery-{n}",
        new AlertId(new Guid("01957a10-0000-7000-8000-000000000042")),
        AlertNumber: 42,
        Address(n),
        Organisation: "CHU",
        ContentLanguage.Fr,
        MessagePurpose.Alert,
        AlertMode.Real,
        Severity.Severe,
        Title,
        Body,
        [new OfferedAnswer("safe", "A l'abri"), new OfferedAnswer("need-help", "Aide")],
        new Uri($"https://t.example/a/{n}"),
        RaisedAt: Time.GetUtcNow(),
        ExpiresAt: Time.GetUtcNow().AddHours(12));

    /// <summary>Sends and awaits the outcome; whatever it is, it is well formed.</summary>
    protected async Task<DeliveryOutcome> SendAsync(OutboundMessage message)
    {
        var outcome = await Eventually.CompletesAsync(Channel.SendAsync(message, CancellationToken.None).AsTask());
        AssertWellFormed(outcome);
        return outcome;
    }

    /// <summary>Tries again as the dispatcher would, letting time pass, until the carrier has taken it.</summary>
    protected async Task<DeliveryOutcome.Accepted> SendUntilAcceptedAsync(OutboundMessage message)
    {
        for (var tries = 0; tries < 50; tries++)
        {
            switch (await SendAsync(message))
            {
                case DeliveryOutcome.Accepted accepted:
                    return accepted;
                case DeliveryOutcome.RetryAfter retry:
                    Time.Advance(retry.After ?? TimeSpan.FromSeconds(5));
                    await ReadyAsync();
                    break;
                case DeliveryOutcome.OutcomeUnknown:
                    await ReadyAsync();
                    break;
                case DeliveryOutcome.Rejected rejected:
                    Assert.Fail($"Rejected: {rejected.Reason.Code}");
                    break;
            }
        }

        throw new TimeoutException("The channel did not recover after 50 attempts.");
    }

    private protected async Task<DeliveryOutcome.Accepted> AcceptedAsync(int n) => Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(Message(n)));

    private async Task<DeliveryOutcome[]> SendAllAsync(IEnumerable<OutboundMessage> messages)
    {
        var outcomes = await Eventually.CompletesAsync(Task.WhenAll(messages.Select(message => Channel.SendAsync(message, CancellationToken.None).AsTask()).ToList()));
        Assert.All(outcomes, AssertWellFormed);
        return outcomes;
    }

    /// <summary>Lets time pass until the channel could send: a channel without standing connections may need a send to find out, so Degraded is enough there.</summary>
    private Task ReadyAsync() => Time.AdvanceUntilAsync(
        () => Channel.Health.State == ChannelHealthState.Ready || !Has(CarrierTraits.StandingConnection),
        step: TimeSpan.FromMilliseconds(20),
        what: "the channel is ready again");

    private async Task CloseAsync()
    {
        var closing = Channel.DisposeAsync().AsTask();
        await Time.AdvanceUntilAsync(() => closing.IsCompleted, BeyondResponseTimeout, "the channel closes");
        await closing;
    }

    private Task ReceivedAsync(int count) => Eventually.HoldsAsync(async () => (await Carrier.ReceivedAsync()).Count >= count, $"the carrier has {count} messages");

    private string[] Addresses(int from, int to) => [.. Enumerable.Range(from, to - from + 1).Select(Address).Order(StringComparer.Ordinal)];

    private bool Has(CarrierTraits traits) => Carrier.Traits.HasFlag(traits);

    private static void AssertWellFormed(DeliveryOutcome outcome)
    {
        var reason = outcome switch
        {
            DeliveryOutcome.RetryAfter retry => retry.Reason,
            DeliveryOutcome.Rejected rejected => rejected.Reason,
            DeliveryOutcome.OutcomeUnknown unknown => unknown.Reason,
            _ => (FailureReason?)null,
        };
        if (reason is not { } given)
            return;
        Assert.Matches("^[a-z-]{1,40}$", given.Code);
        Assert.True(given.CarrierCode is null || (given.CarrierCode.Length is >= 1 and <= 32 && given.CarrierCode.All(c => c is >= ' ' and <= '~')), given.CarrierCode);
        Assert.DoesNotContain("@", given.CarrierCode ?? "", StringComparison.Ordinal);
    }
}
