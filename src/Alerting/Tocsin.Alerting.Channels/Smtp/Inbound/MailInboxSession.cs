using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>One client of the inbox: reads its lines, writes the replies of <see cref="SmtpReception"/>, hands over what it sends.</summary>
/// <remarks>One loop. A deadline counts per command and per content, not per octet: a client that trickles is cut like one that is silent.</remarks>
internal sealed partial class MailInboxSession : IDisposable
{
    public delegate ValueTask ContentTaker(string sender, TaggedRecipient recipient, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    private readonly Socket socket;
    private readonly MailInboxOptions options;
    private readonly X509Certificate2? certificate;
    private readonly ContentTaker take;
    private readonly ILogger log;
    private readonly SmtpReception reception;
    private readonly ITimer deadline;
    private readonly StringBuilder replies = new();
    private readonly byte[] input = new byte[16 * 1024];
    private Stream stream;
    private int start;
    private int end;

    public MailInboxSession(Socket socket, MailInboxOptions options, X509Certificate2? certificate, TimeProvider time, Func<string, TaggedRecipient?> findRecipient, ContentTaker take, ILogger log)
    {
        this.socket = socket;
        this.options = options;
        this.certificate = certificate;
        this.take = take;
        this.log = log;
        stream = new NetworkStream(socket, ownsSocket: false);
        reception = new SmtpReception(options.HostName, options.MaximumMessageOctets, certificate is not null, findRecipient);
        deadline = time.CreateTimer(static session => ((MailInboxSession)session!).Cut(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Cut() => socket.Dispose();

    public void Dispose()
    {
        deadline.Dispose();
        stream.Dispose();
        socket.Dispose();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            replies.Append(reception.Greeting);
            Arm(options.CommandTimeout);
            var after = AfterReply.ReadCommand;
            while (after != AfterReply.Close)
            {
                after = await ReadLineAsync() is { } line ? Handle(line) : AfterReply.Close;
                if (after == AfterReply.ReadContent)
                    after = await ReadContentAsync(cancellationToken);
                else if (after == AfterReply.BeginTls)
                    after = await BeginTlsAsync();
            }
            await FlushAsync();
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or AuthenticationException or InvalidOperationException)
        {
            // The client left, or was cut for being slow. What it had handed over whole has been dealt with.
        }
    }

    private AfterReply Handle(ReadOnlyMemory<byte> line)
    {
        var (reply, after) = reception.HandleLine(line.Span);
        replies.Append(reply);
        Arm(options.CommandTimeout);
        return after;
    }

    private async ValueTask<AfterReply> ReadContentAsync(CancellationToken cancellationToken)
    {
        Arm(options.ContentTimeout);
        var content = new ContentReceiver(options.MaximumMessageOctets);
        var ended = false;
        while (!ended)
        {
            if (start == end && !await FillAsync())
                return AfterReply.Close;
            start += content.Take(input.AsSpan(start, end - start), out ended);
        }
        replies.Append(content.IsTooLong ? "552 5.3.4 Message too large\r\n" : await KeepAsync(content.Content, cancellationToken));
        reception.EndTransaction();
        Arm(options.CommandTimeout);
        return AfterReply.ReadCommand;
    }

    private async ValueTask<string> KeepAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        // Ours to be slow now, not the client's.
        deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            foreach (var recipient in reception.Recipients)
                await take(reception.Sender, recipient, content, cancellationToken);
            return "250 2.0.0 Kept\r\n";
        }
        catch (Exception error)
        {
            LogNotKept(error.GetType().Name);
            return "451 4.3.0 Not kept, come again\r\n";
        }
    }

    private async ValueTask<AfterReply> BeginTlsAsync()
    {
        // What was sent in clear behind STARTTLS would be taken for the client's own words inside TLS.
        if (start < end)
        {
            replies.Clear();
            return AfterReply.Close;
        }
        await FlushAsync();
        var encrypted = new SslStream(stream, leaveInnerStreamOpen: false);
        stream = encrypted;
        await encrypted.AuthenticateAsServerAsync(certificate!);
        reception.TlsBegan();
        Arm(options.CommandTimeout);
        return AfterReply.ReadCommand;
    }

    /// <summary>Without its CR LF; null at the client's end. A line that fills the buffer is given as it is, for <see cref="SmtpReception"/> to refuse.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync()
    {
        while (true)
        {
            var found = input.AsSpan(start, end - start).IndexOf("\r\n"u8);
            var length = found >= 0 ? found : end - start;
            if (found >= 0 || length > SmtpReception.MaximumLineOctets)
            {
                var line = input.AsMemory(start, length);
                start += found >= 0 ? length + 2 : length;
                return line;
            }
            if (!await FillAsync())
                return null;
        }
    }

    /// <summary>Sends what is to be said, then waits for more: a client that pipelines gets its replies together.</summary>
    private async ValueTask<bool> FillAsync()
    {
        await FlushAsync();
        if (start > 0)
        {
            input.AsSpan(start, end - start).CopyTo(input);
            end -= start;
            start = 0;
        }
        var read = await stream.ReadAsync(input.AsMemory(end));
        end += read;
        return read > 0;
    }

    private async ValueTask FlushAsync()
    {
        if (replies.Length == 0)
            return;
        var octets = Encoding.ASCII.GetBytes(replies.ToString());
        replies.Clear();
        await stream.WriteAsync(octets);
    }

    private void Arm(TimeSpan within) => deadline.Change(within, Timeout.InfiniteTimeSpan);

    [LoggerMessage(LogLevel.Error, "A mail that came back could not be kept ({Error}); its sender was asked to come again")]
    private partial void LogNotKept(string error);
}
