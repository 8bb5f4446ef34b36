using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Bulletins.Sending;

/// <summary>Pulses when something was published.</summary>
internal sealed class BulletinWakeUp
{
    private readonly WakeUp wakeUp = new();

    public Task Next => wakeUp.Next;

    public void Pulse() => wakeUp.Pulse();
}

/// <summary>Writes down the messages of what was published, some people at a time, and hands them to the channels of mail and SMS until a carrier takes them or they expire.</summary>
/// <remarks>
/// A bulletin never stands before an alert: at most <see cref="MostAtOnce"/> of its messages are under way in this process, each transaction is short and gives way,
/// and what alerts have to send does not pass through here. A crash leaves rows that fall due again within <see cref="Lease"/>: a message may so arrive twice,
/// with the same Message-ID.
/// </remarks>
internal sealed partial class BulletinSender(
    BulletinWakeUp wakeUp,
    CommandStore store,
    IDbContextFactory<TocsinDbContext> contexts,
    AlertChannels channels,
    OrganisationName organisation,
    TimeProvider time,
    ILogger<BulletinSender> logger) : BackgroundService
{
    private const int MostAtOnce = 16;

    /// <summary>People whose messages are written down in one transaction: some milliseconds of the writer.</summary>
    private const int Chunk = 250;

    /// <summary>No alert's delivery has such a number, and no code's either: no receipt of these messages is taken for one of theirs.</summary>
    private const long FirstNumber = -(1L << 40);

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    // With several nodes, the one that published may be gone: how long another takes to look.
    private static readonly TimeSpan LookForOthers = TimeSpan.FromSeconds(15);

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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WriteGate.BeUnhurried();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var pulse = wakeUp.Next;
                var wrote = await WriteSomeAsync(stoppingToken);
                var sent = await SendSomeAsync(stoppingToken);
                if (!wrote && !sent) await WaitAsync(pulse, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                NotSent(logger, exception.GetType().Name);
                await Task.Delay(PauseAfterFailure, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The messages of the oldest publication that is not all written down, chunk by chunk.</summary>
    private async Task<bool> WriteSomeAsync(CancellationToken cancellationToken)
    {
        BulletinSending? sending;
        PersonId[] people;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            sending = await db.Set<BulletinSending>().AsNoTracking().Where(s => !s.IsWritten).OrderBy(s => s.CreatedAt).FirstOrDefaultAsync(cancellationToken);
            if (sending is null) return false;

            // Read before the transactions: who comes into the directory meanwhile reads it in the app.
            people = await AudienceQuery.ResolveAsync(db, AudienceExpression.Everyone, time.GetUtcNow(), cancellationToken);
        }

        var rest = people.AsMemory(sending.ThroughPerson is { } through ? people.TakeWhile(id => id.Value.CompareTo(through.Value) <= 0).Count() : 0);
        while (true)
        {
            var chunk = rest[..Math.Min(Chunk, rest.Length)].ToArray();
            rest = rest[chunk.Length..];
            if (!await store.CommitAsync((transaction, token) => WriteChunkAsync(transaction, sending, chunk, rest.IsEmpty, token), cancellationToken)) return true;
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

    private async Task<bool> SendSomeAsync(CancellationToken cancellationToken)
    {
        var taken = await store.CommitAsync(LeaseAsync, cancellationToken);
        if (taken.Count == 0) return false;
        var messages = await WriteMessagesAsync(taken, cancellationToken);
        var outcomes = await Task.WhenAll(taken.Select(delivery => SendAsync(delivery, messages, cancellationToken)));
        await store.CommitAsync((transaction, token) => KeepAsync(transaction, outcomes, token), cancellationToken);
        return true;
    }

    /// <summary>Where several nodes look, the one whose update moved <see cref="BulletinDelivery.DueAt"/> has it.</summary>
    private static async Task<List<BulletinDelivery>> LeaseAsync(CommandTransaction transaction, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var due = await db.Set<BulletinDelivery>().AsNoTracking().Where(d => d.State == BulletinDeliveryState.Waiting && d.DueAt <= transaction.Now)
            .OrderBy(d => d.DueAt).ThenBy(d => d.Id).Take(MostAtOnce).ToListAsync(cancellationToken);
        var taken = new List<BulletinDelivery>(due.Count);
        foreach (var delivery in due)
        {
            var changed = await db.Set<BulletinDelivery>().Where(d => d.Id == delivery.Id && d.State == BulletinDeliveryState.Waiting && d.DueAt == delivery.DueAt && d.Attempt == delivery.Attempt)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.DueAt, transaction.Now + Lease).SetProperty(d => d.Attempt, d => d.Attempt + 1), cancellationToken);
            if (changed == 0) continue;
            delivery.Attempt++;
            taken.Add(delivery);
        }

        return taken;
    }

    private async Task<Dictionary<(BulletinId Bulletin, int Version), (Bulletin Bulletin, BulletinVersion Version)>> WriteMessagesAsync(
        List<BulletinDelivery> taken, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var texts = new Dictionary<(BulletinId, int), (Bulletin, BulletinVersion)>();
        foreach (var key in taken.Select(d => (d.BulletinId, d.Version)).Distinct())
        {
            var bulletin = await db.Set<Bulletin>().AsNoTracking().FirstAsync(b => b.Id == key.BulletinId, cancellationToken);
            var version = await db.Set<BulletinVersion>().AsNoTracking().FirstAsync(v => v.BulletinId == key.BulletinId && v.Version == key.Version, cancellationToken);
            texts.Add(key, (bulletin, version));
        }

        return texts;
    }

    private async Task<(BulletinDelivery Delivery, RetryDecision Decision)> SendAsync(
        BulletinDelivery delivery, Dictionary<(BulletinId Bulletin, int Version), (Bulletin Bulletin, BulletinVersion Version)> texts, CancellationToken cancellationToken)
    {
        var (bulletin, version) = texts[(delivery.BulletinId, delivery.Version)];
        var sender = await organisation.GetAsync(cancellationToken);
        var outcome = time.GetUtcNow() >= delivery.ExpiresAt
            ? new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.Expired))
            : await HandOverAsync(Message(delivery, bulletin, version, sender), delivery.Channel, cancellationToken);
        return (delivery, RetryPolicy.Default.NextAttempt(delivery.Attempt, outcome, time.GetUtcNow(), delivery.ExpiresAt, delivery.Id));
    }

    /// <summary>A channel's contract is not to throw. If it does, what came of the others that were under way with this one is kept all the same: they would be sent again and again.</summary>
    private async Task<DeliveryOutcome> HandOverAsync(OutboundMessage message, ChannelKind channel, CancellationToken cancellationToken)
    {
        try
        {
            return await channels[channel].SendAsync(message, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Broke(logger, channel, exception.GetType().Name);
            return new DeliveryOutcome.OutcomeUnknown(new FailureReason(FailureCodes.CarrierUnavailable));
        }
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

    /// <summary>What is settled forgets its address.</summary>
    private static async Task<bool> KeepAsync(CommandTransaction transaction, (BulletinDelivery Delivery, RetryDecision Decision)[] outcomes, CancellationToken cancellationToken)
    {
        foreach (var (delivery, decision) in outcomes)
        {
            var row = transaction.Db.Set<BulletinDelivery>().Where(d => d.Id == delivery.Id && d.State == BulletinDeliveryState.Waiting);
            _ = decision switch
            {
                RetryDecision.Done => await row.ExecuteUpdateAsync(set => set.SetProperty(d => d.State, BulletinDeliveryState.Sent).SetProperty(d => d.Address, ""), cancellationToken),
                RetryDecision.GiveUp end => await row.ExecuteUpdateAsync(
                    set => set.SetProperty(d => d.State, BulletinDeliveryState.Failed).SetProperty(d => d.FailureCode, end.Reason.Code).SetProperty(d => d.Address, ""), cancellationToken),
                RetryDecision.TryAgain again => await row.ExecuteUpdateAsync(set => set.SetProperty(d => d.DueAt, again.At), cancellationToken),
                _ => throw new ArgumentOutOfRangeException(nameof(outcomes)),
            };
        }

        return true;
    }

    private async Task WaitAsync(Task pulse, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var next = await db.Set<BulletinDelivery>().Where(d => d.State == BulletinDeliveryState.Waiting).MinAsync(d => (DateTimeOffset?)d.DueAt, cancellationToken);
        if (db.Kind == DatabaseKind.PostgreSql)
        {
            var look = time.GetUtcNow() + LookForOthers;
            next = next is { } due && due < look ? due : look;
        }

        await WakeUp.WaitAsync(pulse, next, time, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A bulletin's message over {Channel} broke before its outcome ({Failure})")]
    private static partial void Broke(ILogger logger, ChannelKind channel, string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Messages of a bulletin could not be sent ({Failure}); trying again")]
    private static partial void NotSent(ILogger logger, string failure);
}
