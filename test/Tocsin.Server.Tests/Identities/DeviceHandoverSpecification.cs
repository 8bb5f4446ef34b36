using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Features.Accounts;
using Tocsin.Server.Features.Retention;
using Tocsin.Server.Tests.People;
using Tocsin.Storage;
using Tocsin.Storage.Identities;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Identities;

/// <summary>The mailbox by which one device adds another, on both databases. What is in the messages is for the devices (web/test/e2ee/identities/device-handover.test.ts).</summary>
public abstract class DeviceHandoverSpecification : IAsyncLifetime
{
    private const string Commitment = "000102030405060708090a0b0c0d0e0f";
    private const string Handover = $"/api/v1/me/device-handovers/{Commitment}";

    private static readonly string Introduction = Message(121, 1);
    private static readonly string Opening = Message(1265, 2);
    private static readonly string Sealed = Message(1200, 3);

    private ServerUnderTest server = null!;
    private AccountHolder account = null!;

    /// <summary>Two devices of one person, as the server sees them: two sessions.</summary>
    private HttpClient newcomer = null!;
    private HttpClient giver = null!;

    protected ManualTimeProvider Clock { get; } = new();

    public async ValueTask InitializeAsync()
    {
        server = await StartAsync();
        account = await server.CreateAccountAsync(Roles.Staff);
        (newcomer, giver) = (await server.SignInAsync(account), await server.SignInAsync(account));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ServerUnderTest> StartAsync();

    [Fact]
    public async Task Three_messages_go_from_one_device_to_the_other_and_both_are_told_of_each()
    {
        await OpenAsync();
        await WriteAsync(giver, "introduction", Introduction);
        await WriteAsync(newcomer, "opening", Opening);
        await WriteAsync(giver, "sealed", Sealed);
        var read = await newcomer.GetOkAsync(Handover);
        Assert.Equal((Introduction, Opening, Sealed), ((string?)read["introduction"], (string?)read["opening"], (string?)read["sealed"]));
        var events = await EventsAsync();
        Assert.Equal(3, events.Count);
        Assert.All(events, e => Assert.Equal((Roles.None, (Guid?)account.Account.PersonId.Value, Commitment), (e.VisibleTo, e.VisibleToPerson, (string?)JsonNode.Parse(e.Data)!["commitment"])));
    }

    [Fact]
    public async Task The_same_message_again_is_answered_and_another_in_its_place_is_not_taken()
    {
        await OpenAsync();
        await OpenAsync();
        await WriteAsync(giver, "introduction", Introduction);
        await WriteAsync(giver, "introduction", Introduction);
        await MustRefuseAsync(giver, "introduction", Message(121, 9), 409, "handover-out-of-order");
        Assert.Equal(Introduction, (string?)(await newcomer.GetOkAsync(Handover))["introduction"]);
        Assert.Single(await EventsAsync());
    }

    [Fact]
    public async Task No_message_comes_before_the_one_that_it_answers()
    {
        await OpenAsync();
        await MustRefuseAsync(newcomer, "opening", Opening, 409, "handover-out-of-order");
        await WriteAsync(giver, "introduction", Introduction);
        await MustRefuseAsync(giver, "sealed", Sealed, 409, "handover-out-of-order");
    }

    [Fact]
    public async Task What_has_not_the_length_of_its_message_is_refused()
    {
        await OpenAsync();
        await MustRefuseAsync(giver, "introduction", Message(120, 1), 400, "malformed-handover");
        await MustRefuseAsync(giver, "introduction", Message(100_000, 1), 400, "malformed-handover");
        await MustRefuseAsync(giver, "something", Introduction, 404, "not-found");
        foreach (var name in (string[])["00", new string('z', 32), new string('0', 34)])
            (await newcomer.AskAsync(HttpMethod.Put, $"/api/v1/me/device-handovers/{name}")).MustBeRefused(400, "malformed-handover");
    }

    [Fact]
    public async Task Nobody_else_finds_reads_answers_or_ends_it()
    {
        await OpenAsync();
        var stranger = await server.AsAsync(Roles.Administrator);
        (await stranger.AskAsync(HttpMethod.Get, Handover)).MustBeRefused(404, "not-found");
        await MustRefuseAsync(stranger, "introduction", Introduction, 404, "not-found");
        (await stranger.AskAsync(HttpMethod.Delete, Handover)).MustBe(204);
        await WriteAsync(giver, "introduction", Introduction);
    }

    [Fact]
    public async Task It_is_over_after_ten_minutes_and_nothing_of_it_stays()
    {
        await OpenAsync();
        await WriteAsync(giver, "introduction", Introduction);
        Clock.Sleep(TimeSpan.FromMinutes(10));
        (await newcomer.AskAsync(HttpMethod.Get, Handover)).MustBeRefused(410, "handover-expired");
        await MustRefuseAsync(newcomer, "opening", Opening, 410, "handover-expired");
        Clock.Sleep(TimeSpan.FromSeconds(1));
        await server.Services.GetRequiredService<Purge>().RunAsync(TestContext.Current.CancellationToken);
        await using var db = await DatabaseAsync();
        Assert.Empty(await db.Set<DeviceHandover>().ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Once_it_is_ended_nothing_is_read_or_written_and_what_was_sealed_is_gone()
    {
        await OpenAsync();
        await WriteAsync(giver, "introduction", Introduction);
        await WriteAsync(newcomer, "opening", Opening);
        await WriteAsync(giver, "sealed", Sealed);
        (await newcomer.AskAsync(HttpMethod.Delete, Handover)).MustBe(204);
        (await newcomer.AskAsync(HttpMethod.Delete, Handover)).MustBe(204);
        (await giver.AskAsync(HttpMethod.Get, Handover)).MustBeRefused(410, "handover-ended");
        await MustRefuseAsync(giver, "sealed", Sealed, 410, "handover-ended");
        (await newcomer.AskAsync(HttpMethod.Put, Handover)).MustBeRefused(410, "handover-ended");
        await using var db = await DatabaseAsync();
        var kept = Assert.Single(await db.Set<DeviceHandover>().ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal((null, null, null), (kept.Introduction, kept.Opening, kept.Sealed));
    }

    [Fact]
    public async Task Ten_at_once_are_enough_and_room_comes_back_with_time()
    {
        for (var i = 0; i < 10; i++) (await newcomer.AskAsync(HttpMethod.Put, $"/api/v1/me/device-handovers/{i:x32}")).MustBe(200);
        (await newcomer.AskAsync(HttpMethod.Put, Handover)).MustBeRefused(429, "too-many-handovers");
        (await (await server.AsAsync(Roles.Auditor)).AskAsync(HttpMethod.Put, Handover)).MustBe(200);
        Clock.Sleep(TimeSpan.FromMinutes(10.1));
        await OpenAsync();
    }

    [Fact]
    public async Task Those_who_open_the_same_at_once_all_have_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? newcomer : giver).AskAsync(HttpMethod.Put, Handover)));
        Assert.Single(answers.Select(answer => (string?)answer.MustBe(200).Body!["expiresAt"]).Distinct());
    }

