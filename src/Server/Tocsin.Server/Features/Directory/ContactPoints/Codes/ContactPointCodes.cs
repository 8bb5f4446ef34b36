using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Directory.People;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;
using Tocsin.Storage.Secrets;

namespace Tocsin.Server.Features.Directory.ContactPoints.Codes;

/// <summary>Shows that a mobile or a mailbox reaches its owner: a code is sent there, and the owner types it.</summary>
internal sealed class ContactPointCodes(CommandStore store, IDbContextFactory<TocsinDbContext> contexts, SharedSecrets secrets, AlertChannels channels, TimeProvider time)
{
    private const string SecretName = "contact-point-codes";
    private const string LockName = "tocsin:contact-point-codes";

    /// <summary>Pulses when there is a code to send.</summary>
    public WakeUp Asked { get; } = new();

    public Task<byte[]> KeyAsync(CancellationToken cancellationToken) => secrets.GetOrCreateAsync(SecretName, VerificationCode.KeyLength, cancellationToken);

    /// <summary>Which channel carries a code to such a contact point; null where none does.</summary>
    public static ChannelKind? ChannelOf(ContactPointKind kind) => kind switch
    {
        ContactPointKind.Mobile => ChannelKind.Sms,
        ContactPointKind.Email => ChannelKind.Email,
        _ => null,
    };

    /// <summary>A new code is on its way when this returns without a refusal: durable, whatever breaks from then on. The one before it is worth nothing any more.</summary>
    public Task<CodeAnswer> AskAsync(PersonId person, ContactPointId id, Actor actor, CancellationToken cancellationToken) => store.CommitAsync<CodeAnswer>(
        async (transaction, token) =>
        {
            var db = transaction.Db;
            var now = transaction.Now;
            if (await FindAsync(db, person, id, token) is not { } point) return CommonRefusals.NotFound;
            if (ChannelOf(point.Kind) is not { } channel) return ContactCodeRefusals.NotPossible;
            if (channels[channel].Health.State == ChannelHealthState.NotConfigured) return ContactCodeRefusals.NoChannel;

            // Those who ask at once are counted one after another.
            if (db.Kind == DatabaseKind.PostgreSql) await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({LockName}, 0))", token);
            if (await WaitAsync(db, person, point.Address, now, token) is var wait && wait > TimeSpan.Zero) return new CodeAnswer(null, ContactCodeRefusals.TooMany, wait);
            await db.Set<ContactPointCode>().Where(c => c.ContactPointId == id && c.State != ContactPointCodeState.Ended)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.State, ContactPointCodeState.Ended), token);
            var code = new ContactPointCode
            {
                PersonId = person,
                ContactPointId = id,
                Channel = channel,
                Address = point.Address,
                Nonce = RandomNumberGenerator.GetBytes(VerificationCode.NonceLength),
                DueAt = now,
                CreatedAt = now,
                ExpiresAt = now + CodeLimits.Lifetime,
            };
            db.Add(code);
            transaction.Record(new AuditDraft(actor.ForAudit, "contact-point.code-asked", $"person:{person}"));
            transaction.AfterCommit(Asked.Pulse);
            return new CodeAnswer(ContactPointCodeView.Of(code, point, now), null);
        },
        cancellationToken);

    /// <summary>How far the last code of a contact point is.</summary>
    public async Task<CodeAnswer> ReadAsync(PersonId person, ContactPointId id, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, person, id, cancellationToken) is not { } point) return CommonRefusals.NotFound;
        return new CodeAnswer(ContactPointCodeView.Of(await LastAsync(db, person, id, cancellationToken), point, time.GetUtcNow()), null);
    }

    /// <summary>The contact point is verified where <paramref name="typed"/> is the code that was sent to it.</summary>
    /// <remarks>A refusal is committed too: a wrong code counts, whatever else is tried at the same moment.</remarks>
    public async Task<CommandAnswer<StoredContactPoint>> CheckAsync(PersonId person, ContactPointId id, string? typed, Actor actor, CancellationToken cancellationToken)
    {
        if (!VerificationCode.TryRead(typed, out var digits)) return FieldErrors.One("code", FieldCodes.OutOfRange);
        var key = await KeyAsync(cancellationToken);
        return await store.CommitAsync<CommandAnswer<StoredContactPoint>>(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                if (await FindAsync(db, person, id, token) is not { } point) return CommonRefusals.NotFound;
                var code = await LastAsync(db, person, id, token);
                if (ContactPointCodeView.StandingOf(code, point, transaction.Now) is not (CodeStanding.Sending or CodeStanding.Sent))
                    return code is { WrongTries: >= CodeLimits.WrongTries } ? ContactCodeRefusals.Spent : ContactCodeRefusals.Expired;

                // Counted before it is looked at, by one statement that locks the row: guesses made at once are not more than are allowed.
                var counted = await db.Set<ContactPointCode>()
                    .Where(c => c.Id == code!.Id && c.State != ContactPointCodeState.Ended && c.WrongTries < CodeLimits.WrongTries)
                    .ExecuteUpdateAsync(set => set.SetProperty(c => c.WrongTries, c => c.WrongTries + 1), token);
                if (counted == 0) return ContactCodeRefusals.Spent;
                if (!VerificationCode.Matches(key, code!, digits)) return await RefuseAsync(transaction, code!, actor, token);
                await db.Set<ContactPointCode>().Where(c => c.Id == code!.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.State, ContactPointCodeState.Ended), token);
                await VerifyAsync(transaction, point, actor, token);
                return point;
            },
            cancellationToken);
    }

    private static async Task<Refusal> RefuseAsync(CommandTransaction transaction, ContactPointCode code, Actor actor, CancellationToken cancellationToken)
    {
        var wrong = await transaction.Db.Set<ContactPointCode>().Where(c => c.Id == code.Id).Select(c => c.WrongTries).SingleAsync(cancellationToken);
        if (wrong < CodeLimits.WrongTries) return ContactCodeRefusals.Wrong;
        transaction.Record(new AuditDraft(actor.ForAudit, "contact-point.code-spent", $"person:{code.PersonId}"));
        return ContactCodeRefusals.Spent;
    }

    private static async Task VerifyAsync(CommandTransaction transaction, StoredContactPoint point, Actor actor, CancellationToken cancellationToken)
    {
        var owner = await transaction.Db.Set<Person>().FirstAsync(p => p.Id == point.PersonId, cancellationToken);
        owner.ChangedAt = transaction.Now;
        point.VerifiedAt = transaction.Now;
        PersonEvents.Announce(transaction, point.PersonId, PersonChange.ContactPointsChanged);
        transaction.Record(new AuditDraft(actor.ForAudit, "contact-point.verified", $"person:{point.PersonId}"));
    }

    private static async Task<TimeSpan> WaitAsync(TocsinDbContext db, PersonId person, string address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var from = now - CodeLimits.Window;
        var earlier = await db.Set<ContactPointCode>().Where(c => (c.PersonId == person || c.Address == address) && c.CreatedAt > from)
            .Select(c => new EarlierCode(c.PersonId, c.Address, c.CreatedAt)).ToListAsync(cancellationToken);
        return CodeLimits.WaitAt(now, person, address, earlier);
    }

    private static Task<StoredContactPoint?> FindAsync(TocsinDbContext db, PersonId person, ContactPointId id, CancellationToken cancellationToken) =>
        db.Set<StoredContactPoint>().FirstOrDefaultAsync(p => p.Id == id && p.PersonId == person, cancellationToken);

    private static Task<ContactPointCode?> LastAsync(TocsinDbContext db, PersonId person, ContactPointId id, CancellationToken cancellationToken) =>
        db.Set<ContactPointCode>().AsNoTracking().Where(c => c.PersonId == person && c.ContactPointId == id).OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancellationToken);
}

