using System.Buffers.Binary;

namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>Puts fields into a PDU, and its header last, when the length is known. Once a field does not fit, nothing more is written.</summary>
internal ref struct BodyWriter
{
    private readonly Span<byte> destination;
    private int position = PduHeader.Size;
    private bool failed;

    public BodyWriter(Span<byte> destination)
    {
        this.destination = destination;
        failed = destination.Length < PduHeader.Size;
    }

    public void Octet(byte octet)
    {
        var room = Reserve(1);
        if (!failed)
            room[0] = octet;
    }

    public void Octets(ReadOnlySpan<byte> octets)
    {
        var room = Reserve(octets.Length);
        if (!failed)
            octets.CopyTo(room);
    }

    /// <summary>A C-octet string that with its NUL has at most <paramref name="size"/> octets.</summary>
    public void Text(ReadOnlySpan<byte> text, int size)
    {
        failed |= text.Length >= size || text.Contains((byte)0);
        Octets(text);
        Octet(0);
    }

    /// <summary>An optional parameter. SMPP 3.4 section 3.2.4.1: tag, length, value.</summary>
    public void Tlv(OptionalTag tag, ReadOnlySpan<byte> value)
    {
        failed |= value.Length > ushort.MaxValue;
        var room = Reserve(4);
        if (failed)
            return;
        BinaryPrimitives.WriteUInt16BigEndian(room, (ushort)tag);
        BinaryPrimitives.WriteUInt16BigEndian(room[2..], (ushort)value.Length);
        Octets(value);
    }

    /// <returns>False where a field was too long or the destination too short; nothing of use was written then.</returns>
    public readonly bool TryFinish(CommandId command, CommandStatus status, uint sequence, out int written)
    {
        written = 0;
        if (failed || position > PduHeader.LongestPdu)
            return false;
        written = position;
        return new PduHeader(position, command, status, sequence).TryWrite(destination);
    }

    private Span<byte> Reserve(int count)
    {
        if (failed || destination.Length - position < count)
        {
            failed = true;
            return default;
        }

        var room = destination.Slice(position, count);
        position += count;
        return room;
    }
}
