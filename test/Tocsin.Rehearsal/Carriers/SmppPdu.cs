using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Tocsin.Rehearsal.Carriers;

/// <summary>SMPP 3.4 as an SMS centre sees it. Written from the specification, not from the code under test.</summary>
/// <remarks>
/// <code>
///  0        4        8        12        16
///  +--------+--------+--------+---------+------
///  | length | command| status | sequence| body     big-endian; length counts itself
///  +--------+--------+--------+---------+------
/// </code>
/// </remarks>
internal static class SmppPdu
{
    public const int HeaderSize = 16;
    public const int Largest = 64 * 1024;

    public const uint BindTransceiver = 0x09;
    public const uint SubmitSm = 0x04;
    public const uint DeliverSm = 0x05;
    public const uint Unbind = 0x06;
    public const uint EnquireLink = 0x15;
    public const uint Response = 0x8000_0000;

    private const byte DeliveryReceipt = 0x04;

    public static (uint Command, uint Status, uint Sequence) ReadHeader(ReadOnlySpan<byte> pdu) => (
        BinaryPrimitives.ReadUInt32BigEndian(pdu[4..]),
        BinaryPrimitives.ReadUInt32BigEndian(pdu[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(pdu[12..]));

    /// <summary>Section 4.4.1. Throws on a malformed body: the product wrote it, so it is a finding.</summary>
    public static SubmittedMessage ReadSubmit(ReadOnlySpan<byte> body)
    {
        ReadString(ref body);
        body = body[2..];
        ReadString(ref body);
        var ton = body[0];
        body = body[2..];
        var to = ReadString(ref body);
        var hasHeader = (body[0] & 0x40) != 0;
        body = body[3..];
        ReadString(ref body);
        ReadString(ref body);
        var wantsReceipt = (body[0] & 3) == 1;
        var dataCoding = body[2];
        var words = body.Slice(5, body[4]);
        var part = SmsPart.Whole;
        if (hasHeader)
        {
            part = SmsPart.Read(words);
            words = words[(words[0] + 1)..];
        }

        return new SubmittedMessage((ton == 1 ? "+" : "") + to, GsmText.Read(words, dataCoding), part, wantsReceipt);
    }

    public static void WriteNamed(IBufferWriter<byte> output, uint command, uint sequence, string name) =>
        Write(output, command, 0, sequence, Encoding.ASCII.GetBytes(name + '\0'));

    public static void WriteBare(IBufferWriter<byte> output, uint command, uint sequence) => Write(output, command, 0, sequence, []);

    /// <summary>A deliver_sm: a receipt in the form of appendix B, or what a person wrote.</summary>
    public static void WriteDeliver(IBufferWriter<byte> output, uint sequence, Parcel parcel)
    {
        var (esmClass, words) = parcel switch
        {
            Parcel.Receipt receipt => (DeliveryReceipt, $"id:{receipt.MessageId} sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 text:"),
            Parcel.Reply reply => ((byte)0, reply.Text),
            _ => throw new ArgumentOutOfRangeException(nameof(parcel)),
        };
        var text = Encoding.ASCII.GetBytes(words);
        var body = new ArrayBufferWriter<byte>(text.Length + 64);
        body.Write("\0\x01\x01"u8);
        body.Write(Encoding.ASCII.GetBytes(parcel.From.TrimStart('+') + '\0'));
        body.Write("\x03\0"u8);
        body.Write("38000\0"u8);
        ReadOnlySpan<byte> rest = [esmClass, 0, 0, 0, 0, 0, 0, 0, 0, (byte)text.Length];
        body.Write(rest);
        body.Write(text);
        Write(output, DeliverSm, 0, sequence, body.WrittenSpan);
    }

    private static void Write(IBufferWriter<byte> output, uint command, uint status, uint sequence, ReadOnlySpan<byte> body)
    {
        var header = output.GetSpan(HeaderSize);
        BinaryPrimitives.WriteUInt32BigEndian(header, (uint)(HeaderSize + body.Length));
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], command);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], status);
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], sequence);
        output.Advance(HeaderSize);
        output.Write(body);
    }

    private static string ReadString(ref ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf((byte)0);
        var text = Encoding.ASCII.GetString(body[..end]);
        body = body[(end + 1)..];
        return text;
    }
}

/// <param name="To">With a plus where the number is international.</param>
internal readonly record struct SubmittedMessage(string To, string Text, SmsPart Part, bool WantsReceipt);

/// <summary>What a centre has for the server.</summary>
/// <param name="From">Whose phone it comes from.</param>
internal abstract record Parcel(string From)
{
    public sealed record Receipt(string MessageId, string From) : Parcel(From);

    public sealed record Reply(string From, string Text) : Parcel(From);
}

/// <summary>Which part of which text (3GPP TS 23.040 section 9.2.3.24.1).</summary>
internal readonly record struct SmsPart(byte Reference, byte Count, byte Number)
{
    public static SmsPart Whole { get; } = new(0, 1, 1);

    public static SmsPart Read(ReadOnlySpan<byte> userData)
    {
        var header = userData.Slice(1, userData[0]);
        while (header.Length >= 2)
        {
            if (header[0] == 0 && header[1] == 3) return new SmsPart(header[2], header[3], header[4]);
            header = header[(2 + header[1])..];
        }

        return Whole;
    }
}
