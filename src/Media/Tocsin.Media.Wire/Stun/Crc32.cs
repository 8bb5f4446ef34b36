namespace Tocsin.Media.Wire.Stun;

/// <summary>CRC-32 of ISO/IEC 13239 (as in Ethernet), reflected polynomial 0xEDB88320, one byte at a time: STUN messages are a hundred bytes, a few a second.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = CreateTable();

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = Table[(byte)crc ^ value] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (var index = 0u; index < table.Length; index++)
        {
            var crc = index;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            table[index] = crc;
        }

        return table;
    }
}
