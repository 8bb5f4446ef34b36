namespace Tocsin.Rooms;

/// <summary>One entry of a room as its author signed it: a view of the bytes that it was read from, which must outlive it.</summary>
/// <remarks>The layout is in docs/protocol/rooms.md; web/src/e2ee/rooms/entry.ts is the other implementation.</remarks>
public readonly ref struct RoomEntry
{
    public const int MaximumPayloadLength = (1 << 18) - 1;
    public const int HeaderLength = 102;
    public const int MaximumLength = HeaderLength + 3 + MaximumPayloadLength + Ed25519.SignatureLength;

    private const byte Version = 1;

    private readonly ReadOnlySpan<byte> bytes;

    private RoomEntry(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    public ReadOnlySpan<byte> Room => bytes[1..17];

    /// <summary>Chosen by the author: the same entry sent twice is written once.</summary>
    public ReadOnlySpan<byte> Id => bytes[17..33];

    public ReadOnlySpan<byte> Device => bytes[33..49];

    /// <summary>1, 2, 3 ... of this device in this room.</summary>
    public ulong DeviceSeq => new WireReader(bytes[49..57]).ReadUInt64();

    /// <summary>Number of the head that the author had verified.</summary>
    public ulong SeenSeq => new WireReader(bytes[57..65]).ReadUInt64();

    public ReadOnlySpan<byte> SeenHash => bytes[65..97];

    public EntryClass Class => (EntryClass)bytes[97];

    public uint Era => new WireReader(bytes[98..HeaderLength]).ReadUInt32();

    /// <summary>Everything before the payload, as it is bound to what is sealed.</summary>
    public ReadOnlySpan<byte> Header => bytes[..HeaderLength];

    public ReadOnlySpan<byte> Payload => bytes[(HeaderLength + 3)..^Ed25519.SignatureLength];

    public ReadOnlySpan<byte> Signature => bytes[^Ed25519.SignatureLength..];

    /// <summary>The shape alone: nothing is verified.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RoomEntry entry, out EntryRefusal refusal)
    {
        refusal = Judge(bytes);
        entry = refusal == EntryRefusal.None ? new(bytes) : default;
        return refusal == EntryRefusal.None;
    }

    /// <summary>Whether this device's key signed it.</summary>
    public bool IsSignedBy(ReadOnlySpan<byte> deviceKey) =>
        Labels.Verify(deviceKey, "Tocsin room entry v1\0"u8, bytes[..^Ed25519.SignatureLength], Signature);

    private static EntryRefusal Judge(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaximumLength) return EntryRefusal.TooLong;
        var reader = new WireReader(bytes);
        var header = reader.Take(HeaderLength);
        var payload = reader.TakeVector24();
        reader.Take(Ed25519.SignatureLength);
        if (!reader.IsComplete || header[0] != Version || payload.Length > MaximumPayloadLength) return EntryRefusal.Malformed;
        return header[97] is >= (byte)EntryClass.Content and <= (byte)EntryClass.Departure ? EntryRefusal.None : EntryRefusal.UnknownClass;
    }
}
