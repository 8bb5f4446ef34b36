using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory;

/// <summary>People to put into and take out of a group or list. Who is in already, or not in, stays so: the same change twice is one change.</summary>
internal sealed record MemberChange(IReadOnlyList<PersonId>? Add, IReadOnlyList<PersonId>? Remove)
{
    private const int Most = 1_000;

    public async Task<CommandAnswer<MemberChange>> CheckAsync(TocsinDbContext db, CancellationToken cancellationToken)
    {
        var clean = new MemberChange([.. (Add ?? []).Distinct()], [.. (Remove ?? []).Distinct()]);
        if (clean.Add!.Count + clean.Remove!.Count > Most) return DirectoryRefusals.TooManyMembers;
        var add = clean.Add;
        var known = add.Count == 0 ? 0 : await db.Set<Person>().CountAsync(person => add.Contains(person.Id), cancellationToken);
        return known == add.Count ? clean : FieldErrors.One("add", "unknown");
    }
}
