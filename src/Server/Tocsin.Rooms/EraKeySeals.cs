namespace Tocsin.Rooms;

/// <summary>The key of an era, sealed to members. Who reads here opens none of it.</summary>
internal static class EraKeySeals
{
    private const int MaximumSeals = 200;
    private const int SealLength = 16 + 1168;

    /// <summary>The era, or null where the payload is malformed.</summary>
    public static uint? ReadEra(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        var era = reader.ReadUInt32();
        var seals = reader.TakeVector24();
        if (!reader.IsComplete || seals.Length % SealLength != 0 || seals.Length / SealLength > MaximumSeals) return null;
        var accounts = new HashSet<Guid>();
        for (; !seals.IsEmpty; seals = seals[SealLength..])
        {
            if (!accounts.Add(new Guid(seals[..16], bigEndian: true))) return null;
        }

        return era;
    }
}
