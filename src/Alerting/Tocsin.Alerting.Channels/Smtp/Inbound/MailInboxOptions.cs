using System.Net;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>How delivery reports and replies come back by mail. Checked by <see cref="FindErrors"/> at start; the inbox's constructor throws on what that finds.</summary>
public sealed class MailInboxOptions
{
    /// <summary>Where to listen, as <c>0.0.0.0:25</c> or <c>[::]:2525</c>; port 0 takes a free one. Empty: the inbox is off.</summary>
    public string Listen { get; set; } = "";

    /// <summary>The name that the inbox greets with.</summary>
    public string HostName { get; set; } = "localhost";

    /// <summary>As <see cref="SmtpChannelOptions.BounceAddress"/>.</summary>
    public string BounceAddress { get; set; } = "";

    /// <summary>As <see cref="SmtpChannelOptions.ReplyAddress"/>.</summary>
    public string ReplyAddress { get; set; } = "";

    /// <summary>As <see cref="SmtpChannelOptions.TagKey"/>.</summary>
    public byte[] TagKey { get; set; } = [];

    /// <summary>As <see cref="SmtpChannelOptions.TagSeparator"/>.</summary>
    public char TagSeparator { get; set; } = '+';

    /// <summary>Certificate and its key in PEM, for STARTTLS. Empty: not offered.</summary>
    public string CertificateFile { get; set; } = "";

    public string CertificateKeyFile { get; set; } = "";

    /// <summary>What receipts and replies name as their provider.</summary>
    public string ProviderId { get; set; } = "mail-inbox";

    /// <summary>Connections at once. With <see cref="MaximumMessageOctets"/> it bounds the memory: 50 of 1 MiB.</summary>
    public int MaximumConnections { get; set; } = 50;

    public int MaximumConnectionsPerHost { get; set; } = 10;

    /// <summary>A report quotes the message, and a reply may carry pictures; what is longer is refused and its sender told.</summary>
    public int MaximumMessageOctets { get; set; } = 1024 * 1024;

    /// <summary>For each command. RFC 5321 section 4.5.3.2.7 asks for 5 minutes; relays that wait for people do not exist, and slow clients hold a place.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>For the whole content of one message.</summary>
    public TimeSpan ContentTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>What is wrong, one sentence each, safe to show and log; nothing where all is well.</summary>
    public IEnumerable<string> FindErrors()
    {
        if (Listen.Length == 0)
            yield break;
        if (!IPEndPoint.TryParse(Listen, out _) || !Listen.Contains(':', StringComparison.Ordinal))
            yield return "mailInbox: 'listen' is not an address and a port";
        if (BounceAddress.Length == 0 && ReplyAddress.Length == 0)
            yield return "mailInbox: neither 'bounceAddress' nor 'replyAddress' is given";
        if (BounceAddress.Length > 0 && !Mailbox.TryParse(BounceAddress, out _))
            yield return "mailInbox: 'bounceAddress' is not a mail address";
        if (ReplyAddress.Length > 0 && !Mailbox.TryParse(ReplyAddress, out _))
            yield return "mailInbox: 'replyAddress' is not a mail address";
        if (TagKey.Length < 16)
            yield return "mailInbox: 'tagKey' needs at least 16 octets";
        if (!Mailbox.TryParse($"x@{HostName}", out _))
            yield return "mailInbox: 'hostName' is not a domain name";
        if (MaximumConnections < 1 || MaximumConnectionsPerHost < 1 || MaximumMessageOctets < 1024)
            yield return "mailInbox: a limit is too low";
        if (CertificateFile.Length > 0 && !(File.Exists(CertificateFile) && File.Exists(CertificateKeyFile)))
            yield return "mailInbox: the certificate's file or its key's does not exist";
    }
}
