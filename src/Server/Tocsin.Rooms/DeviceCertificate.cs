namespace Tocsin.Rooms;

/// <summary>An identity says that a device is its own: a view of the bytes that it was read from, which must outlive it.</summary>
/// <remarks>The layout is in docs/protocol/identities.md.</remarks>
public readonly ref struct DeviceCertificate
{
    public const int Length = 169;

    internal const byte Version = 1;

    private readonly ReadOnlySpan<byte> bytes;

    private DeviceCertificate(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    public ReadOnlySpan<byte> Account => bytes[1..17];

    public ReadOnlySpan<byte> Device => bytes[17..33];

    public ReadOnlySpan<byte> IdentityKey => bytes[33..65];

    public ReadOnlySpan<byte> DeviceKey => bytes[65..97];

    /// <summary>As the device's clock had it.</summary>
    public ulong IssuedAtUnixMilliseconds => new WireReader(bytes[97..105]).ReadUInt64();

    /// <summary>False unless the identity that it names signed it. Whether that identity is the account's, the directory says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out DeviceCertificate certificate)
    {
        certificate = default;
        if (bytes.Length != Length || bytes[0] != Version) return false;
        var read = new DeviceCertificate(bytes);
        if (!Labels.Verify(read.IdentityKey, "Tocsin device certificate v1\0"u8, bytes[..^Ed25519.SignatureLength], bytes[^Ed25519.SignatureLength..])) return false;
        certificate = read;
        return true;
    }
}