/// <summary>Either <see cref="View"/>, or why not and how long until it may be asked again.</summary>
internal sealed record CodeAnswer(ContactPointCodeView? View, Refusal? Refusal, TimeSpan? RetryAfter = null)
{
    public static implicit operator CodeAnswer(Refusal refusal) => new(null, refusal);
}

/// <summary>What can be refused about codes.</summary>
internal static class ContactCodeRefusals
{
    public static readonly Refusal NotPossible = new("contact-code-not-possible", 409, "A code can be sent to a mobile or a mailbox only: have this contact point confirmed by an administrator.");
    public static readonly Refusal NoChannel = new("contact-code-no-channel", 409, "Nothing can be sent this way yet: have this contact point confirmed by an administrator.");
    public static readonly Refusal TooMany = new("contact-code-too-many", 429, "Codes were asked for too often: wait a moment.");
    public static readonly Refusal Wrong = new("contact-code-wrong", 400, "This is not the code that was sent.");
    public static readonly Refusal Expired = new("contact-code-expired", 409, "This code is too old, or another was sent since: ask for a new one.");
    public static readonly Refusal Spent = new("contact-code-spent", 409, "Five codes were wrong: ask for a new one.");
    public static readonly Refusal Needed = new("contact-code-needed", 409, "Show that this contact point reaches you: have a code sent to it.");
}
