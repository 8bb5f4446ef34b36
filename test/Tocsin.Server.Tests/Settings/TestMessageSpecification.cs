using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Channels.TestMessages;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Server.Tests.People;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Notices;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Settings;

/// <summary>An administrator tries a channel by a message to themselves, on both databases: what became of it is kept, and readiness says so.</summary>
public abstract class TestMessageSpecification(string? database) : IAsyncLifetime
{
    private const string Tests = "/api/v1/test-messages";
    private const string Mobile = "+33611223344";

    private readonly StandInChannel email = new(ChannelKind.Email);
    private readonly StandInChannel sms = new(ChannelKind.Sms);
    private readonly ManualTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly RecordedLog log = new();
    private readonly ScriptedPush push = new();
    private ServerUnderTest server = null!;
    private HttpClient administrator = null!;
    private PersonId person;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync(
            database is null ? null : await ServerUnderTest.NewPostgresDatabaseAsync(),
            time,
            services =>
            {
                services.AddAlertChannel(_ => email);
                services.AddAlertChannel(_ => sms);
                services.AddAlertChannel(_ => push);
                services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(log));
            });
        var account = await server.CreateAccountAsync(Roles.Administrator);
        (person, administrator) = (account.Account.PersonId, await server.SignInAsync(account));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        log.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_marked_message_goes_to_whoever_asks_and_a_receipt_says_that_it_arrived()
    {
        await AddAsync("mobile", Mobile);
        var asked = (await AskAsync("sms")).MustBe(202);
        Assert.Equal(("sms", "•••• 44"), (asked.Text("channel"), asked.Text("to")));
        Assert.Equal("accepted", (string?)(await SettledAsync())["standing"]);
        var sent = Assert.Single(sms.Sent);
        Assert.Equal((Mobile, MessagePurpose.Test, true), (sent.Address, sent.Purpose, sent.AnswerLink is null));

        await ReceiptAsync(sent, ReceiptState.Delivered);
        await ReceiptAsync(sent, ReceiptState.Failed);
        var view = await LastAsync();
        Assert.Equal(("delivered", null), ((string?)view["standing"], (string?)view["failure"]));
        Assert.NotNull(view["endedAt"]);

        // Readiness says so to those who read it, beside the last exercise that used the channel.
        var director = await server.AsAsync(Roles.CrisisDirector);
        var channels = (await director.GetOkAsync("/api/v1/readiness"))["channels"].AsArray();
        Assert.Equal("delivered", (string?)channels.Single(one => (string?)one!["channel"] == "sms")!["lastMessage"]!["standing"]);
        Assert.All(channels.Where(one => (string?)one!["channel"] != "sms"), one => Assert.Null(one!["lastMessage"]));

        // The address is kept until it is sent, and never logged or written into the audit trail.
        await using var db = await OpenAsync();
        Assert.Equal("", (await db.Set<TestMessage>().SingleAsync(Cancellation)).Address);
        Assert.Empty(log.Containing(Mobile[1..]));
        var audited = await db.Set<AuditRecord>().Where(record => record.Action.StartsWith("test-message.")).OrderBy(record => record.Seq).ToListAsync(Cancellation);
        Assert.Equal(["test-message.asked", "test-message.accepted"], audited.Select(record => record.Action));
        Assert.DoesNotContain(Mobile[^4..], JsonSerializer.Serialize(audited.Select(record => record.Detail)), StringComparison.Ordinal);
        Assert.Empty(await db.Set<Storage.Alerts.UnmatchedReceipt>().ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_receipt_that_comes_before_the_carriers_answer_is_kept_is_not_lost()
    {
        await AddAsync("mobile", Mobile);
        var name = $"Sms-{TestMessageReceipts.DeliveryOf(1)}-1";
        await server.Services.GetRequiredService<IChannelInbox>().TakeReceiptAsync(
            new DeliveryReceipt(ChannelKind.Sms, "stand-in", name, null, ReceiptState.Delivered, null, time.GetUtcNow()), Cancellation);
        (await AskAsync("sms")).MustBe(202);
        await Eventually.HoldsAsync(async () => (string?)(await LastAsync())["standing"] == "delivered", "the early receipt is applied");
    }

    [Fact]
    public async Task What_fails_says_why_within_seconds_and_not_that_it_was_tried_too_often()
    {
        await AddAsync("email", "claire@hopital.example");
        email.IsAway = true;
        (await AskAsync("email")).MustBe(202);
        await Eventually.HoldsAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return (string?)(await LastAsync())["standing"] == "failed";
            },
            "it is given up");
        var view = await LastAsync();
        Assert.Equal(("carrier-unavailable", "c••••@hopital.example", 4), ((string?)view["failure"], (string?)view["to"], email.TriedWhileAway));

        (email.IsAway, email.Refused) = (false, "claire@hopital.example");
        time.Advance(TimeSpan.FromMinutes(1));
        (await AskAsync("email")).MustBe(202);
        Assert.Equal("address-unknown", (string?)(await SettledAsync())["failure"]);

        // A mail that is sent back later has failed, too.
        email.Refused = null;
        time.Advance(TimeSpan.FromMinutes(1));
        (await AskAsync("email")).MustBe(202);
        Assert.Equal("accepted", (string?)(await SettledAsync())["standing"]);
        await server.Services.GetRequiredService<IChannelInbox>().TakeReceiptAsync(
            new DeliveryReceipt(ChannelKind.Email, "stand-in", null, Assert.Single(email.Sent).DeliveryId, ReceiptState.Failed, new FailureReason(FailureCodes.Undeliverable, "550 5.2.2"), time.GetUtcNow()), Cancellation);
        Assert.Equal(("failed", "undeliverable"), ((string?)(await LastAsync())["standing"], (string?)(await LastAsync())["failure"]));
        Assert.Empty(log.Containing("claire@"));
    }

    [Fact]
    public async Task A_device_whose_subscription_is_gone_is_removed()
    {
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(new StoredContactPoint
                {
                    Id = new ContactPointId(Guid.CreateVersion7()),
                    PersonId = person,
                    Kind = ContactPointKind.App,
                    Address = "https://push.example/one",
                    ChannelData = "one",
                    CreatedAt = transaction.Now,
                    ChangedAt = transaction.Now,
                });
                return Task.CompletedTask;
            },
            Cancellation);
        (await AskAsync("web-push")).MustBe(202);
        var view = await SettledAsync();
        Assert.Equal(("failed", "subscription-gone", ""), ((string?)view["standing"], (string?)view["failure"], (string?)view["to"]));
        await using var db = await OpenAsync();
        Assert.False(await db.Set<StoredContactPoint>().AnyAsync(point => point.Kind == ContactPointKind.App, Cancellation));
        (await AskAsync("web-push")).MustBeRefused(409, "test-message-no-address");
    }

    [Fact]
    public async Task What_can_not_be_tried_is_refused_and_nobody_else_may_ask()
    {
        (await AskAsync("in-app")).MustBeRefused(409, "test-message-needless");
        (await AskAsync("sms")).MustBeRefused(409, "test-message-no-address");
        (await AskAsync("pigeon")).MustBeRefused(400, "invalid-input");
        await AddAsync("mobile", Mobile);
        (await (await server.AsAsync(Roles.CrisisDirector)).AskAsync(HttpMethod.Post, Tests, new { channel = "sms" })).MustBeRefused(403, "not-allowed");
        (await (await server.AsAsync(Roles.Staff)).AskAsync(HttpMethod.Get, Tests)).MustBeRefused(403, "not-allowed");

        // One at a time, and twenty an hour in all.
        Assert.Equal([202, 429, 429, 429], (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync("sms")))).Select(answer => answer.Status).Order());
        for (var asked = 1; asked < 20; asked++)
        {
            time.Advance(TimeSpan.FromSeconds(31));
            (await AskAsync("sms")).MustBe(202);
        }

        time.Advance(TimeSpan.FromSeconds(31));
        (await AskAsync("sms")).MustBeRefused(429, "test-message-too-many");
        time.Advance(TimeSpan.FromHours(1));
        (await AskAsync("sms")).MustBe(202);
        Assert.Equal(20, (await administrator.GetOkAsync(Tests)).Items.Count);
    }

    private Task<JsonAnswer> AskAsync(string channel) => administrator.AskAsync(HttpMethod.Post, Tests, new { channel });

    private async Task<JsonNode> LastAsync() => (await administrator.GetOkAsync(Tests)).Items[0]!;

    private async Task<JsonNode> SettledAsync()
    {
        await Eventually.HoldsAsync(async () => (string?)(await LastAsync())["standing"] != "waiting", "it is settled");
        return await LastAsync();
    }

    private ValueTask ReceiptAsync(OutboundMessage sent, ReceiptState state) => server.Services.GetRequiredService<IChannelInbox>().TakeReceiptAsync(
        new DeliveryReceipt(ChannelKind.Sms, "stand-in", $"Sms-{sent.DeliveryId}-{sent.Attempt}", null, state, null, time.GetUtcNow()), Cancellation);

    private async Task AddAsync(string kind, string address) => (await administrator.AskAsync(HttpMethod.Post, "/api/v1/me/contact-points", new { kind, address })).MustBe(201);

    private Task<TocsinDbContext> OpenAsync() => server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);

    /// <summary>A push service that knows no subscription any more.</summary>
    private sealed class ScriptedPush : IAlertChannel
    {
        public ChannelKind Kind => ChannelKind.WebPush;

        public int MaximumInFlight => 8;

        public ChannelHealth Health { get; } = new(ChannelHealthState.Ready, null);

        public ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken) =>
            ValueTask.FromResult<DeliveryOutcome>(new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.SubscriptionGone, "410")));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

public sealed class TestMessages_on_Sqlite() : TestMessageSpecification(null);

public sealed class TestMessages_on_PostgreSql() : TestMessageSpecification("postgres");
