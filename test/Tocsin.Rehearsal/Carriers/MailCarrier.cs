using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tocsin.Rehearsal.Carriers;

/// <summary>A mail relay (RFC 5321, with PIPELINING) that takes every mail.</summary>
public sealed class MailCarrier : IAsyncDisposable
{
    private readonly Func<bool> loses;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<Socket> open = [];
    private readonly Lock gate = new();
    private int mails;

    /// <param name="loses">Asked for each mail: whether it is lost and not answered. Null: none is.</param>
    public MailCarrier(Func<bool>? loses = null)
    {
        this.loses = loses ?? (() => false);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Where the mails are counted that come from now on.</summary>
    public Arrivals Arrivals { get; set; } = new((_, _) => null);

    /// <summary>Which life of its server speaks to this carrier now.</summary>
    public int Life { get; set; }

    /// <summary>Whether anybody is connected. After a kill: whether octets of the dead may still be read.</summary>
    public bool IsConnected
    {
        get
        {
            lock (gate) return open.Count > 0;
        }
    }

    public int Mails => Volatile.Read(ref mails);

    public System.Collections.Concurrent.ConcurrentQueue<string> Faults { get; } = new();

    public ValueTask DisposeAsync()
    {
        listener.Stop();
        lock (gate)
        {
            foreach (var socket in open) socket.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        lock (gate) open.Add(socket);
        try
        {
            await new Session(this, socket).RunAsync();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side left.
        }
        catch (Exception exception)
        {
            Faults.Enqueue($"{exception.GetType().Name}: {exception.Message}");
        }

        lock (gate) open.Remove(socket);
        socket.Dispose();
    }

    private sealed class Session(MailCarrier carrier, Socket socket)
    {
        private readonly StringBuilder answers = new();
        private byte[] buffer = new byte[32 * 1024];
        private int filled;
        private string? recipient;
        private bool inContent;
        private bool isSilent;

        public async Task RunAsync()
        {
            answers.Append("220 rehearsal ESMTP\r\n");
            await AnswerAsync();
            while (true)
            {
                await carrier.Arrivals.HasRoomAsync();
                var received = await socket.ReceiveAsync(buffer.AsMemory(filled));
                if (received == 0) return;
                filled += received;
                var taken = TakeWhole(buffer.AsSpan(0, filled));
                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
                if (filled == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
                await AnswerAsync();
            }
        }

        private int TakeWhole(ReadOnlySpan<byte> received)
        {
            var at = 0;
            while (!isSilent)
            {
                var rest = received[at..];
                var end = rest.IndexOf(inContent ? "\r\n.\r\n"u8 : "\r\n"u8);
                if (end < 0) break;
                if (inContent)
                {
                    TakeContent(rest[..end]);
                    at += end + 5;
                }
                else
                {
                    TakeCommand(Encoding.UTF8.GetString(rest[..end]));
                    at += end + 2;
                }
            }

            return at;
        }

        private void TakeContent(ReadOnlySpan<byte> content)
        {
            inContent = false;
            var to = recipient ?? throw new InvalidDataException("A mail without a recipient.");
            recipient = null;
            if (carrier.loses())
            {
                isSilent = true;
                return;
            }

            Interlocked.Increment(ref carrier.mails);
            carrier.Arrivals.Take(to, MailText.Read(content), carrier.Life);
            answers.Append("250 2.0.0 taken\r\n");
        }

        private void TakeCommand(string line)
        {
            var verb = line.Split(' ', 2)[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    answers.Append("250-rehearsal\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250 8BITMIME\r\n");
                    break;
                case "MAIL" or "RSET" or "NOOP":
                    recipient = null;
                    answers.Append("250 2.1.0 well\r\n");
                    break;
                case "RCPT":
                    recipient = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.LastIndexOf('>')];
                    answers.Append("250 2.1.5 well\r\n");
                    break;
                case "DATA":
                    inContent = true;
                    answers.Append("354 go on\r\n");
                    break;
                case "QUIT":
                    answers.Append("221 2.0.0 good-bye\r\n");
                    break;
                default:
                    throw new InvalidDataException($"An unexpected command {verb}.");
            }
        }

        private async Task AnswerAsync()
        {
            if (answers.Length == 0) return;
            var octets = Encoding.ASCII.GetBytes(answers.ToString());
            answers.Clear();
            for (ReadOnlyMemory<byte> rest = octets; rest.Length > 0;) rest = rest[await socket.SendAsync(rest)..];
        }
    }
}
