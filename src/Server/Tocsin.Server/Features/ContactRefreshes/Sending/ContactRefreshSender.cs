using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Time;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Notices;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Notices;

namespace Tocsin.Server.Features.ContactRefreshes.Sending;

/// <summary>Pulses when a campaign began.</summary>
internal sealed class ContactRefreshWakeUp
{
    public WakeUp WakeUp { get; } = new();
}

/// <summary>Writes down whom a campaign tells and how, some people at a time, reminds those who have not answered, and ends it when its time is over; sends as every <see cref="NoticeSender{TDelivery}"/> does.</summary>
internal sealed class ContactRefreshSender(
    ContactRefreshWakeUp wakeUp,
    CommandStore store,
    IDbContextFactory<TocsinDbContext> contexts,
    AlertChannels channels,
    ContactRefreshLinks links,
    OrganisationName organisation,
    OrganisationTimeZone zone,
    TimeProvider time,
    ILogger<ContactRefreshSender> logger) : NoticeSender<RefreshDelivery>(wakeUp.WakeUp, store, contexts, channels, time, logger)
{
    /// <summary>Apart from the numbers of bulletins, which begin at -2^40, and of codes: no receipt of these messages is taken for one of theirs.</summary>
    private const long FirstNumber = -(1L << 41);

    // At most; whom no carrier took by then is shown as not told.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly AlertChannels senders = channels;

    protected override async Task<bool> PrepareSomeAsync(CancellationToken cancellationToken)
    {
        if (await Store.CommitAsync(KeepTimeAsync, cancellationToken)) return true;
        ContactRefresh? refresh;
        PersonId[] people;
        await using (var db = await Contexts.CreateDbContextAsync(cancellationToken))
        {
            refresh = await db.Set<ContactRefresh>().AsNoTracking().Where(r => r.Writing != RefreshWriting.Nothing).OrderBy(r => r.Number).FirstOrDefaultAsync(cancellationToken);
            if (refresh is null) return false;

            // Read before the transactions, as it was when the campaign began: who comes into the directory meanwhile is new enough.
            people = refresh.Writing == RefreshWriting.Messages
                ? await ContactRefreshReach.ResolveAsync(db, new ContactRefreshAudience(refresh.Audience, refresh.AudienceId, refresh.Months), refresh.StartedAt, cancellationToken)
                : await RefreshPeopleQuery.WaitingAsync(db, refresh.Id, cancellationToken);
        }

        var key = await links.KeyAsync(cancellationToken);
        var rest = people.AsMemory(refresh.ThroughPerson is { } through ? people.TakeWhile(id => id.Value.CompareTo(through.Value) <= 0).Count() : 0);
        while (true)
        {
            var chunk = rest[..Math.Min(Chunk, rest.Length)].ToArray();
            rest = rest[chunk.Length..];
            if (!await Store.CommitAsync((transaction, token) => WriteChunkAsync(transaction, refresh, key, chunk, rest.IsEmpty, token), cancellationToken)) return true;
            if (chunk.Length > 0) refresh.ThroughPerson = chunk[^1];
            if (rest.IsEmpty) return true;
        }
    }

    protected override async Task<DateTimeOffset?> NextPreparationAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        var running = db.Set<ContactRefresh>().Where(r => r.EndedAt == null);
        var end = await running.MinAsync(r => (DateTimeOffset?)r.Until, cancellationToken);
        var reminder = await running.MinAsync(r => r.RemindAt, cancellationToken);
        return reminder is { } at && (end is null || at < end) ? at : end;
    }

    protected override async Task<Func<RefreshDelivery, OutboundMessage>> WriteMessagesAsync(List<RefreshDelivery> taken, CancellationToken cancellationToken)
    {
        var sender = await organisation.GetAsync(cancellationToken);
        var wall = await zone.GetAsync(cancellationToken);
        var key = await links.KeyAsync(cancellationToken);
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var refreshes = new Dictionary<ContactRefreshId, ContactRefresh>();
        var nonces = new Dictionary<long, byte[]>();
        foreach (var delivery in taken)
        {
            if (!refreshes.ContainsKey(delivery.RefreshId))
                refreshes[delivery.RefreshId] = await db.Set<ContactRefresh>().AsNoTracking().FirstAsync(r => r.Id == delivery.RefreshId, cancellationToken);
            nonces[delivery.Id] = await db.Set<RefreshPerson>().Where(p => p.RefreshId == delivery.RefreshId && p.PersonId == delivery.PersonId).Select(p => p.Nonce).FirstAsync(cancellationToken) ?? [];
        }

        return delivery => Message(delivery, refreshes[delivery.RefreshId], links.Of(key, nonces[delivery.Id]), sender, wall);
    }

    /// <summary>Somebody whom no carrier could tell, and who has not answered by themselves, is shown so. A reminder that fails says nothing of the message before it.</summary>
    protected override async Task GiveUpAsync(CommandTransaction transaction, RefreshDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.IsReminder) return;
        var changed = await transaction.Db.Set<RefreshPerson>()
            .Where(p => p.RefreshId == delivery.RefreshId && p.PersonId == delivery.PersonId && p.Standing == RefreshStanding.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Standing, RefreshStanding.Untold), cancellationToken);
        if (changed > 0) ContactRefreshEvents.Announce(transaction, delivery.RefreshId);
    }

    /// <summary>Ends what is over, and begins reminders that are due.</summary>
    private static async Task<bool> KeepTimeAsync(CommandTransaction transaction, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var now = transaction.Now;
        if (!await db.Set<ContactRefresh>().AnyAsync(r => r.EndedAt == null && (r.Until <= now || (r.RemindAt <= now && r.Writing == RefreshWriting.Nothing)), cancellationToken)) return false;
        await ContactRefreshNumbers.LockAsync(db, cancellationToken);
        foreach (var refresh in await db.Set<ContactRefresh>().Where(r => r.EndedAt == null && (r.Until <= now || r.RemindAt <= now)).ToListAsync(cancellationToken))
        {
            if (refresh.Until <= now)
            {
                await ContactRefreshRunning.FinishAsync(transaction, refresh, null, AuditActor.System, cancellationToken);
            }
            else if (refresh.Writing == RefreshWriting.Nothing)
            {
                (refresh.Writing, refresh.ThroughPerson, refresh.RemindAt) = (RefreshWriting.Reminders, null, null);
                transaction.Record(new AuditDraft(AuditActor.System, "contact-refresh.reminded", $"contact-refresh:{refresh.Id}", new { refresh.Number }));
            }
        }

        return true;
    }

    /// <returns>False where another node or the end came first.</returns>
    private async Task<bool> WriteChunkAsync(CommandTransaction transaction, ContactRefresh known, byte[] key, PersonId[] people, bool isLast, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        await ContactRefreshNumbers.LockAsync(db, cancellationToken);
        var refresh = await db.Set<ContactRefresh>().FirstAsync(r => r.Id == known.Id, cancellationToken);
        if (refresh.Writing != known.Writing || refresh.ThroughPerson != known.ThroughPerson || refresh.EndedAt is not null) return false;
        if (people.Length > 0)
        {
            if (known.Writing == RefreshWriting.Messages) await WriteMessagesAsync(transaction, refresh, key, people, cancellationToken);
            else await WriteRemindersAsync(transaction, refresh, people, cancellationToken);
            refresh.ThroughPerson = people[^1];
        }

        if (!isLast) return true;
        refresh.Writing = RefreshWriting.Nothing;
        ContactRefreshEvents.Announce(transaction, refresh.Id);
        return true;
    }

    private async Task WriteMessagesAsync(CommandTransaction transaction, ContactRefresh refresh, byte[] key, PersonId[] people, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(transaction.Db, people, cancellationToken);
        foreach (var person in people)
        {
            var row = new RefreshPerson { RefreshId = refresh.Id, PersonId = person, Standing = RefreshStanding.Untold, WrittenAt = transaction.Now };
            transaction.Db.Add(row);
            if (addresses(person) is not { } told) continue;
            var nonce = RandomNumberGenerator.GetBytes(ContactRefreshLinks.NonceLength);
            (row.Standing, row.Channel, row.ContactPointId, row.Nonce, row.TokenHash) = (RefreshStanding.Waiting, told.Channel, told.Point.Id, nonce, ContactRefreshLinks.HashOf(key, nonce));
            transaction.Db.Add(NewDelivery(refresh, person, told, isReminder: false, transaction.Now));
        }
    }

    /// <summary>To where the link went: it shows that this one reaches them. Where that is gone or off, nothing is sent.</summary>
    private static async Task WriteRemindersAsync(CommandTransaction transaction, ContactRefresh refresh, PersonId[] people, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var rows = await db.Set<RefreshPerson>().AsNoTracking()
            .Where(p => p.RefreshId == refresh.Id && p.Standing == RefreshStanding.Waiting && people.Contains(p.PersonId)).ToListAsync(cancellationToken);
        var wanted = rows.Select(row => row.ContactPointId).OfType<ContactPointId>().ToList();
        var points = await db.Set<StoredContactPoint>().AsNoTracking().Where(c => wanted.Contains(c.Id) && c.Enabled).ToDictionaryAsync(c => c.Id, cancellationToken);
        var language = await LanguagesAsync(db, people, cancellationToken);
        foreach (var row in rows)
        {
            if (row is { Channel: { } channel, ContactPointId: { } id } && points.TryGetValue(id, out var point))
                db.Add(NewDelivery(refresh, row.PersonId, new Told(point, channel, language(row.PersonId)), isReminder: true, transaction.Now));
        }
    }

    /// <summary>The best that each has: the first mail address in their own order where mail is set up, else the first mobile.</summary>
    private async Task<Func<PersonId, Told?>> AddressesAsync(TocsinDbContext db, PersonId[] people, CancellationToken cancellationToken)
    {
        var (byMail, bySms) = (ContactRefreshReach.IsSetUp(senders, ChannelKind.Email), ContactRefreshReach.IsSetUp(senders, ChannelKind.Sms));
        var language = await LanguagesAsync(db, people, cancellationToken);
        var points = (await db.Set<StoredContactPoint>().AsNoTracking()
            .Where(c => people.Contains(c.PersonId) && c.Enabled && (c.Kind == ContactPointKind.Email || c.Kind == ContactPointKind.Mobile))
            .OrderBy(c => c.Rank).ToListAsync(cancellationToken)).ToLookup(c => (c.PersonId, c.Kind));
        return person =>
        {
            var mail = byMail ? points[(person, ContactPointKind.Email)].FirstOrDefault() : null;
            var point = mail ?? (bySms ? points[(person, ContactPointKind.Mobile)].FirstOrDefault() : null);
            return point is null ? null : new Told(point, mail is null ? ChannelKind.Sms : ChannelKind.Email, language(person));
        };
    }

    private static async Task<Func<PersonId, ContentLanguage>> LanguagesAsync(TocsinDbContext db, PersonId[] people, CancellationToken cancellationToken)
    {
        var usual = await DefaultLanguage.ReadAsync(db, cancellationToken);
        var own = await db.Set<Person>().Where(p => people.Contains(p.Id)).Select(p => new { p.Id, p.Language }).ToDictionaryAsync(p => p.Id, p => p.Language, cancellationToken);
        return person => own.GetValueOrDefault(person) ?? usual;
    }

    private static RefreshDelivery NewDelivery(ContactRefresh refresh, PersonId person, Told told, bool isReminder, DateTimeOffset now) => new()
    {
        RefreshId = refresh.Id,
        PersonId = person,
        IsReminder = isReminder,
        Channel = told.Channel,
        Address = told.Point.Address,
        Language = told.Language,
        State = NoticeState.Waiting,
        DueAt = now,
        ExpiresAt = refresh.Until < now + Lifetime ? refresh.Until : now + Lifetime,
    };

    private static OutboundMessage Message(RefreshDelivery delivery, ContactRefresh refresh, Uri link, string sender, IanaTimeZone zone)
    {
        var date = ContactRefreshWords.Deadline(refresh.Until, zone, delivery.Language, delivery.IsReminder);
        return new OutboundMessage(
            new DeliveryId(FirstNumber - delivery.Id),
            delivery.Attempt,
            string.Create(CultureInfo.InvariantCulture, $"refresh-{refresh.Id.Value:n}-{delivery.Id}"),
            default,
            0,
            delivery.Address,
            sender,
            delivery.Language,
            MessagePurpose.ContactRefresh,
            AlertMode.Real,
            Severity.Info,
            refresh.Title.In(delivery.Language),
            delivery.Channel == ChannelKind.Sms ? date : $"{refresh.Body.In(delivery.Language)}\n\n{date}",
            [],
            link,
            zone.WallTimeOf(refresh.StartedAt),
            delivery.ExpiresAt);
    }

    private sealed record Told(StoredContactPoint Point, ChannelKind Channel, ContentLanguage Language);
}
