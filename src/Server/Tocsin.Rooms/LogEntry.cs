namespace Tocsin.Rooms;

/// <summary>One entry of the directory log, its statement verified as far as it speaks for itself: a view of the bytes that it was read from, which must outlive it.</summary>
/// <remarks>The layout is in docs/protocol/identities.md; web/src/e2ee/identities/directory-log.ts is the other implementation.</remarks>
public readonly ref struct LogEntry
{
    /// <summary>Of an identity, the longest statement there is.</summary>
    public const int MaximumLength = HeaderLength + PublishedIdentity.Length;

    private const int HeaderLength = 4;
    private const byte Version = 1;

    private LogEntry(StatementKind kind, ReadOnlySpan<byte> account, ReadOnlySpan<byte> device, ReadOnlySpan<byte> identityKey)
    {
        Kind = kind;
        Account = account;
        Device = device;
        IdentityKey = identityKey;
    }

    public StatementKind Kind { get; }

    public ReadOnlySpan<byte> Account { get; }

    /// <summary>Empty for an identity.</summary>
    public ReadOnlySpan<byte> Device { get; }

    /// <summary>Who signed: the identity itself, or the one that it says it is of.</summary>
    public ReadOnlySpan<byte> IdentityKey { get; }

    /// <summary>Shape and signature. Whether that identity is the account's present one, only the log before it says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LogEntry entry, out LogRefusal refusal)
    {
        entry = default;
        var reader = new WireReader(bytes);
        var version = reader.ReadByte();
        var kind = (StatementKind)reader.ReadByte();
        var statement = reader.TakeVector16();
        refusal = LogRefusal.MalformedEntry;
        if (!reader.IsComplete || version != Version) return false;
        refusal = kind switch
        {
            StatementKind.Identity => ReadIdentity(statement, out entry),
            StatementKind.DeviceCertificate => ReadCertificate(statement, out entry),
            StatementKind.DeviceRevocation => ReadRevocation(statement, out entry),
            _ => LogRefusal.MalformedEntry,
        };
        return refusal == LogRefusal.None;
    }

    private static LogRefusal ReadIdentity(ReadOnlySpan<byte> statement, out LogEntry entry)
    {
        entry = default;
        if (statement.Length != PublishedIdentity.Length || statement[0] != PublishedIdentity.Version) return LogRefusal.MalformedIdentity;
        if (!PublishedIdentity.TryRead(statement, out var read)) return LogRefusal.BadSignature;
        entry = new(StatementKind.Identity, read.Account, [], read.SigningKey);
        return LogRefusal.None;
    }

    private static LogRefusal ReadCertificate(ReadOnlySpan<byte> statement, out LogEntry entry)
    {
        entry = default;
        if (statement.Length != DeviceCertificate.Length || statement[0] != DeviceCertificate.Version) return LogRefusal.MalformedCertificate;
        if (!DeviceCertificate.TryRead(statement, out var read)) return LogRefusal.BadSignature;
        entry = new(StatementKind.DeviceCertificate, read.Account, read.Device, read.IdentityKey);
        return LogRefusal.None;
    }

    private static LogRefusal ReadRevocation(ReadOnlySpan<byte> statement, out LogEntry entry)
    {
        entry = default;
        if (statement.Length != DeviceRevocation.Length || statement[0] != DeviceRevocation.Version) return LogRefusal.MalformedCertificate;
        if (!DeviceRevocation.TryRead(statement, out var read)) return LogRefusal.BadSignature;
        entry = new(StatementKind.DeviceRevocation, read.Account, read.Device, read.IdentityKey);
        return LogRefusal.None;
    }
}
