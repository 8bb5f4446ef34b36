using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Notices;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Bulletins.Sending;

/// <summary>Pulses when something was published.</summary>
internal sealed class BulletinWakeUp
{
    public WakeUp WakeUp { get; } = new();

    public void Pulse() => WakeUp.Pulse();
}

/// <summary>Writes down the messages of what was published, some people at a time, and sends them as every <see cref="NoticeSender{TDelivery}"/> does.</summary>
internal sealed class BulletinSender(
    BulletinWakeUp wakeUp,
    CommandStore store,
    IDbContextFactory<TocsinDbContext> contexts,
    AlertChannels channels,
    OrganisationName organisation,
    TimeProvider time,
    ILogger<BulletinSender> logger) : NoticeSender<BulletinDelivery>(wakeUp.WakeUp, store, contexts, channels, time, logger)
{
    /// <summary>No alert's delivery has such a number, and no code's either: no receipt of these messages is taken for one of theirs.</summary>
    private const long FirstNumber = -(1L << 40);

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public static BulletinDelivery NewDelivery(BulletinId bulletin, int version, ChannelKind channel, string address, ContentLanguage language, DateTimeOffset now) => new()
    {
        BulletinId = bulletin,
        Version = version,
        Channel = channel,
        Address = address,
        Language = language,
        DueAt = now,
        ExpiresAt = now + Lifetime,
    };

    /// <summary>The messages of the oldest publication that is not all written down, chunk by chunk.</summary>
    protected override async Task<bool> PrepareSomeAsync(CancellationToken cancellationToken)
    {
        BulletinSending? sending;
        PersonId[] people;
        await using (var db = await Contexts.CreateDbContextAsync(cancellationToken))
        {
            sending = await db.Set<BulletinSending>().AsNoTracking().Where(s => !s.IsWritten).OrderBy(s => s.CreatedAt).FirstOrDefaultAsync(cancellationToken);
            if (sending is null) return false;

            // Read before the transactions: who comes into the directory meanwhile reads it in the app.
            people = await AudienceQuery.ResolveAsync(db, AudienceExpression.Everyone, Time.GetUtcNow(), cancellationToken);
        }

        var rest = people.AsMemory(sending.ThroughPerson is { } through ? people.TakeWhile(id => id.Value.CompareTo(through.Value) <= 0).Count() : 0);
        while (true)
        {
            var chunk = rest[..Math.Min(Chunk, rest.Length)].ToArray();
            rest = rest[chunk.Length..];
            if (!await Store.CommitAsync((transaction, token) => WriteChunkAsync(transaction, sending, chunk, rest.IsEmpty, token), cancellationToken)) return true;
            if (chunk.Length > 0) sending.ThroughPerson = chunk[^1];
            if (rest.IsEmpty) return true;
        }
    }

    /// <returns>False where another node, a correction or the end came first.</returns>
    private static async Task<bool> WriteChunkAsync(CommandTransaction transaction, BulletinSending known, PersonId[] people, bool isLast, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        await BulletinNumbers.LockAsync(db, cancellationToken);
        var sending = await db.Set<BulletinSending>().FirstAsync(s => s.BulletinId == known.BulletinId && s.Version == known.Version, cancellationToken);
        if (sending.IsWritten || sending.ThroughPerson != known.ThroughPerson) return false;
        sending.IsWritten = isLast;
        if (people.Length == 0) return true;
        sending.ThroughPerson = people[^1];
        var version = await db.Set<BulletinVersion>().AsNoTracking().FirstAsync(v => v.BulletinId == sending.BulletinId && v.Version == sending.Version, cancellationToken);
        var language = await DefaultLanguage.ReadAsync(db, cancellationToken);
        var languages = await db.Set<Person>().Where(p => people.Contains(p.Id)).Select(p => new { p.Id, p.Language }).ToDictionaryAsync(p => p.Id, p => p.Language, cancellationToken);
        var points = (await db.Set<StoredContactPoint>().AsNoTracking()
            .Where(c => people.Contains(c.PersonId) && c.Enabled && (c.Kind == ContactPointKind.Email || c.Kind == ContactPointKind.Mobile))
            .OrderBy(c => c.Rank).ToListAsync(cancellationToken)).ToLookup(c => (c.PersonId, c.Kind));
        foreach (var person in people)
        {
            Add(person, ContactPointKind.Email, ChannelKind.Email, version.ByMail);
            Add(person, ContactPointKind.Mobile, ChannelKind.Sms, version.BySms);
        }

        return true;

        void Add(PersonId person, ContactPointKind kind, ChannelKind channel, bool isWanted)
        {
            if (isWanted && points[(person, kind)].FirstOrDefault() is { } point)
                db.Add(NewDelivery(sending.BulletinId, sending.Version, channel, point.Address, languages.GetValueOrDefault(person) ?? language, transaction.Now));
        }
    }

    protected override async Task<Func<BulletinDelivery, OutboundMessage>> WriteMessagesAsync(List<BulletinDelivery> taken, CancellationToken cancellationToken)
    {
        var sender = await organisation.GetAsync(cancellationToken);
        await using var db = await Contexts.CreateDbContextAsync(cancellationToken);
        var texts = new Dictionary<(BulletinId, int), (Bulletin, BulletinVersion)>();
        foreach (var key in taken.Select(d => (d.BulletinId, d.Version)).Distinct())
        {
            var bulletin = await db.Set<Bulletin>().AsNoTracking().FirstAsync(b => b.Id == key.BulletinId, cancellationToken);
            var version = await db.Set<BulletinVersion>().AsNoTracking().FirstAsync(v => v.BulletinId == key.BulletinId && v.Version == key.Version, cancellationToken);
            texts.Add(key, (bulletin, version));
        }

        return delivery =>
        {
            var (bulletin, version) = texts[(delivery.BulletinId, delivery.Version)];
            return Message(delivery, bulletin, version, sender);
        };
    }

    private static OutboundMessage Message(BulletinDelivery delivery, Bulletin bulletin, BulletinVersion version, string sender) => new(
        new DeliveryId(FirstNumber - delivery.Id),
        delivery.Attempt,
        string.Create(CultureInfo.InvariantCulture, $"bulletin-{bulletin.Id.Value:n}-{delivery.Id}"),
        default,
        0,
        delivery.Address,
        sender,
        delivery.Language,
        MessagePurpose.Bulletin,
        bulletin.Mode,
        Severity.Info,
        version.Title.In(delivery.Language),
        delivery.Channel == ChannelKind.Sms ? version.Summary.In(delivery.Language) : version.Body.In(delivery.Language),
        [],
        null,
        version.PublishedAt ?? version.WrittenAt,
        delivery.ExpiresAt);
}
