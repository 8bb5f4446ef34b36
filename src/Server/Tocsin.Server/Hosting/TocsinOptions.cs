using Tocsin.Alerting.Channels.Sms;
using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Channels.Smtp.Inbound;
using Tocsin.Alerting.Channels.WebPush;
using Tocsin.Server.Features.Meetings.Media;
using Tocsin.Server.Features.PublicPage;
using Tocsin.Server.Features.Retention;
using Tocsin.Server.Features.Rooms.Files;

namespace Tocsin.Server.Hosting;

/// <summary>Everything that is configured, by file (<c>tocsin.json</c>), environment (<c>TOCSIN_</c>, with <c>__</c> between levels) or flags, the later winning.</summary>
/// <remarks>Each property is a key, in camelCase in the file. An unknown key stops the start: a typing error in a safety system must not be silent.</remarks>
internal sealed class TocsinOptions
{
    /// <summary>Address to listen on: an IP address, or <c>*</c> for all.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>TCP port, 0 for any free one.</summary>
    public int Port { get; set; } = 7480;

    /// <summary>
    /// Connections at once; those beyond are closed unanswered. Each takes some 20 KB: enough for the open pages of a large organisation, and an end to what
    /// clients that never speak can take.
    /// </summary>
    public int MaximumConnections { get; set; } = 20_000;

    /// <summary>Directory for the embedded database, files and backups.</summary>
    public string Data { get; set; } = ".data";

    /// <summary><c>postgres://user:password@host/database</c>; absent: SQLite in <see cref="Data"/>.</summary>
    public string? Database { get; set; }

    /// <summary>The address that people's links begin with; absent: http://localhost:PORT.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>PEM files of the certificate chain and its key; absent: plain HTTP, for loopback or behind a proxy.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>Carriers of SMS; none: that channel is not configured.</summary>
    public SmsOptions Sms { get; set; } = new();

    /// <summary>Mail relays; none: that channel is not configured.</summary>
    public SmtpChannelOptions Email { get; set; } = new();

    /// <summary>Where mail comes back; without <c>listen</c> it is off.</summary>
    public MailInboxOptions MailInbox { get; set; } = new();

    /// <summary>Push services that may be called; none: notifications are not configured.</summary>
    public WebPushChannelOptions WebPush { get; set; } = new();

    /// <summary>How long what is no longer needed is kept.</summary>
    public RetentionOptions Retention { get; set; } = new();

    /// <summary>What rooms' files may take.</summary>
    public RoomFileOptions Files { get; set; } = new();

    /// <summary>Where calls come in.</summary>
    public MediaOptions Media { get; set; } = new();

    /// <summary>Where the page for the public goes; nothing set: nowhere.</summary>
    public PublicPageOptions PublicPage { get; set; } = new();

    public MetricsOptions Metrics { get; set; } = new();

    /// <summary>Create and announce the fictional hospital.</summary>
    public bool Demo { get; set; }

    /// <summary>With <see cref="Demo"/>: the page of the carrier lab whose simulated phones the hospital's people carry.</summary>
    public string? CarrierLab { get; set; }

    /// <summary>Proxies whose X-Forwarded-For and -Proto are believed (IP addresses).</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>Directory of the built web client; absent: <c>web</c> beside the program.</summary>
    public string? WebRoot { get; set; }
}

internal sealed class TlsOptions
{
    public string? Certificate { get; set; }

    public string? Key { get; set; }
}

internal sealed class MetricsOptions
{
    /// <summary>OTLP collector that metrics are pushed to; absent: pushed nowhere.</summary>
    public string? OtlpEndpoint { get; set; }
}
