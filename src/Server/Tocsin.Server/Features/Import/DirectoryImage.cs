using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Import;

/// <summary>The directory as an import compares itself with it, held in memory while it does: some hundred megabytes for 100,000 people.</summary>
internal sealed class DirectoryImage
{
    private DirectoryImage()
    {
    }

    public required IReadOnlyList<Person> People { get; init; }

    public required ILookup<PersonId, StoredContactPoint> ContactPoints { get; init; }

    public required ILookup<PersonId, GroupMember> Groups { get; init; }

    public required HashSet<(FunctionId Function, PersonId Person)> Holders { get; init; }

    public required IReadOnlyList<Site> Sites { get; init; }

    public required IReadOnlyList<PersonGroup> AllGroups { get; init; }

    public required IReadOnlyList<CrisisFunction> Functions { get; init; }

    /// <summary>Those who can sign in.</summary>
    public required HashSet<PersonId> WithAccount { get; init; }

    public static async Task<DirectoryImage> ReadAsync(TocsinDbContext db, CancellationToken cancellationToken) => new()
    {
        People = await db.Set<Person>().AsNoTracking().ToListAsync(cancellationToken),
        ContactPoints = (await db.Set<StoredContactPoint>().AsNoTracking().Where(point => point.Kind != ContactPointKind.App).ToListAsync(cancellationToken)).ToLookup(point => point.PersonId),
        Groups = (await db.Set<GroupMember>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(member => member.PersonId),
        Holders = [.. (await db.Set<FunctionHolder>().AsNoTracking().ToListAsync(cancellationToken)).Select(holder => (holder.FunctionId, holder.PersonId))],
        Sites = await db.Set<Site>().AsNoTracking().ToListAsync(cancellationToken),
        AllGroups = await db.Set<PersonGroup>().AsNoTracking().ToListAsync(cancellationToken),
        Functions = await db.Set<CrisisFunction>().AsNoTracking().ToListAsync(cancellationToken),
        WithAccount = [.. await db.Users.Where(account => account.DisabledAt == null).Select(account => account.PersonId).ToListAsync(cancellationToken)],
    };
}
