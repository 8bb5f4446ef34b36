namespace Tocsin.Rooms;

/// <summary>What opens a sealed identity backup; the numbers are those of the format.</summary>
public enum BackupKind
{
    RecoveryCode = 1,
    Passkey = 2,
}

/// <summary>What a server can tell of a sealed identity backup: whose it is and what opens it. A view of the bytes that it was read from.</summary>
/// <remarks>The layout is in docs/protocol/identities.md.</remarks>
public readonly ref struct BackupHeader
{
    /// <summary>Of the whole backup.</summary>
    public const int BackupLength = 130;

    private const byte Version = 1;

    private readonly ReadOnlySpan<byte> bytes;

    private BackupHeader(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    public BackupKind Kind => (BackupKind)bytes[1];

    public ReadOnlySpan<byte> Account => bytes[2..18];

    public static bool TryRead(ReadOnlySpan<byte> backup, out BackupHeader header)
    {
        var isOne = backup.Length == BackupLength && backup[0] == Version && (BackupKind)backup[1] is BackupKind.RecoveryCode or BackupKind.Passkey;
        header = isOne ? new(backup) : default;
        return isOne;
    }
}
