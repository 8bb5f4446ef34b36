using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Channels.WebPush;

/// <summary>Web push (RFC 8030), encrypted to the browser (RFC 8291), to the push services that the administrator allowed.</summary>
public sealed partial class WebPushChannel : IAlertChannel, IRoomNotifier
{
    /// <summary>Notifications of rooms that are under way at once.</summary>
    private const int MostNotificationsAtOnce = 8;

    /// <summary>Seconds: whoever takes their telephone in the morning is told of the night.</summary>
    private const long RoomTimeToLive = 24 * 3600;

    private readonly WebPushChannelOptions options;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly VapidKey? vapidKey;
    private readonly VapidAuthorization? authorization;
    private readonly HashSet<string> allowedOrigins;
    private readonly SemaphoreSlim places;

    /// <summary>Apart from those of alerts: where a push service is silent, no alert waits behind what rooms have to say.</summary>
    private readonly SemaphoreSlim roomPlaces = new(MostNotificationsAtOnce);
    private readonly HttpMessageInvoker client;

    /// <summary>Not disposed of, and nor are the places: a send that comes after the end must find out that it does.</summary>
    private readonly CancellationTokenSource closing = new();

    /// <summary>Push services that could not be reached at the last try, with the reason.</summary>
    private readonly ConcurrentDictionary<string, string> unreachable = new(StringComparer.Ordinal);

    private bool disposed;

    /// <exception cref="ArgumentException"><see cref="WebPushChannelOptions.FindErrors"/> finds one.</exception>
    public WebPushChannel(WebPushChannelOptions options, TimeProvider time, ILoggerFactory logs)
        : this(options, time, logs, CreateHandler())
    {
    }

