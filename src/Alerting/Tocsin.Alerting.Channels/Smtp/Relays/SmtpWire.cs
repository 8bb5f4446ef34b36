using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>The octets to and from one relay: commands gathered and sent together, replies read one by one, each with its deadline.</summary>
/// <remarks>Used by one connection's loop at a time. A deadline that passes closes the socket, on the clock of the given <see cref="TimeProvider"/>.</remarks>
internal sealed class SmtpWire : IDisposable
{
    /// <summary>More than any reply that <see cref="SmtpReplyParser"/> takes on the path of a mail; an EHLO reply may make it grow.</summary>
    private const int InitialReadBuffer = 4096;

    private const int MaximumReadBuffer = SmtpReplyParser.MaximumLineOctets * 16;

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ITimer deadline;
    private readonly ArrayBufferWriter<byte> output = new(16 * 1024);
    private Stream? stream;
    private byte[] input = new byte[InitialReadBuffer];
    private int start;
    private int end;
    private volatile bool timedOut;

    public SmtpWire(TimeProvider time)
    {
        deadline = time.CreateTimer(
            static state =>
            {
                var wire = (SmtpWire)state!;
                wire.timedOut = true;
                wire.socket.Dispose();
            },
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    public bool IsEncrypted => stream is SslStream;

    /// <summary>Octets that came before they were asked for.</summary>
    public bool HasUnreadInput => end > start;

    public IBufferWriter<byte> Output => output;

    public async ValueTask ConnectAsync(string host, int port, TimeSpan within)
    {
        Arm(within);
        try
        {
            await socket.ConnectAsync(host, port);
            stream = new NetworkStream(socket, ownsSocket: false);
        }
        catch (SocketException error)
        {
            throw timedOut ? RelayFaultException.TimedOut(error) : new RelayFaultException("connection-refused", new(FailureCodes.CarrierUnavailable), error);
        }
        catch (ObjectDisposedException error)
        {
            throw RelayFaultException.TimedOut(error);
        }
    }

    public async ValueTask EncryptAsync(SslClientAuthenticationOptions options, TimeSpan within)
    {
        Arm(within);
        var encrypted = new SslStream(stream!, leaveInnerStreamOpen: false);
        stream = encrypted;
        try
        {
            await encrypted.AuthenticateAsClientAsync(options);
        }
        catch (AuthenticationException error)
        {
            throw new RelayFaultException("tls-refused", new(FailureCodes.CarrierUnavailable, "TLS certificate or handshake"), error);
        }
        catch (Exception error) when (IsBreak(error))
        {
            throw Broken(error);
        }
    }

    public void Write(string text) => Encoding.UTF8.GetBytes(text, output);

    public void Write(ReadOnlySpan<byte> octets) => output.Write(octets);

    public async ValueTask FlushAsync(TimeSpan within)
    {
        Arm(within);
        try
        {
            await stream!.WriteAsync(output.WrittenMemory);
            output.ResetWrittenCount();
        }
        catch (Exception error) when (IsBreak(error))
        {
            throw Broken(error);
        }
    }

    public async ValueTask<SmtpReply> ReadReplyAsync(TimeSpan within, bool keepText = false)
    {
        Arm(within);
        while (true)
        {
            switch (SmtpReplyParser.TryParse(input.AsSpan(start, end - start), keepText, out var consumed, out var reply))
            {
                case ReplyParse.Complete:
                    start += consumed;
                    Rest();
                    return reply;
                case ReplyParse.Malformed:
                    throw new RelayFaultException("not-smtp", new(FailureCodes.CarrierUnavailable, "not SMTP"));
                default:
                    await FillAsync();
                    break;
            }
        }
    }

    /// <summary>No deadline until the next operation: the connection waits for mail.</summary>
    public void Rest() => deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        deadline.Dispose();
        stream?.Dispose();
        socket.Dispose();
    }

    private void Arm(TimeSpan within) => deadline.Change(within, Timeout.InfiniteTimeSpan);

    private async ValueTask FillAsync()
    {
        if (start > 0)
        {
            input.AsSpan(start, end - start).CopyTo(input);
            end -= start;
            start = 0;
        }
        if (end == input.Length)
        {
            if (input.Length >= MaximumReadBuffer)
                throw new RelayFaultException("not-smtp", new(FailureCodes.CarrierUnavailable, "reply too long"));
            Array.Resize(ref input, input.Length * 4);
        }
        int read;
        try
        {
            read = await stream!.ReadAsync(input.AsMemory(end));
        }
        catch (Exception error) when (IsBreak(error))
        {
            throw Broken(error);
        }
        if (read == 0)
            throw Broken(inner: null);
        end += read;
    }

    private RelayFaultException Broken(Exception? inner) => timedOut ? RelayFaultException.TimedOut(inner) : RelayFaultException.Lost(inner);

    private static bool IsBreak(Exception error) => error is IOException or SocketException or ObjectDisposedException or InvalidOperationException;
}
