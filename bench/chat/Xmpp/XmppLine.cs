using System.Text;
using Tocsin.Bench.Chat.Load;

namespace Tocsin.Bench.Chat.Xmpp;

/// <summary>An XMPP client (RFC 6120, XEP-0045) that signs in anonymously, joins one room, and reads and writes there; in the least that a client can do.</summary>
internal sealed class XmppLine(int roomNumber, int member, ChatRoom chat) : LineClient
{
    private const string Open = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>";

    private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string room = $"room{roomNumber}@conference.localhost";

    private Stage stage = Stage.Connected;
    private int written;

    private enum Stage
    {
        Connected,
        SigningIn,
        SignedIn,
        Binding,
        Joining,
    }

    /// <summary>Completes once the room says that one is in it.</summary>
    public async Task JoinAsync(int port)
    {
        await OpenAsync(port);
        await SendTextAsync(Open);
        await joined.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    public Task WriteAsync(string body) => SendTextAsync($"<message to='{room}' type='groupchat' id='{++written}'><body>{body}</body></message>");

    protected override void Fail(Exception exception)
    {
        base.Fail(exception);
        joined.TrySetException(exception);
    }

    protected override int Take(ReadOnlySpan<byte> received)
    {
        var taken = 0;
        while (TakeElement(received[taken..]) is var length and > 0) taken += length;
        return taken;
    }

    /// <summary>One element of the stream, as a whole; its opening tag and its declaration count as some.</summary>
    private int TakeElement(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'>');
        if (end < 0) return 0;
        var tag = bytes[..(end + 1)];
        if (tag.StartsWith("</stream:stream"u8)) throw new IOException("The server ended a stream.");
        if (tag.StartsWith("<?"u8) || tag.StartsWith("<stream:stream"u8) || tag.StartsWith(" "u8) || tag.StartsWith("\n"u8)) return end + 1;
        if (tag[^2] != '/')
        {
            Span<byte> closing = stackalloc byte[64];
            var name = tag[1..^1];
            if (name.IndexOf((byte)' ') is var blank and >= 0) name = name[..blank];
            "</"u8.CopyTo(closing);
            name.CopyTo(closing[2..]);
            closing[name.Length + 2] = (byte)'>';
            var closed = bytes.IndexOf(closing[..(name.Length + 3)]);
            if (closed < 0) return 0;
            end = closed + name.Length + 2;
        }

        TakeStanza(bytes[..(end + 1)], tag);
        return end + 1;
    }

    private void TakeStanza(ReadOnlySpan<byte> stanza, ReadOnlySpan<byte> tag)
    {
        if (tag.IndexOf("'error'"u8) >= 0 || tag.IndexOf("\"error\""u8) >= 0 || tag.StartsWith("<stream:error"u8) || tag.StartsWith("<failure"u8))
            throw new InvalidDataException("The server refused: " + Encoding.UTF8.GetString(stanza));
        if (tag.StartsWith("<message"u8))
        {
            // The room's subject comes as a message too.
            var from = stanza.IndexOf("<body>"u8);
            if (from < 0 || stanza.IndexOf("<subject"u8) >= 0) return;
            from += "<body>"u8.Length;
            chat.Deliver(member, stanza[from..stanza.IndexOf("</body>"u8)]);
            return;
        }

        switch (stage)
        {
            case Stage.Connected when tag.StartsWith("<stream:features"u8):
                Advance(Stage.SigningIn, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
                break;
            case Stage.SigningIn when tag.StartsWith("<success"u8):
                Advance(Stage.SignedIn, Open);
                break;
            case Stage.SignedIn when tag.StartsWith("<stream:features"u8):
                Advance(Stage.Binding, "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
                break;
            case Stage.Binding when tag.StartsWith("<iq"u8):
                Advance(Stage.Joining, $"<presence to='{room}/member{member}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>");
                break;
            case Stage.Joining when tag.StartsWith("<presence"u8) && (stanza.IndexOf("'110'"u8) >= 0 || stanza.IndexOf("\"110\""u8) >= 0):
                joined.TrySetResult();
                break;
        }
    }

    private void Advance(Stage to, string text)
    {
        stage = to;
        _ = SendTextAsync(text);
    }

    private Task SendTextAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));
}
