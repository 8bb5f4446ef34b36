using System.Globalization;

namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>What a relay said it can do in its reply to EHLO (RFC 5321 section 4.1.1.1).</summary>
internal sealed record SmtpCapabilities
{
    public static readonly SmtpCapabilities None = new();

    public bool Pipelining { get; private init; }

    public bool StartTls { get; private init; }

    public bool EightBitMime { get; private init; }

    public bool SmtpUtf8 { get; private init; }

    /// <summary>RFC 3461: reports can be asked for and carry our own name of the message.</summary>
    public bool DeliveryStatusNotifications { get; private init; }

    /// <summary>RFC 1870. Whether SIZE may be said in MAIL.</summary>
    public bool Size { get; private init; }

    /// <summary>Null: no fixed limit.</summary>
    public long? MaximumMessageOctets { get; private init; }

    /// <summary>In upper case, as offered.</summary>
    public IReadOnlyList<string> Authentication { get; private init; } = [];

    public static SmtpCapabilities Read(SmtpReply ehlo)
    {
        var capabilities = None;
        // The first line is the relay's name and greeting.
        foreach (var line in ehlo.Lines.Skip(1))
        {
            var words = line.ToUpperInvariant().Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            capabilities = words[0] switch
            {
                "PIPELINING" => capabilities with { Pipelining = true },
                "STARTTLS" => capabilities with { StartTls = true },
                "8BITMIME" => capabilities with { EightBitMime = true },
                "SMTPUTF8" => capabilities with { SmtpUtf8 = true },
                "DSN" => capabilities with { DeliveryStatusNotifications = true },
                "SIZE" => capabilities with { Size = true, MaximumMessageOctets = ReadLimit(words) },
                // Some relays say it twice, the second time as "AUTH=PLAIN LOGIN" for clients of the last century.
                "AUTH" => capabilities with { Authentication = [.. capabilities.Authentication.Union(words[1..], StringComparer.Ordinal)] },
                _ => capabilities,
            };
        }
        return capabilities;
    }

    private static long? ReadLimit(string[] words) =>
        words.Length > 1 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit : null;
}
