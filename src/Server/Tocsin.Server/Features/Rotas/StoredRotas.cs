using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Rotas;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Rotas;

/// <summary>Rotas from and to the form in which they are kept.</summary>
internal static class StoredRotas
{
    public static Rota Read(StoredRota stored) => JsonSerializer.Deserialize<Rota>(stored.Definition, AlertingJson.Options)!;

    public static string Write(Rota rota) => JsonSerializer.Serialize(rota, AlertingJson.Options);

    /// <summary>All rotas by name. An organisation has tens of them.</summary>
    public static async Task<List<Rota>> ReadAllAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        var stored = await db.Set<StoredRota>().AsNoTracking().OrderBy(rota => rota.NameKey).ToListAsync(cancellationToken);
        return [.. stored.Select(Read)];
    }

    /// <summary>Everyone whom the rota names, in shifts or changes.</summary>
    public static HashSet<PersonId> PeopleOf(Rota rota) =>
        [
            .. rota.Shifts.SelectMany(shift => shift.Turns),
            .. rota.Overrides.Select(change => change.Person).OfType<PersonId>(),
            .. rota.Overrides.Select(change => change.Replaces).OfType<PersonId>(),
        ];
}
