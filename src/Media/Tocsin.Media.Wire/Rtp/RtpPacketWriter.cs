using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tocsin.Media.Wire.Rtp;

/// <summary>The fixed part of a header, for writing.</summary>
/// <param name="PayloadType">7 bits.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RtpFields(byte PayloadType, bool Marker, ushort SequenceNumber, uint Timestamp, uint Ssrc)
{
    public static RtpFields Of(in RtpHeader header) => new(header.PayloadType, header.Marker, header.SequenceNumber, header.Timestamp, header.Ssrc);
}

/// <summary>
/// Writes one packet into the caller's buffer: header, contributing sources, extension elements, payload, padding, in this order.
/// What finds no room is remembered, and <see cref="TryFinish"/> says false.
/// </summary>
/// <remarks>RFC 3550 section 5.1, RFC 8285. The sources must not overlap the buffer. Does not allocate.</remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct RtpPacketWriter
{
    private readonly Span<byte> _buffer;
    private readonly HeaderExtensionForm _form;

    /// <summary>Where the extension's own header is, or 0 while there is none.</summary>
    private int _extensionOffset;

    private int _length;
    private bool _closed;
    private bool _failed;

    /// <param name="form">Two-byte where any element needs it: see <see cref="HeaderExtensionForms"/>. The peer must have negotiated extmap-allow-mixed.</param>
    public RtpPacketWriter(Span<byte> buffer, in RtpFields fields, HeaderExtensionForm form = HeaderExtensionForm.OneByte)
    {
        _buffer = buffer;
        _form = form;
        _failed = buffer.Length < RtpHeader.FixedLength || fields.PayloadType > 0x7F;
        if (_failed)
            return;
        buffer[0] = 2 << 6;
        buffer[1] = (byte)((fields.Marker ? 0x80 : 0) | fields.PayloadType);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], fields.SequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], fields.Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[8..], fields.Ssrc);
        _length = RtpHeader.FixedLength;
    }

    /// <param name="csrcBytes">Four bytes each, at most 15 of them; before any extension.</param>
    public void AddContributingSources(scoped ReadOnlySpan<byte> csrcBytes)
    {
        if (csrcBytes.Length % 4 != 0 || csrcBytes.Length > 60 || _length != RtpHeader.FixedLength || !TryTake(csrcBytes.Length, out var destination))
        {
            _failed = true;
            return;
        }

        csrcBytes.CopyTo(destination);
        _buffer[0] |= (byte)(csrcBytes.Length / 4);
    }

    public void AddExtension(byte id, scoped ReadOnlySpan<byte> value)
    {
        if (TryReserveExtension(id, value.Length, out var offset))
            value.CopyTo(_buffer[offset..]);
    }

    /// <summary>Makes room for an element whose value is known only when the packet leaves (send time, transport-wide sequence number); it is zeros until then.</summary>
    /// <param name="offset">Of the value, from the start of the packet.</param>
    public bool TryReserveExtension(byte id, int length, out int offset)
    {
        offset = 0;
        if (_closed || !HeaderExtensionForms.CanCarry(_form, id, length))
        {
            _failed = true;
            return false;
        }

        if (_extensionOffset == 0 && !TryBeginExtension())
            return false;
        var headerLength = _form == HeaderExtensionForm.OneByte ? 1 : 2;
        if (!TryTake(headerLength + length, out var element))
            return false;
        if (_form == HeaderExtensionForm.OneByte)
        {
            element[0] = (byte)((id << 4) | (length - 1));
        }
        else
        {
            element[0] = id;
            element[1] = (byte)length;
        }

        element[headerLength..].Clear();
        offset = _length - length;
        return true;
    }

    /// <summary>The payload, or another part of it.</summary>
    public void AddPayload(scoped ReadOnlySpan<byte> payload)
    {
        CloseExtension();
        if (TryTake(payload.Length, out var destination))
            payload.CopyTo(destination);
    }

    /// <param name="length">1 to 255 bytes, with the last, which counts them. Nothing may follow.</param>
    public void AddPadding(int length)
    {
        CloseExtension();
        if (length is < 1 or > 255 || !TryTake(length, out var destination))
        {
            _failed = true;
            return;
        }

        destination.Clear();
        destination[^1] = (byte)length;
        _buffer[0] |= 0x20;
    }

    /// <summary>False where the buffer was too small or a value not allowed; then nothing in it is of use.</summary>
    public bool TryFinish(out int written)
    {
        CloseExtension();
        written = _failed ? 0 : _length;
        return !_failed;
    }

    private bool TryBeginExtension()
    {
        var offset = _length;
        if (!TryTake(RtpHeader.ExtensionHeaderLength, out var header))
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(header, _form == HeaderExtensionForm.OneByte ? HeaderExtensions.OneByteProfile : HeaderExtensions.TwoByteProfile);
        _extensionOffset = offset;
        _buffer[0] |= 0x10;
        return true;
    }

    /// <summary>Pads the extension to a whole number of words and writes how many.</summary>
    private void CloseExtension()
    {
        if (_closed)
            return;
        _closed = true;
        if (_extensionOffset == 0)
            return;
        var dataLength = _length - _extensionOffset - RtpHeader.ExtensionHeaderLength;
        if (!TryTake(-dataLength & 3, out var padding))
            return;
        padding.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(_extensionOffset + 2)..], (ushort)((dataLength + 3) / 4));
    }

    private bool TryTake(int length, out Span<byte> destination)
    {
        destination = default;
        if (_failed || length > _buffer.Length - _length)
        {
            _failed = true;
            return false;
        }

        destination = _buffer.Slice(_length, length);
        _length += length;
        return true;
    }
}
