using System.Text;

namespace Tocsin.Alerting.Channels.Sms;

/// <summary>How SMS are sent. Read from the configuration once, at start.</summary>
public sealed class SmsOptions
{
    private const int MostProviders = 16;

    /// <summary>The carriers. None: the channel says that it is not configured.</summary>
    public IList<SmsProviderOptions> Providers { get; } = [];

    /// <summary>The most short messages that one alert may take. Eight: 1,224 characters of plain French, a minute's reading, and phones still join them.</summary>
    public int MaximumParts { get; set; } = 8;

    /// <summary>The country (ISO 3166-1) whose national numbers carriers may give as they are dialled there: replies from "06…" are then from "+336…".</summary>
    public string Country { get; set; } = "FR";

    /// <summary>How long a carrier may take to answer. Longer delays the second attempt; shorter makes more duplicates when a carrier is slow.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection may be silent before it is tried. Under the few minutes after which firewalls forget a connection.</summary>
    public TimeSpan EnquireLinkInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What is wrong, in words for the administrator, each beginning with the key that is; empty where nothing is. Names no password.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        if (MaximumParts is < 1 or > 255)
            errors.Add($"maximumParts: {MaximumParts} is not between 1 and 255.");
        if (Country.Length != 2 || Country.AsSpan().ContainsAnyExceptInRange('A', 'Z'))
            errors.Add("country: two capital letters are expected, such as FR.");
        if (ResponseTimeout < TimeSpan.FromSeconds(1) || ResponseTimeout > TimeSpan.FromMinutes(2))
            errors.Add("responseTimeout: it must be between one second and two minutes.");
        if (EnquireLinkInterval < TimeSpan.FromSeconds(1) || EnquireLinkInterval > TimeSpan.FromMinutes(10))
            errors.Add("enquireLinkInterval: it must be between one second and ten minutes.");
        if (Providers.Count > MostProviders)
            errors.Add($"providers: at most {MostProviders} are possible.");
        for (var i = 0; i < Providers.Count; i++)
            errors.AddRange(Providers[i].Validate().Select(error => $"providers[{i}].{error}"));
        if (Providers.Select(provider => provider.Id).Distinct(StringComparer.Ordinal).Count() != Providers.Count)
            errors.Add("providers: two have the same id.");
        return errors;
    }
}

/// <summary>How a carrier writes the ids of messages in its answers and in its receipts.</summary>
public enum MessageIdForm
{
    /// <summary>
    /// Found out from the first receipts, and revised when later ones contradict it. Where the forms differ, receipts that arrive just after a restart wait in
    /// memory for the first message accepted since; they go unmatched if none is, or the server stops again before.
    /// </summary>
    Detect,

    /// <summary>The same in both.</summary>
    Same,

    /// <summary>Hexadecimal in the answer to a submission, decimal in receipts.</summary>
    HexadecimalThenDecimal,

    /// <summary>Decimal in the answer to a submission, hexadecimal in receipts.</summary>
    DecimalThenHexadecimal,
}

/// <summary>One carrier, reached over SMPP 3.4.</summary>
public sealed class SmsProviderOptions
{
    /// <summary>Its name in logs, receipts and the database: 1 to 32 characters of a-z, 0-9 and '-'. Never change it while messages are on their way.</summary>
    public string Id { get; set; } = "";

    public string Host { get; set; } = "";

    public int Port { get; set; } = 2775;

    public bool Tls { get; set; }

    /// <summary>A PEM file with the authority that signed the carrier's certificate; null: the system's authorities.</summary>
    public string? TlsAuthorityFile { get; set; }

    public string SystemId { get; set; } = "";

    /// <summary>At most eight characters (a limit of the protocol). Never logged.</summary>
    public string Password { get; set; } = "";

    public string SystemType { get; set; } = "";

    /// <summary>Who the message is from: a number with '+', a short number, or a name of at most eleven letters (to which nobody can reply).</summary>
    public string SourceAddress { get; set; } = "";

    /// <summary>Type of number of the source; null: found from its form.</summary>
    public byte? SourceTon { get; set; }

    /// <summary>Numbering plan of the source; null: found from its form.</summary>
    public byte? SourceNpi { get; set; }

    /// <summary>Its share of the messages while all are up. 0: only when no other can.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>Submissions that may await their answer at once. Ten is what most carriers allow without asking.</summary>
    public int Window { get; set; } = 10;

    /// <summary>Short messages a second that the contract allows; 0: no limit.</summary>
    public int ThroughputPerSecond { get; set; }

    public MessageIdForm MessageIdForm { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (Id.Length is < 1 or > 32 || Id.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            yield return "id: 1 to 32 characters of a-z, 0-9 and '-' are expected.";
        if (string.IsNullOrWhiteSpace(Host))
            yield return "host: missing.";
        if (Port is < 1 or > 65535)
            yield return $"port: {Port} is not between 1 and 65535.";
        if (TlsAuthorityFile is not null && !File.Exists(TlsAuthorityFile))
            yield return "tlsAuthorityFile: no such file.";
        if (SystemId.Length is < 1 or > 15 || !Ascii.IsValid(SystemId))
            yield return "systemId: 1 to 15 ASCII characters are expected.";
        if (Password.Length > 8 || !Ascii.IsValid(Password))
            yield return "password: at most 8 ASCII characters are allowed by SMPP.";
        if (SystemType.Length > 12 || !Ascii.IsValid(SystemType))
            yield return "systemType: at most 12 ASCII characters are allowed by SMPP.";
        if (SourceAddress.Length > 20 || !Ascii.IsValid(SourceAddress))
            yield return "sourceAddress: at most 20 ASCII characters are allowed by SMPP.";
        if (Weight is < 0 or > 1000)
            yield return $"weight: {Weight} is not between 0 and 1000.";
        if (Window is < 1 or > 10_000)
            yield return $"window: {Window} is not between 1 and 10000.";
        if (ThroughputPerSecond is < 0 or > 100_000)
            yield return $"throughputPerSecond: {ThroughputPerSecond} is not between 0 and 100000.";
    }
}
