using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>Listens for what comes back by mail: delivery reports and people's replies, to the tagged addresses that our mails carried.</summary>
/// <remarks>
/// It is no mail server: it keeps nothing, relays nothing, and takes mail for no other address. A mail is acknowledged only once the
/// <see cref="IChannelInbox"/> has it; otherwise its sender is asked to come again.
/// </remarks>
public sealed partial class MailInbox : IAsyncDisposable
{
    private readonly MailInboxOptions options;
    private readonly IChannelInbox inbox;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly TaggedAddresses addresses;
    private readonly X509Certificate2? certificate;
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<MailInboxSession, Task> sessions = new();
    private readonly ConcurrentDictionary<IPAddress, int> sessionsPerHost = new();
    private Socket? listener;
    private Task accepting = Task.CompletedTask;

    /// <exception cref="ArgumentException"><see cref="MailInboxOptions.FindErrors"/> finds one.</exception>
    public MailInbox(MailInboxOptions options, IChannelInbox inbox, TimeProvider time, ILoggerFactory logs)
    {
        if (options.FindErrors().FirstOrDefault() is { } error)
            throw new ArgumentException(error, nameof(options));
        this.options = options;
        this.inbox = inbox;
        this.time = time;
        log = logs.CreateLogger<MailInbox>();
        addresses = new TaggedAddresses(new DeliveryTag(options.TagKey), options.TagSeparator, Parsed(options.BounceAddress), Parsed(options.ReplyAddress));
        if (options.CertificateFile.Length > 0)
            certificate = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.CertificateKeyFile);
    }

    /// <summary>Where it listens, once started; null where it is off.</summary>
    public IPEndPoint? EndPoint { get; private set; }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="SocketException">The port is taken, or needs a right that the process has not got.</exception>
    public void Start()
    {
        if (options.Listen.Length == 0)
            return;
        var endPoint = IPEndPoint.Parse(options.Listen);
        listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(endPoint);
        listener.Listen(options.MaximumConnections);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        accepting = AcceptAsync(listener);
    }

    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested)
            return;
        await closing.CancelAsync();
        listener?.Dispose();
        await accepting;
        foreach (var session in sessions.Keys)
            session.Cut();
        await Task.WhenAll(sessions.Values);
        certificate?.Dispose();
        closing.Dispose();
    }

    private static Mailbox? Parsed(string address) => Mailbox.TryParse(address, out var mailbox) ? mailbox : null;

    private async Task AcceptAsync(Socket socket)
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                Begin(await socket.AcceptAsync(closing.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException error)
            {
                if (closing.IsCancellationRequested)
                    return;
                // Out of file descriptors, or a client that left at once: the next may do better, and the sessions under way free what is short.
                LogAcceptFailed(error.SocketErrorCode);
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Begin(Socket client)
    {
        if (client.RemoteEndPoint is not IPEndPoint remote)
        {
            client.Dispose();
            return;
        }
        var host = remote.Address;
        var held = sessionsPerHost.AddOrUpdate(host, 1, static (_, count) => count + 1);
        if (sessions.Count >= options.MaximumConnections || held > options.MaximumConnectionsPerHost)
        {
            Release(host);
            // Closed without a word: a reply would need a place to wait for its writing.
            client.Dispose();
            return;
        }
        var session = new MailInboxSession(client, options, certificate, time, Find, TakeAsync, log);
        var started = new TaskCompletionSource();
        sessions[session] = started.Task;
        _ = RunAsync(session, host, started);
    }

    private async Task RunAsync(MailInboxSession session, IPAddress host, TaskCompletionSource ended)
    {
        await Task.Yield();
        try
        {
            await session.RunAsync(closing.Token);
        }
        catch (Exception defect)
        {
            // A session's defect ends that session, not the inbox.
            LogDefect(defect);
        }
        finally
        {
            session.Dispose();
            sessions.TryRemove(session, out _);
            Release(host);
            ended.SetResult();
        }
    }

    private void Release(IPAddress host)
    {
        if (sessionsPerHost.AddOrUpdate(host, 0, static (_, count) => count - 1) <= 0)
            sessionsPerHost.TryRemove(KeyValuePair.Create(host, 0));
    }

    private TaggedRecipient? Find(string address) => addresses.TryRead(address, out var recipient) ? recipient : null;

    /// <summary>Completes once everything that the mail says is durable; throws where it is not.</summary>
    private async ValueTask TakeAsync(string sender, TaggedRecipient recipient, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        switch (ReturnedMail.Read(content, sender, recipient.Purpose))
        {
            case ReturnedMail.Report report:
                await inbox.TakeReceiptAsync(
                    new DeliveryReceipt(ChannelKind.Email, options.ProviderId, ProviderMessageId: null, recipient.Delivery, report.Status.State, report.Status.Reason, time.GetUtcNow()),
                    cancellationToken);
                break;
            case ReturnedMail.Reply reply:
                await inbox.TakeReplyAsync(
                    new InboundReply(ChannelKind.Email, options.ProviderId, reply.From, reply.Text, recipient.Delivery, reply.Key, time.GetUtcNow()),
                    cancellationToken);
                break;
            default:
                break;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The mail inbox could not accept a connection: {Error}")]
    private partial void LogAcceptFailed(SocketError error);

    [LoggerMessage(LogLevel.Error, "A session of the mail inbox ended by a defect")]
    private partial void LogDefect(Exception defect);
}
