using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Functions;

/// <summary>At least one of the names.</summary>
internal sealed record FunctionInput(string? NameFr, string? NameEn, string? Description);

/// <param name="Deputies">In the order in which they stand in.</param>
internal sealed record FunctionHoldersInput(IReadOnlyList<PersonId>? Holders, IReadOnlyList<PersonId>? Deputies);

/// <summary>Adds, changes and removes crisis functions, and says who holds them.</summary>
internal sealed class FunctionCommands(CommandStore store)
{
    private const int MostHolders = 200;

    public Task<CommandAnswer<CrisisFunction>> AddAsync(FunctionInput input, Actor actor, CancellationToken cancellationToken) =>
        DirectoryCommand.RunAsync<CrisisFunction>(
            store,
            async (transaction, token) =>
            {
                var function = new CrisisFunction { Id = new(Guid.CreateVersion7(transaction.Now)), Source = DirectorySource.Manual, CreatedAt = transaction.Now };
                if (await WriteAsync(transaction, function, input, token) is { } refused) return refused;
                transaction.Db.Add(function);
                Announce(transaction, function.Id, "function.added", actor);
                return function;
            },
            cancellationToken);

    public Task<CommandAnswer<CrisisFunction>> ChangeAsync(FunctionId id, FunctionInput input, Actor actor, CancellationToken cancellationToken) =>
        ForFunctionAsync<CrisisFunction>(
            id,
            async (transaction, function, token) =>
            {
                if (await WriteAsync(transaction, function, input, token) is { } refused) return refused;
                Announce(transaction, id, "function.changed", actor);
                return function;
            },
            cancellationToken);

    public Task<CommandAnswer<Done>> RemoveAsync(FunctionId id, Actor actor, CancellationToken cancellationToken) =>
        ForFunctionAsync<Done>(
            id,
            (transaction, function, _) =>
            {
                transaction.Db.Remove(function);
                Announce(transaction, id, "function.removed", actor);
                return Task.FromResult<CommandAnswer<Done>>(Done.Instance);
            },
            cancellationToken);

    /// <summary>States who holds the function and who stands in, all at once.</summary>
    public Task<CommandAnswer<Done>> SetHoldersAsync(FunctionId id, FunctionHoldersInput input, Actor actor, CancellationToken cancellationToken) =>
        ForFunctionAsync<Done>(
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
                Announce(transaction, id, "function.holders-changed", actor, new { holders = input.Holders ?? [], deputies = input.Deputies ?? [] });
                return Done.Instance;
            },
            cancellationToken);

    private Task<CommandAnswer<T>> ForFunctionAsync<T>(
        FunctionId id, Func<CommandTransaction, CrisisFunction, CancellationToken, Task<CommandAnswer<T>>> work, CancellationToken cancellationToken)
        where T : class =>
        DirectoryCommand.RunAsync<T>(
            store,
            async (transaction, token) => await transaction.Db.Set<CrisisFunction>().FirstOrDefaultAsync(f => f.Id == id, token) is { } function
                ? await work(transaction, function, token)
                : CommonRefusals.NotFound,
            cancellationToken);

    private static async Task<CommandAnswer<CrisisFunction>?> WriteAsync(
        CommandTransaction transaction, CrisisFunction function, FunctionInput input, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        function.NameFr = DirectoryText.Optional(input.NameFr, DirectoryBounds.Name, "nameFr", errors);
        function.NameEn = DirectoryText.Optional(input.NameEn, DirectoryBounds.Name, "nameEn", errors);
        function.Description = DirectoryText.Optional(input.Description, DirectoryBounds.Description, "description", errors);
        if (function is { NameFr: null, NameEn: null }) errors.Add("nameFr", DirectoryText.Missing);
        function.NameKey = DirectoryNames.KeyOf(function.NameFr ?? function.NameEn ?? "", "nameFr", errors);
        function.ChangedAt = transaction.Now;
        if (errors.Any) return errors;
        var (id, key) = (function.Id, function.NameKey);
        return await transaction.Db.Set<CrisisFunction>().AnyAsync(f => f.Id != id && f.NameKey == key, cancellationToken) ? (CommandAnswer<CrisisFunction>?)DirectoryRefusals.NameTaken : null;
    }

    private static void Announce(CommandTransaction transaction, FunctionId id, string action, Actor actor, object? detail = null)
    {
        transaction.Append(action, DirectoryAccess.ToReaders, new { function = id });
        transaction.Record(new AuditDraft(actor.ForAudit, action, $"function:{id}", detail));
    }
}
