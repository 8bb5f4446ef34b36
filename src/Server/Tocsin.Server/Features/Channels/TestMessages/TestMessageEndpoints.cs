using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Notices;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Channels.TestMessages;

/// <summary>An administrator tries a channel by a message to themselves; what became of it is kept. Decision 0157.</summary>
internal static class TestMessageEndpoints
{
    /// <summary>Who reads the page of readiness.</summary>
    public const Roles Watchers = Roles.Administrator | Roles.CrisisDirector | Roles.Auditor;

    private const string LockName = "tocsin:test-messages";
    private const int MostListed = 20;

    // A carrier bills each; and whoever looks for a fault tries some times.
    private const int PerHour = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // A relay that puts strangers off takes mail after some minutes.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var tests = endpoints.MapGroup("/api/v1/test-messages").WithTags("settings");
        tests.MapGet("", ListAsync).RequireRole(Watchers).WithName("listTestMessages");
        tests.MapPost("", SendAsync).RequireRole(Roles.Administrator).WithIdempotency().Accepts<NewTestMessage>("application/json").WithName("sendTestMessage");
    }

    /// <summary>The last of each channel; null for a channel that was never tried so.</summary>
    public static async Task<IReadOnlyDictionary<ChannelKind, TestMessageView>> LatestAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        var all = db.Set<TestMessage>().AsNoTracking();
        var latest = await all.Where(m => !all.Any(later => later.Channel == m.Channel && later.Id > m.Id)).ToListAsync(cancellationToken);
        return latest.ToDictionary(message => message.Channel, TestMessageView.Of);
    }

    private static async Task<Ok<TestMessageList>> ListAsync(IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var latest = await db.Set<TestMessage>().AsNoTracking().OrderByDescending(m => m.Id).Take(MostListed).ToListAsync(cancellationToken);
        return TypedResults.Ok(new TestMessageList([.. latest.Select(TestMessageView.Of)]));
    }

    /// <summary>On its way when this answers: durable, whatever breaks from then on.</summary>
    private static async Task<Results<Accepted<TestMessageView>, ProblemHttpResult>> SendAsync(
        RuleBody<NewTestMessage> body, HttpContext context, AlertChannels channels, CommandStore store, TestMessageWakeUp wakeUp, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var channel = body.Value.Channel;
        if (channel == ChannelKind.InApp) return TestMessageRefusals.Needless.ToProblem();
        if (channels[channel].Health.State == ChannelHealthState.NotConfigured) return TestMessageRefusals.NoChannel.ToProblem();
        if (context.Actor() is not { Person: { } person } actor) return TestMessageRefusals.NoAddress.ToProblem();
        var wait = TimeSpan.Zero;
        var message = await store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                if (await OwnAsync(db, person, channel, token) is not { } point) return null;

                // Those who ask at once are counted one after another.
                if (db.Kind == DatabaseKind.PostgreSql) await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({LockName}, 0))", token);
                wait = await WaitAsync(db, channel, transaction.Now, token);
                if (wait > TimeSpan.Zero) return null;
                var message = await NewAsync(db, actor.Name, point, channel, transaction.Now, token);
                db.Add(message);
                await db.SaveChangesAsync(token);
                transaction.Record(new AuditDraft(actor.ForAudit, "test-message.asked", $"test-message:{message.Id}", new { Channel = channel }));
                TestMessageEvents.Announce(transaction, message);
                transaction.AfterCommit(wakeUp.WakeUp.Pulse);
                return message;
            },
            cancellationToken);
        if (message is not null) return TypedResults.Accepted((string?)null, TestMessageView.Of(message));
        if (wait <= TimeSpan.Zero) return TestMessageRefusals.NoAddress.ToProblem();
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return TestMessageRefusals.TooMany.ToProblem();
    }

    /// <summary>The first of their own that the channel carries to, in their own order; of devices the one that came last.</summary>
    private static async Task<StoredContactPoint?> OwnAsync(TocsinDbContext db, PersonId person, ChannelKind channel, CancellationToken cancellationToken)
    {
        ContactPointKind? kind = channel switch
        {
            ChannelKind.Sms => ContactPointKind.Mobile,
            ChannelKind.Email => ContactPointKind.Email,
            ChannelKind.WebPush => ContactPointKind.App,
            _ => null,
        };
        return await db.Set<StoredContactPoint>().AsNoTracking().Where(c => c.PersonId == person && c.Kind == kind && c.Enabled)
            .OrderBy(c => c.Rank).ThenByDescending(c => c.CreatedAt).FirstOrDefaultAsync(cancellationToken);
    }

    private static async Task<TestMessage> NewAsync(
        TocsinDbContext db, string by, StoredContactPoint point, ChannelKind channel, DateTimeOffset now, CancellationToken cancellationToken) => new()
        {
            PersonId = point.PersonId,
            AskedByName = by,
            AskedAt = now,
            Channel = channel,
            Address = channel == ChannelKind.WebPush ? point.ChannelData ?? "" : point.Address,
            MaskedAddress = MaskedAddress.Of(channel, point.Address),
            Language = await db.Set<Person>().Where(p => p.Id == point.PersonId).Select(p => p.Language).FirstAsync(cancellationToken) ?? await DefaultLanguage.ReadAsync(db, cancellationToken),
            DueAt = now,
            ExpiresAt = now + Lifetime,
        };

    /// <summary>Zero where one may be sent over this channel now; else how long until then.</summary>
    private static async Task<TimeSpan> WaitAsync(TocsinDbContext db, ChannelKind channel, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var from = now - Window;
        var recent = await db.Set<TestMessage>().AsNoTracking().Where(m => m.AskedAt > from).OrderByDescending(m => m.AskedAt)
            .Select(m => new { m.Channel, m.AskedAt }).Take(PerHour).ToListAsync(cancellationToken);
        var until = now;
        if (recent.Find(m => m.Channel == channel) is { } last && last.AskedAt + Pause > until) until = last.AskedAt + Pause;
        if (recent.Count == PerHour && recent[^1].AskedAt + Window > until) until = recent[^1].AskedAt + Window;
        return until - now;
    }
}
