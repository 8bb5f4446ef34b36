namespace Tocsin.Storage.Commands;

/// <summary>The request that commands below run for, when it carries an idempotency key. The first commit claims the key in its own transaction.</summary>
/// <param name="Actor">Whose key it is.</param>
/// <param name="RequestHash">SHA-256 of what was asked.</param>
public sealed record IdempotentRequest(string Actor, string Key, byte[] RequestHash)
{
    private static readonly AsyncLocal<IdempotentRequest?> Ambient = new();

    private volatile bool kept;
    private volatile bool claimed;

    /// <summary>The request of the running call, or null.</summary>
    public static IdempotentRequest? Current => Ambient.Value;

    /// <summary>Whether a commit carried the key: then the command was done, whatever happened to its answer.</summary>
    public bool IsClaimed => claimed;

    /// <summary>Makes this the request of everything called from here on.</summary>
    public void Enter() => Ambient.Value = this;

    internal bool MustClaim => !IsClaimed;

    internal void MarkKept() => kept = true;

    internal void MarkCommitted() => claimed |= kept;
}

/// <summary>Another request with the same key was committed first; nothing of this one was kept.</summary>
public sealed class IdempotencyKeyTakenException() : Exception("The idempotency key was taken by a command that was committed first.");
