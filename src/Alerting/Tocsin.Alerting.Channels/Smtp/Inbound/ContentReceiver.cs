using System.Buffers;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>Gathers the content of one message up to the dot that ends it, and undoes dot-stuffing (RFC 5321 section 4.5.2).</summary>
/// <remarks>
/// Only CR LF ends a line here. Servers that also take a bare LF let a sender hide a second message inside the first ("SMTP smuggling").
/// What goes beyond the limit is counted and dropped, so that the client gets its refusal after the dot.
/// </remarks>
internal sealed class ContentReceiver(int limit)
{
    private readonly ArrayBufferWriter<byte> content = new();
    private State state = State.LineStart;

    private enum State
    {
        Line,
        Cr,
        LineStart,
        Dot,
        DotCr,
    }

    public bool IsTooLong { get; private set; }

    public ReadOnlyMemory<byte> Content => content.WrittenMemory;

    /// <returns>How many octets belong to the message and its end; true in <paramref name="ended"/> once the dot has come.</returns>
    public int Take(ReadOnlySpan<byte> octets, out bool ended)
    {
        ended = false;
        for (var i = 0; i < octets.Length; i++)
        {
            var octet = octets[i];
            switch (state)
            {
                case State.LineStart when octet == '.':
                    state = State.Dot;
                    continue;
                case State.Dot when octet == '\r':
                    state = State.DotCr;
                    continue;
                case State.DotCr when octet == '\n':
                    ended = true;
                    return i + 1;
                case State.DotCr:
                    Keep((byte)'\r');
                    state = State.Cr;
                    break;
                default:
                    break;
            }
            Keep(octet);
            state = (state, octet) switch
            {
                (State.Cr, (byte)'\n') => State.LineStart,
                (_, (byte)'\r') => State.Cr,
                _ => State.Line,
            };
        }
        return octets.Length;
    }

    private void Keep(byte octet)
    {
        if (content.WrittenCount >= limit)
        {
            IsTooLong = true;
            return;
        }
        content.GetSpan(1)[0] = octet;
        content.Advance(1);
    }
}
