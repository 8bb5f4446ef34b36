namespace Tocsin.Alerting.Channels.Smtp;

/// <summary>How mail leaves. Checked by <see cref="FindErrors"/> at start; the channel's constructor throws on what that finds.</summary>
public sealed class SmtpChannelOptions
{
    /// <summary>Where mail is handed over, tried by weight and then in turn. Empty: the channel is not configured.</summary>
    public IList<SmtpRelayOptions> Relays { get; } = [];

    /// <summary>The address that people see as the sender.</summary>
    public string From { get; set; } = "";

    /// <summary>
    /// Where delivery reports come back: <c>bounce@alert.example</c>, which leaves as <c>bounce+TAG@alert.example</c> with a tag for each delivery.
    /// Empty: reports go to <see cref="From"/>, where nothing of ours reads them.
    /// </summary>
    public string BounceAddress { get; set; } = "";

    /// <summary>As <see cref="BounceAddress"/>, for people's replies. Empty: the mail says that replies are not read.</summary>
    public string ReplyAddress { get; set; } = "";

    /// <summary>The secret of the tags, at least 16 octets, the same as the inbox has. It must outlive restarts.</summary>
    public byte[] TagKey { get; set; } = [];

    /// <summary>What stands between an address and its tag.</summary>
    public char TagSeparator { get; set; } = '+';

    /// <summary>The name given in EHLO; empty: the domain of <see cref="From"/>.</summary>
    public string HeloName { get; set; } = "";

    /// <summary>TCP, the TLS handshake and the greeting each have this long.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>RFC 5321 section 4.5.3.2 allows 5 minutes; another relay or another channel can have told the person in that time.</summary>
    public TimeSpan ReplyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For the reply to the final dot, at most; less from a relay that usually answers much faster. RFC 5321 section 4.5.3.2.6 allows 10 minutes, to avoid
    /// duplicates; here a duplicate beats silence.
    /// </summary>
    public TimeSpan AcceptanceTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>An unused connection is closed after this. Relays close after 5 minutes at the latest (RFC 5321 section 4.5.3.2.7).</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong, one sentence each, safe to show and log; nothing where all is well.</summary>
    public IEnumerable<string> FindErrors()
    {
        if (Relays.Count == 0)
            yield break;
        if (!Mailbox.TryParse(From, out _))
            yield return "email: 'from' is not a mail address";
        else if (!IsPlain(From, maximumLocal: 64))
            yield return "email: 'from' has characters that not every relay carries";
        if (BounceAddress.Length > 0 && !IsPlain(BounceAddress, LongestTaggedLocal))
            yield return "email: 'bounceAddress' is not a plain mail address with at most 32 characters before the @";
        if (ReplyAddress.Length > 0 && !IsPlain(ReplyAddress, LongestTaggedLocal))
            yield return "email: 'replyAddress' is not a plain mail address with at most 32 characters before the @";
        if ((BounceAddress.Length > 0 || ReplyAddress.Length > 0) && TagKey.Length < 16)
            yield return "email: 'tagKey' needs at least 16 octets";
        if (TagSeparator is not ('+' or '-' or '=' or '_'))
            yield return "email: 'tagSeparator' is one of + - = _";
        if (HeloName.Length > 0 && !Mailbox.TryParse($"x@{HeloName}", out _))
            yield return "email: 'heloName' is not a domain name";
        if (Relays.Select(relay => relay.Name).Distinct(StringComparer.Ordinal).Count() != Relays.Count)
            yield return "email: two relays have the same name";
        foreach (var error in Relays.SelectMany(relay => relay.FindErrors()))
            yield return error;
    }

    /// <summary>A local part has 64 octets at most, of which a tag and its separator take up to 32.</summary>
    private const int LongestTaggedLocal = 32;

    private static bool IsPlain(string address, int maximumLocal) =>
        Mailbox.TryParse(address, out var mailbox) && !mailbox.NeedsSmtpUtf8 && mailbox.LocalPart[0] != '"' && mailbox.LocalPart.Length <= maximumLocal;
}

/// <summary>How the connection to a relay is protected.</summary>
public enum SmtpSecurity
{
    /// <summary>STARTTLS (RFC 3207), and no mail without it.</summary>
    StartTls,

    /// <summary>TLS from the first octet (RFC 8314, port 465).</summary>
    Implicit,

    /// <summary>STARTTLS where offered. An attacker on the path can take it away: for relays inside one's own network.</summary>
    Opportunistic,

    /// <summary>None. For a relay on this machine.</summary>
    None,
}

/// <summary>One relay.</summary>
public sealed class SmtpRelayOptions
{
    /// <summary>What logs, receipts and the interface call it; 1 to 32 characters of a-z, 0-9 and '-'.</summary>
    public string Name { get; set; } = "relay-1";

    public string Host { get; set; } = "";

    public int Port { get; set; } = 587;

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>Its share of the mail beside the other relays that work. 0: only when no other works.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>Connections at once.</summary>
    public int MaximumConnections { get; set; } = 8;

    /// <summary>After so many mails a connection is closed and another opened; many relays refuse more.</summary>
    public int MaximumMessagesPerConnection { get; set; } = 1000;

    /// <summary>
    /// How many mails beyond the one under way may have their envelope sent ahead on a connection, where the relay offers PIPELINING (RFC 2920): a mail then
    /// costs one round trip instead of two. Counts in <see cref="IAlertChannel.MaximumInFlight"/>.
    /// </summary>
    public int EnvelopesAhead { get; set; } = 1;

    /// <summary>Empty: no authentication.</summary>
    public string UserName { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>Sends the password over a connection without TLS. For a relay on this machine.</summary>
    public bool AllowAuthenticationWithoutTls { get; set; }

    /// <summary>SHA-256 of the certificate's public key (SubjectPublicKeyInfo) in hexadecimal. Where given, it alone decides.</summary>
    public string PinnedPublicKeySha256 { get; set; } = "";

    /// <summary>A PEM file with the authority that signs the relay's certificate. Empty: the system's authorities.</summary>
    public string CertificateAuthorityFile { get; set; } = "";

    internal IEnumerable<string> FindErrors()
    {
        if (Name.Length is 0 or > 32 || !Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            yield return "email: a relay's name has 1 to 32 characters of a-z, 0-9 and '-'";
        if (Host.Length == 0 || Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return $"email: relay '{Name}' has no valid host";
        if (Port is < 1 or > 65535)
            yield return $"email: relay '{Name}' has no valid port";
        if (Weight < 0 || MaximumConnections < 1 || MaximumMessagesPerConnection < 1)
            yield return $"email: relay '{Name}' has a negative weight or a limit below 1";
        if (EnvelopesAhead is not (0 or 1))
            yield return $"email: relay '{Name}': 'envelopesAhead' is 0 or 1";
        if (PinnedPublicKeySha256.Length > 0 && (PinnedPublicKeySha256.Length != 64 || !PinnedPublicKeySha256.All(char.IsAsciiHexDigit)))
            yield return $"email: relay '{Name}': a pin is 64 hexadecimal digits";
        if (CertificateAuthorityFile.Length > 0 && !File.Exists(CertificateAuthorityFile))
            yield return $"email: relay '{Name}': the certificate authority's file does not exist";
        if (UserName.Length > 0 && Security == SmtpSecurity.None && !AllowAuthenticationWithoutTls)
            yield return $"email: relay '{Name}' would send its password in clear; use TLS or allow it expressly";
    }
}
