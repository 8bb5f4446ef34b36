using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Tocsin.Server.Errors;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Directory;

/// <summary>What came of a command: a value, or why not.</summary>
internal readonly record struct CommandAnswer<T>(T? Value, Refusal? Refusal, FieldErrors? Fields = null)
    where T : class
{
    public static implicit operator CommandAnswer<T>(T value) => new(value, null);

    public static implicit operator CommandAnswer<T>(Refusal refusal) => new(null, refusal);

    public static implicit operator CommandAnswer<T>(FieldErrors fields) => new(null, CommonRefusals.InvalidInput, fields);

    public ProblemHttpResult ToProblem() => Refusal!.ToProblem(fields: Fields?.ByPath);
}

/// <summary>The answer of a command that has nothing to say but "done".</summary>
internal sealed class Done
{
    public static readonly Done Instance = new();
}

internal static class DirectoryCommand
{
    /// <summary>Commits <paramref name="work"/> unless it refuses. Two commands that meet on a unique name or number (PostgreSQL only) are told apart here: the later is refused.</summary>
    public static async Task<CommandAnswer<T>> RunAsync<T>(
        CommandStore store, Func<CommandTransaction, CancellationToken, Task<CommandAnswer<T>>> work, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await store.CommitAsync(
                async (transaction, token) =>
                {
                    var answer = await work(transaction, token);
                    return answer.Refusal is null ? answer : throw new RefusedException<T>(answer);
                },
                cancellationToken);
        }
        catch (RefusedException<T> refused)
        {
            return refused.Answer;
        }
        catch (DbUpdateConcurrencyException)
        {
            return DirectoryRefusals.ChangedMeanwhile;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation })
        {
            return DirectoryRefusals.ChangedMeanwhile;
        }
    }

    /// <summary>Rolls the transaction back: what a command changed before it refused is not kept.</summary>
    private sealed class RefusedException<T>(CommandAnswer<T> answer) : Exception
        where T : class
    {
        public CommandAnswer<T> Answer { get; } = answer;
    }
}
