using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Library;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Scenarios;

/// <summary>Puts the library's scenarios in place at the very first start. From then on they are the organisation's: what it deletes stays deleted.</summary>
internal sealed class ScenarioLibrarySeed(CommandStore store) : IHostedService
{
    private const string DoneSetting = "scenarios.library-seeded";

    public Task StartAsync(CancellationToken cancellationToken) => store.CommitAsync(
        async (transaction, token) =>
        {
            if (await transaction.Db.Set<SettingRecord>().AnyAsync(s => s.Key == DoneSetting, token)) return;
            transaction.Db.Add(new SettingRecord { Key = DoneSetting, Value = "true", ChangedAt = transaction.Now });
            var taken = await transaction.Db.Set<Scenario>().Select(s => s.Key).ToListAsync(token);
            foreach (var (place, scenario) in ScenarioLibrary.All.Index())
            {
                if (!taken.Contains(scenario.Key, StringComparer.Ordinal)) ScenarioWriting.Add(transaction, scenario.Key, scenario.Definition, enabled: true, place);
            }

            transaction.Record(new AuditDraft(AuditActor.System, "scenario-library.added", null, new { scenarios = ScenarioLibrary.All.Count }));
        },
        cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
