using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Commands;

/// <summary>Lets one writer at a time into SQLite, first come first served.</summary>
/// <remarks>SQLite has one writer anyway; without a queue, waiting writers poll the file lock in 150 ms steps and the unlucky one starves. PostgreSQL needs no gate.</remarks>
public sealed class WriteGate : IDisposable
{
    private readonly SemaphoreSlim turns = new(1, 1);

    public async ValueTask<Turn> EnterAsync(DatabaseKind kind, CancellationToken cancellationToken)
    {
        if (kind == DatabaseKind.PostgreSql) return default;
        await turns.WaitAsync(cancellationToken);
        return new Turn(turns);
    }

    public void Dispose() => turns.Dispose();

    /// <summary>The right to write; disposing it lets the next one in.</summary>
    public readonly struct Turn(SemaphoreSlim? held) : IDisposable
    {
        public void Dispose() => held?.Release();
    }
}
