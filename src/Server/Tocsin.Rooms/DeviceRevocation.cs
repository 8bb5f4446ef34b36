namespace Tocsin.Rooms;

/// <summary>An identity says that a device is its own no longer: a view of the bytes that it was read from, which must outlive it.</summary>
/// <remarks>The layout is in docs/protocol/identities.md.</remarks>
public readonly ref struct DeviceRevocation
{
    public const int Length = 137;

    internal const byte Version = 1;

    private readonly ReadOnlySpan<byte> bytes;

    private DeviceRevocation(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    public ReadOnlySpan<byte> Account => bytes[1..17];

    public ReadOnlySpan<byte> Device => bytes[17..33];

    public ReadOnlySpan<byte> IdentityKey => bytes[33..65];

    /// <summary>As the device's clock had it.</summary>
    public ulong RevokedAtUnixMilliseconds => new WireReader(bytes[65..73]).ReadUInt64();

    /// <summary>False unless the identity that it names signed it. Whether that identity is the account's, the directory says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out DeviceRevocation revocation)
    {
        revocation = default;
        if (bytes.Length != Length || bytes[0] != Version) return false;
        var read = new DeviceRevocation(bytes);
        if (!Labels.Verify(read.IdentityKey, "Tocsin device revocation v1\0"u8, bytes[..^Ed25519.SignatureLength], bytes[^Ed25519.SignatureLength..])) return false;
        revocation = read;
        return true;
    }
}
