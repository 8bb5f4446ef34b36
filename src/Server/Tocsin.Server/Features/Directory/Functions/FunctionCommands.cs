using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Functions;

/// <summary>At least one of the names.</summary>
internal sealed record FunctionInput(string? NameFr, string? NameEn, string? Description);

/// <param name="Deputies">In the order in which they stand in.</param>
internal sealed record FunctionHoldersInput(IReadOnlyList<PersonId>? Holders, IReadOnlyList<PersonId>? Deputies);

/// <summary>Adds, changes and removes crisis functions, and says who holds them.</summary>
internal sealed class FunctionCommands(CommandStore store) : DirectoryEntries<CrisisFunction, FunctionId, FunctionInput>(store, "function")
{
    private const int MostHolders = 200;

    /// <summary>States who holds the function and who stands in, all at once.</summary>
    public Task<CommandAnswer<Done>> SetHoldersAsync(FunctionId id, FunctionHoldersInput input, Actor actor, CancellationToken cancellationToken) =>
        ForEntryAsync<Done>(
            id,
            async (transaction, function, token) =>
            {
                PersonId[] people = [.. input.Holders ?? [], .. input.Deputies ?? []];
                if (people.Length > MostHolders) return DirectoryRefusals.TooManyMembers;
                if (people.Distinct().Count() != people.Length) return FieldErrors.One("deputies", "twice");
                if (await transaction.Db.Set<Person>().CountAsync(person => people.Contains(person.Id) && person.Active, token) != people.Length) return FieldErrors.One("holders", "unknown");
                var holders = input.Holders?.Count ?? 0;
                await transaction.Db.Set<FunctionHolder>().Where(holder => holder.FunctionId == id).ExecuteDeleteAsync(token);
                transaction.Db.AddRange(people.Select((person, i) => new FunctionHolder
                {
                    FunctionId = id,
                    PersonId = person,
                    Rank = i < holders ? FunctionHolder.Holder : i - holders + 1,
                    Source = DirectorySource.Manual,
                }));
                function.ChangedAt = transaction.Now;
                Announce(transaction, id, "holders-changed", actor, new { holders = input.Holders ?? [], deputies = input.Deputies ?? [] });
                return Done.Instance;
            },
            cancellationToken);

    protected override CrisisFunction New(DateTimeOffset now) => new() { Id = new(Guid.CreateVersion7(now)), Source = DirectorySource.Manual, CreatedAt = now };

    protected override FunctionId IdOf(CrisisFunction entry) => entry.Id;

    protected override async Task<CommandAnswer<CrisisFunction>?> WriteAsync(
        CommandTransaction transaction, CrisisFunction entry, FunctionInput input, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        entry.NameFr = DirectoryText.Optional(input.NameFr, DirectoryBounds.Name, "nameFr", errors);
        entry.NameEn = DirectoryText.Optional(input.NameEn, DirectoryBounds.Name, "nameEn", errors);
        entry.Description = DirectoryText.Optional(input.Description, DirectoryBounds.Description, "description", errors);
        if (entry is { NameFr: null, NameEn: null }) errors.Add("nameFr", DirectoryText.Missing);
        entry.NameKey = DirectoryNames.KeyOf(entry.NameFr ?? entry.NameEn ?? "", "nameFr", errors);
        entry.ChangedAt = transaction.Now;
        if (errors.Any) return errors;
        var (id, key) = (entry.Id, entry.NameKey);
        return await transaction.Db.Set<CrisisFunction>().AnyAsync(f => f.Id != id && f.NameKey == key, cancellationToken) ? (CommandAnswer<CrisisFunction>?)DirectoryRefusals.NameTaken : null;
    }
}