    [Fact]
    public async Task Ten_at_once_are_not_exceeded_by_those_who_open_others_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => newcomer.AskAsync(HttpMethod.Put, $"/api/v1/me/device-handovers/{i:x32}")));
        Assert.Equal(10, answers.Count(answer => answer.Status == 200));
        Assert.All(answers.Where(answer => answer.Status != 200), refused => refused.MustBeRefused(429, "too-many-handovers"));
    }

    [Fact]
    public async Task That_an_identity_was_handed_over_is_in_the_audit_trail()
    {
        await OpenAsync();
        await WriteAsync(giver, "introduction", Introduction);
        await WriteAsync(newcomer, "opening", Opening);
        await WriteAsync(giver, "sealed", Sealed);
        await using var db = await DatabaseAsync();
        var record = await db.Set<AuditRecord>().SingleAsync(a => a.Action == "identity.handed-over", TestContext.Current.CancellationToken);
        Assert.Equal($"person:{account.Account.PersonId}", record.Subject);
    }

    private static string Message(int length, byte content) => Convert.ToBase64String([.. Enumerable.Repeat(content, length)]);

    private async Task OpenAsync() =>
        Assert.Equal(Clock.GetUtcNow().AddMinutes(10), (DateTimeOffset)(await newcomer.AskAsync(HttpMethod.Put, Handover)).MustBe(200).Body!["expiresAt"]!, TimeSpan.FromSeconds(1));

    private static async Task WriteAsync(HttpClient client, string message, string bytes) =>
        (await client.AskAsync(HttpMethod.Put, $"{Handover}/{message}", new { bytes })).MustBe(204);

    private static async Task MustRefuseAsync(HttpClient client, string message, string bytes, int status, string code) =>
        (await client.AskAsync(HttpMethod.Put, $"{Handover}/{message}", new { bytes })).MustBeRefused(status, code);

    private async Task<IReadOnlyList<EventRecord>> EventsAsync()
    {
        await using var db = await DatabaseAsync();
        return await db.Set<EventRecord>().Where(e => e.Kind == "device-handover.changed").ToListAsync(TestContext.Current.CancellationToken);
    }

    private Task<TocsinDbContext> DatabaseAsync() =>
        server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
}

public sealed class Device_handovers_on_Sqlite : DeviceHandoverSpecification
{
    protected override Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(time: Clock);
}

public sealed class Device_handovers_on_PostgreSql : DeviceHandoverSpecification
{
    protected override async Task<ServerUnderTest> StartAsync() => await ServerUnderTest.StartAsync(await ServerUnderTest.NewPostgresDatabaseAsync(), Clock);
}
