using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Alerts.Expansion;

/// <summary>Makes recipients and deliveries of the people a wave is for, chunk by chunk: while one chunk is written, the next is read and planned.</summary>
/// <remarks>Each chunk's transaction writes it, deletes it and moves the timer on. A crash between two chunks goes on with the next; one within a chunk never happened.</remarks>
internal sealed class WaveExpansion(
    CommandStore store, IDbContextFactory<TocsinDbContext> contexts, AlertCatalog catalog, AlertWakeUps wakeUps, TimeProvider time) : ITimerHandler
{
    public AlertTimerKind Kind => AlertTimerKind.Expansion;

    public async Task RunAsync(AlertTimer timer, CancellationToken cancellationToken)
    {
        var wave = TimerPayload.Read<WavePayload>(timer);
        var alert = await catalog.FindAlertAsync(timer.AlertId, cancellationToken) ?? throw new InvalidOperationException("A timer without its alert.");
        var chunk = await PrepareAsync(alert, wave, timer.Cursor, cancellationToken);
        while (chunk is not null)
        {
            var next = PrepareAsync(alert, wave, timer.Cursor + 1, cancellationToken);
            var isOurs = await WriteAsync(timer, wave, chunk, cancellationToken);
            wakeUps.PulseDeliveries();
            timer.Cursor++;
            chunk = await next;
            if (!isOurs) return;
        }

        await store.CommitAsync((transaction, token) => AlertTimers.FinishAsync(transaction.Db, timer, token), cancellationToken);
    }

    /// <returns>Null when there is no chunk of this number.</returns>
    private async Task<List<PlannedPerson>?> PrepareAsync(CataloguedAlert alert, WavePayload wave, long number, CancellationToken cancellationToken)
    {
        await Task.Yield();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var ids = await AlertAudiences.ReadChunkAsync(db, alert.Id, wave.Wave, number, cancellationToken);
        if (ids is null) return null;
        var severity = await db.Set<Alert>().Where(a => a.Id == alert.Id).Select(a => a.Severity).SingleAsync(cancellationToken);
        var people = await PeopleToTell.ReadAsync(db, ids, await DefaultLanguage.ReadAsync(db, cancellationToken), cancellationToken);
        return Plan(alert, wave, severity, people);
    }

    private List<PlannedPerson> Plan(CataloguedAlert alert, WavePayload wave, Severity severity, IReadOnlyList<PersonToTell> people)
    {
        // Steps count from the raising, however late a crash lets a chunk be written; what came later counts from now.
        var start = wave.Wave == 0 ? alert.RaisedAt : time.GetUtcNow();
        var plan = (wave.Plan ?? alert.Draft.Plan) with { Expiry = alert.ExpiresAt - start };
        var planner = new DeliveryPlanner(plan, severity, start);
        var buffer = new List<PlannedDelivery>();
        return [.. people.Select(person => PlannedPerson.Of(person, planner, plan, buffer))];
    }

    private Task<bool> WriteAsync(AlertTimer timer, WavePayload wave, List<PlannedPerson> people, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                await AlertNumbers.HoldAlertAsync(db, timer.AlertId, token);
                if (!await AlertTimers.AdvanceAsync(db, timer, timer.Cursor + 1, transaction.Now + AlertClock.Lease, token)) return false;
                var alert = await db.Set<Alert>().AsNoTracking().SingleAsync(a => a.Id == timer.AlertId, token);
                var message = wave.Message ?? (await AlertMessages.CurrentAsync(db, alert.Id, token)).Id;
                var writing = new ChunkWriting(transaction, alert, wave, message);
                await writing.WriteAsync(people, token);
                await AlertAudiences.RemoveChunkAsync(db, alert.Id, wave.Wave, timer.Cursor, token);
                return true;
            },
            cancellationToken);
}
