using System.Buffers.Binary;

namespace Tocsin.Media.Engine.Dtls;

/// <summary>Numbers the unencrypted records that we send, so that a flight sent again has new numbers and the peer's replay check lets it pass.</summary>
/// <remarks>
/// RFC 6347 sections 4.1 and 4.2.4: messages are repeated, records are not. In epoch 0 nothing depends on the number: no code covers it, nor the hash of the
/// handshake. Records of later epochs are left as they are: their numbers are authenticated, and OpenSSL repeats those messages itself.
/// <code>
/// | type, 1 | version, 2 | epoch, 2 | sequence number, 6 | length, 2 | fragment |
/// </code>
/// </remarks>
internal sealed class DtlsRecordNumbers
{
    private const int HeaderLength = 13;
    private ulong _next;

    /// <summary>Gives every record of epoch 0 in our own <paramref name="datagram"/> the next number.</summary>
    public void Renumber(Span<byte> datagram)
    {
        while (datagram.Length >= HeaderLength)
        {
            var length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]);
            if (length > datagram.Length) return;
            if (BinaryPrimitives.ReadUInt16BigEndian(datagram[3..]) == 0)
            {
                // Epoch and number are one field of 64 bits, and the epoch is zero.
                BinaryPrimitives.WriteUInt64BigEndian(datagram[3..], _next++);
            }
            datagram = datagram[length..];
        }
    }
}
