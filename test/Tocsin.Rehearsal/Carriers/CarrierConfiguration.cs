namespace Tocsin.Rehearsal.Carriers;

/// <summary>How a server is told of the carriers.</summary>
public static class CarrierConfiguration
{
    public const int MailConnections = 32;

    /// <param name="smsPort">Of an <see cref="SmppCarrier"/>.</param>
    /// <param name="mailPort">Of a <see cref="MailCarrier"/>; null for none.</param>
    /// <param name="messagesPerSecond">What the SMS contract allows; 0 for no limit.</param>
    /// <param name="name">Of the carriers. Two that give ids of their own need two names.</param>
    /// <param name="window">Short messages that may await their answer at once.</param>
    public static IReadOnlyDictionary<string, object> Of(int smsPort, int? mailPort = null, int messagesPerSecond = 0, int window = 500, string name = "rehearsal")
    {
        var sections = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sms"] = new
            {
                providers = new[]
                {
                    new
                    {
                        id = name,
                        host = "127.0.0.1",
                        port = smsPort,
                        systemId = "tocsin",
                        password = "secret",
                        sourceAddress = "38000",
                        window,
                        throughputPerSecond = messagesPerSecond,
                    },
                },
            },
        };
        if (mailPort is { } port)
        {
            sections["email"] = new
            {
                from = "alerte@hospital.example",
                relays = new[] { new { name, host = "127.0.0.1", port, security = "none", maximumConnections = MailConnections } },
            };
        }

        return sections;
    }
}