    /// <param name="handler">Owned by the channel from now on.</param>
    internal WebPushChannel(WebPushChannelOptions options, TimeProvider time, ILoggerFactory logs, HttpMessageHandler handler)
    {
        if (options.FindErrors().FirstOrDefault() is { } error)
            throw new ArgumentException(error, nameof(options));
        this.options = options;
        this.time = time;
        log = logs.CreateLogger<WebPushChannel>();
        if (VapidKey.TryParse(options.VapidPrivateKey, out vapidKey))
            authorization = new VapidAuthorization(vapidKey, options.Subject, time);
        // Written the way that a parsed endpoint writes its own: no default port, host in lower case.
        allowedOrigins = [.. options.AllowedPushOrigins.Select(origin => new Uri(origin).GetLeftPart(UriPartial.Authority))];
        places = new SemaphoreSlim(options.MaximumInFlight);
        client = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    public ChannelKind Kind => ChannelKind.WebPush;

    public int MaximumInFlight => options.MaximumInFlight;

    /// <summary>The VAPID public key that browsers subscribe with; null where the channel is not configured.</summary>
    public string? ApplicationServerKey => vapidKey?.PublicKey;

    public ChannelHealth Health
    {
        get
        {
            if (vapidKey is null || allowedOrigins.Count == 0)
                return new(ChannelHealthState.NotConfigured, "not-configured");
            var down = unreachable.Values.FirstOrDefault();
            return down is null
                ? new(ChannelHealthState.Ready, ReasonCode: null)
                : new(unreachable.Count >= allowedOrigins.Count ? ChannelHealthState.Down : ChannelHealthState.Degraded, down);
        }
    }

    public async ValueTask<DeliveryOutcome> SendAsync(OutboundMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (authorization is null)
            return new DeliveryOutcome.RetryAfter(After: null, new(FailureCodes.NotConfigured));
        if (!PushSubscription.TryParse(message.Address, out var subscription))
            return new DeliveryOutcome.Rejected(new(FailureCodes.AddressInvalid));
        if (!allowedOrigins.Contains(subscription.Origin))
            return new DeliveryOutcome.Rejected(new(FailureCodes.AddressInvalid, "origin not allowed"));
        if (message.ExpiresAt <= time.GetUtcNow())
            return new DeliveryOutcome.Rejected(new(FailureCodes.Expired));
        if (!PushPayload.TryWrite(message, out var payload))
            return new DeliveryOutcome.Rejected(new(FailureCodes.MessageTooLarge));
        return await PostInTurnAsync(places, subscription, () => Request(message, subscription, payload), cancellationToken);
    }

    public async ValueTask<DeliveryOutcome> NotifyAsync(RoomNotification notification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        if (authorization is null)
            return new DeliveryOutcome.RetryAfter(After: null, new(FailureCodes.NotConfigured));
        if (!PushSubscription.TryParse(notification.Address, out var subscription))
            return new DeliveryOutcome.Rejected(new(FailureCodes.AddressInvalid));
        if (!allowedOrigins.Contains(subscription.Origin))
            return new DeliveryOutcome.Rejected(new(FailureCodes.AddressInvalid, "origin not allowed"));
        return await PostInTurnAsync(roomPlaces, subscription, () => Request(notification, subscription), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        await closing.CancelAsync();
        // Each place comes back as its request ends; who gets one after this sees that the channel closes.
        for (var i = 0; i < options.MaximumInFlight; i++)
            await places.WaitAsync();
        for (var i = 0; i < MostNotificationsAtOnce; i++)
            await roomPlaces.WaitAsync();
        client.Dispose();
        vapidKey?.Dispose();
        places.Release(options.MaximumInFlight);
        roomPlaces.Release(MostNotificationsAtOnce);
    }

    private static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        MaxResponseHeadersLength = 16,
        EnableMultipleHttp2Connections = true,
    };

    private async ValueTask<DeliveryOutcome> PostInTurnAsync(SemaphoreSlim turns, PushSubscription subscription, Func<HttpRequestMessage> write, CancellationToken cancellationToken)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        try
        {
            await turns.WaitAsync(turn.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryOutcome.RetryAfter(After: null, new(FailureCodes.CarrierUnavailable));
        }
        try
        {
            return closing.IsCancellationRequested
                ? new DeliveryOutcome.RetryAfter(After: null, new(FailureCodes.CarrierUnavailable))
                : await PostAsync(subscription, write, turn.Token, cancellationToken);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <param name="ending">Cancelled with <paramref name="cancellationToken"/>, and as the channel closes.</param>
    private async ValueTask<DeliveryOutcome> PostAsync(PushSubscription subscription, Func<HttpRequestMessage> write, CancellationToken ending, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ResponseTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ending, timeout.Token);
        using var request = write();
        try
        {
            using var response = await client.SendAsync(request, end.Token);
            NoteReached(subscription.Origin);
            return PushAnswer.Read(response, subscription.Endpoint.Authority, time.GetUtcNow());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryOutcome.OutcomeUnknown(new(timeout.IsCancellationRequested ? FailureCodes.CarrierTimeout : FailureCodes.ConnectionLost));
        }
        catch (HttpRequestException error)
        {
            return ReadFailure(error, subscription.Origin);
        }
    }

    private DeliveryOutcome ReadFailure(HttpRequestException error, string origin)
    {
        var neverSent = error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
        if (!neverSent)
            return new DeliveryOutcome.OutcomeUnknown(new(FailureCodes.ConnectionLost));
        var cause = error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "name-not-resolved",
            HttpRequestError.SecureConnectionError => "tls-refused",
            _ => "connection-refused",
        };
        if (unreachable.TryAdd(origin, cause))
            LogUnreachable(origin, cause);
        return new DeliveryOutcome.RetryAfter(After: null, new(FailureCodes.CarrierUnavailable));
    }

    private void NoteReached(string origin)
    {
        if (unreachable.TryRemove(origin, out _))
            LogReached(origin);
    }

    private HttpRequestMessage Request(OutboundMessage message, PushSubscription subscription, byte[] payload) =>
        Request(subscription, payload, TimeToLive(message), isUrgent: message.Severity >= Severity.Severe, Topic(message.AlertId));

    private HttpRequestMessage Request(RoomNotification notification, PushSubscription subscription) =>
        Request(subscription, RoomNotificationPayload.Write(notification), RoomTimeToLive, isUrgent: notification.Kind is RoomNotificationKind.Priority or RoomNotificationKind.Task, Topic(notification, subscription));

    private HttpRequestMessage Request(PushSubscription subscription, byte[] payload, long timeToLive, bool isUrgent, string topic)
    {
        var content = new ByteArrayContent(PushEncryption.Encrypt(subscription, payload));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentEncoding.Add("aes128gcm");
        var request = new HttpRequestMessage(HttpMethod.Post, subscription.Endpoint)
        {
            Content = content,
            Version = subscription.Endpoint.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation("Authorization", authorization!.For(subscription.Origin));
        request.Headers.TryAddWithoutValidation("TTL", timeToLive.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("Urgency", isUrgent ? "high" : "normal");
        request.Headers.TryAddWithoutValidation("Topic", topic);
        return request;
    }

    /// <summary>Whole seconds, at most the four weeks that push services keep anything for.</summary>
    private long TimeToLive(OutboundMessage message) => Math.Clamp((long)Math.Ceiling((message.ExpiresAt - time.GetUtcNow()).TotalSeconds), 1, 28 * 24 * 3600);

    /// <summary>
    /// RFC 8030 section 5.4: what a device has not got yet is replaced by what comes later of the same alert. A phone that was off shows its latest state
    /// once, and an attempt sent twice shows once. 32 characters of base64url; a digest, so that it tells nothing of the alert.
    /// </summary>
    private static string Topic(AlertId alert)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(alert.Value.ToByteArray(bigEndian: true), digest);
        return System.Buffers.Text.Base64Url.EncodeToString(digest[..24]);
    }

    /// <summary>One of each room and device: under the device's own secret, so that a push service does not learn which of its devices share a room. What is written replaces no task that is due.</summary>
    private static string Topic(RoomNotification notification, PushSubscription subscription)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        var room = notification.Room.Value.ToByteArray(bigEndian: true);
        HMACSHA256.HashData(subscription.AuthenticationSecret, notification.Kind == RoomNotificationKind.Task ? [.. room, .. "task"u8] : room, digest);
        return System.Buffers.Text.Base64Url.EncodeToString(digest[..24]);
    }

    [LoggerMessage(LogLevel.Warning, "Push service {Origin} can't be reached: {Cause}")]
    private partial void LogUnreachable(string origin, string cause);

    [LoggerMessage(LogLevel.Information, "Push service {Origin} can be reached again")]
    private partial void LogReached(string origin);
}
