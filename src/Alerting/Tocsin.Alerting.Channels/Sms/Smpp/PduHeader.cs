using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>The sixteen octets that every PDU begins with.</summary>
/// <remarks>
/// SMPP 3.4 section 3.2, all fields big-endian:
/// <code>
///  0               4               8              12              16
/// +---------------+---------------+---------------+---------------+
/// | command_length|   command_id  | command_status|sequence_number|
/// +---------------+---------------+---------------+---------------+
/// </code>
/// command_length counts the whole PDU, the header with it.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PduHeader(int Length, CommandId Command, CommandStatus Status, uint Sequence)
{
    public const int Size = 16;

    /// <summary>The longest PDU that we take: a message_payload of 64 KiB does not fit, and nothing that a phone can send comes near it.</summary>
    public const int LongestPdu = 16 * 1024;

    /// <returns>False where there are fewer than sixteen octets, or where the length cannot be one (the stream is then beyond repair).</returns>
    public static bool TryParse(ReadOnlySpan<byte> octets, out PduHeader header)
    {
        header = default;
        if (octets.Length < Size)
            return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(octets);
        if (length is < Size or > LongestPdu)
            return false;
        header = new PduHeader(
            (int)length,
            (CommandId)BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            (CommandStatus)BinaryPrimitives.ReadUInt32BigEndian(octets[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[12..]));
        return true;
    }

    /// <returns>False where the destination has no sixteen octets.</returns>
    public bool TryWrite(Span<byte> destination)
    {
        if (destination.Length < Size)
            return false;
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], (uint)Command);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], (uint)Status);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Sequence);
        return true;
    }

    /// <summary>Writes a PDU that is a header alone (enquire_link, unbind, generic_nack and their answers).</summary>
    public static bool TryWriteBare(Span<byte> destination, CommandId command, CommandStatus status, uint sequence, out int written)
    {
        var fits = new PduHeader(Size, command, status, sequence).TryWrite(destination);
        written = fits ? Size : 0;
        return fits;
    }
}
