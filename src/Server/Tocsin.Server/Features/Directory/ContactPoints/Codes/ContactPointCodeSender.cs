using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Directory.People;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Directory.ContactPoints.Codes;

/// <summary>Hands codes to their channels until a carrier takes them or they expire, and deletes rows once they count no more.</summary>
/// <remarks>
/// A crash leaves a row that falls due again within <see cref="Lease"/>. A code may so arrive twice, and is the same both times. Beside alerts this is a trickle:
/// at most <see cref="MostAtOnce"/> are under way, so that no channel has a queue of codes before an alert.
/// </remarks>
internal sealed partial class ContactPointCodeSender(
    ContactPointCodes codes,
    CommandStore store,
    IDbContextFactory<TocsinDbContext> contexts,
    AlertChannels channels,
    OrganisationName organisation,
    TimeProvider time,
    ILogger<ContactPointCodeSender> logger) : BackgroundService
{
    private const int MostAtOnce = 8;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    // With several nodes, one that took a request may be gone: how long another takes to look.
    private static readonly TimeSpan LookForOthers = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
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

    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var pulse = codes.Asked.Next;
        var now = time.GetUtcNow();
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var waiting = db.Set<ContactPointCode>().AsNoTracking().Where(c => c.State == ContactPointCodeState.Waiting);
            var due = await waiting.Where(c => c.DueAt <= now).OrderBy(c => c.DueAt).Take(MostAtOnce).ToListAsync(cancellationToken);
            if (due.Count == 0)
            {
                await WaitAsync(db, pulse, now, cancellationToken);
                return;
            }

            await Task.WhenAll(due.Select(code => SendAsync(code, cancellationToken)));
        }
    }

    private async Task WaitAsync(TocsinDbContext db, Task pulse, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var end = now - CodeLimits.Window;
        await db.Set<ContactPointCode>().Where(c => c.CreatedAt <= end).ExecuteDeleteAsync(cancellationToken);
        var due = await db.Set<ContactPointCode>().Where(c => c.State == ContactPointCodeState.Waiting).MinAsync(c => (DateTimeOffset?)c.DueAt, cancellationToken);
        var oldest = await db.Set<ContactPointCode>().MinAsync(c => (DateTimeOffset?)c.CreatedAt, cancellationToken);
        var next = Earlier(due, oldest + CodeLimits.Window);
        if (db.Kind == DatabaseKind.PostgreSql) next = Earlier(next, now + LookForOthers);
        await WakeUp.WaitAsync(pulse, next, time, cancellationToken);
    }

    private async Task SendAsync(ContactPointCode code, CancellationToken cancellationToken)
    {
        if (!await LeaseAsync(code, cancellationToken)) return;
        code.Attempt++;
        var outcome = time.GetUtcNow() >= code.ExpiresAt
            ? new DeliveryOutcome.Rejected(new FailureReason(FailureCodes.Expired))
            : await channels[code.Channel].SendAsync(await WriteAsync(code, cancellationToken), cancellationToken);
        await KeepAsync(code, RetryPolicy.Default.NextAttempt(code.Attempt, outcome, time.GetUtcNow(), code.ExpiresAt, code.Id), cancellationToken);
    }

    /// <summary>Where several nodes look, the one that moves <see cref="ContactPointCode.DueAt"/> has it.</summary>
    private Task<bool> LeaseAsync(ContactPointCode code, CancellationToken cancellationToken) => store.CommitAsync(
        async (transaction, token) => await transaction.Db.Set<ContactPointCode>()
            .Where(c => c.Id == code.Id && c.State == ContactPointCodeState.Waiting && c.DueAt == code.DueAt && c.Attempt == code.Attempt)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.DueAt, transaction.Now + Lease).SetProperty(c => c.Attempt, c => c.Attempt + 1), token) == 1,
        cancellationToken);

    private async Task<OutboundMessage> WriteAsync(ContactPointCode code, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var language = await db.Set<Person>().Where(p => p.Id == code.PersonId).Select(p => p.Language).FirstAsync(cancellationToken)
            ?? await DefaultLanguage.ReadAsync(db, cancellationToken);
        var sender = await organisation.GetAsync(cancellationToken);
        return CodeMessage.Write(code, VerificationCode.Of(await codes.KeyAsync(cancellationToken), code), language, sender);
    }

    private Task KeepAsync(ContactPointCode code, RetryDecision decision, CancellationToken cancellationToken) => store.CommitAsync(
        async (transaction, token) =>
        {
            var row = transaction.Db.Set<ContactPointCode>().Where(c => c.Id == code.Id && c.State == ContactPointCodeState.Waiting);
            var changed = decision switch
            {
                RetryDecision.Done => await row.ExecuteUpdateAsync(set => set.SetProperty(c => c.State, ContactPointCodeState.Sent), token),
                RetryDecision.GiveUp end => await row.ExecuteUpdateAsync(
                    set => set.SetProperty(c => c.State, ContactPointCodeState.Failed).SetProperty(c => c.FailureCode, end.Reason.Code), token),
                RetryDecision.TryAgain again => await row.ExecuteUpdateAsync(set => set.SetProperty(c => c.DueAt, again.At), token),
                _ => throw new ArgumentOutOfRangeException(nameof(decision)),
            };
            if (changed > 0 && decision is not RetryDecision.TryAgain) PersonEvents.Announce(transaction, code.PersonId, PersonChange.ContactPointsChanged);
        },
        cancellationToken);

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is { } one && b is { } other ? (one < other ? one : other) : a ?? b;

    [LoggerMessage(Level = LogLevel.Error, Message = "Codes for contact points could not be sent ({Failure}); trying again")]
    private static partial void NotSent(ILogger logger, string failure);
}
