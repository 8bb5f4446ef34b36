namespace Tocsin.Rooms;

/// <summary>What everybody knows of an account: the key that signs for it, and the one that is sealed to. A view of the bytes that it was read from, which must outlive it.</summary>
/// <remarks>The layout is in docs/protocol/identities.md; web/src/e2ee/identities/identity.ts is the other implementation.</remarks>
public readonly ref struct PublishedIdentity
{
    public const int Length = 1337;

    internal const byte Version = 1;

    private readonly ReadOnlySpan<byte> bytes;

    private PublishedIdentity(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    public ReadOnlySpan<byte> Account => bytes[1..17];

    public ReadOnlySpan<byte> SigningKey => bytes[17..49];

    /// <summary>Of X-Wing. Whether it is one shows when somebody seals to it.</summary>
    public ReadOnlySpan<byte> SealingKey => bytes[49..1265];

    /// <summary>As the device's clock had it.</summary>
    public ulong CreatedAtUnixMilliseconds => new WireReader(bytes[1265..1273]).ReadUInt64();

    /// <summary>False unless it signed itself: whoever publishes it holds the key.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PublishedIdentity identity)
    {
        identity = default;
        if (bytes.Length != Length || bytes[0] != Version) return false;
        var read = new PublishedIdentity(bytes);
        if (!Labels.Verify(read.SigningKey, "Tocsin identity v1\0"u8, bytes[..^Ed25519.SignatureLength], bytes[^Ed25519.SignatureLength..])) return false;
        identity = read;
        return true;
    }
}
