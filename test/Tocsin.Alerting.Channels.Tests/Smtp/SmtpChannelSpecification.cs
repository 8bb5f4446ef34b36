using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Specifications.Channels;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>The channel against a mail server that gives its verdict on the content, after the final dot.</summary>
public class SmtpChannelSpecification : AlertChannelSpecification
{
    protected override ChannelKind Kind => ChannelKind.Email;

    protected override TimeSpan BeyondResponseTimeout => TimeSpan.FromSeconds(61);

    protected virtual string[] ServerArguments => [];

    protected override string Address(int n) => $"personne.{n}@chu.example";

    protected override async Task<ChannelUnderTest> StartAsync(ChannelSurroundings surroundings)
    {
        ArgumentNullException.ThrowIfNull(surroundings);
        var server = await ScriptableMailServer.StartAsync(ServerArguments);
        var options = new SmtpChannelOptions
        {
            From = "alerte@tocsin.example",
            BounceAddress = "retour@tocsin.example",
            TagKey = new byte[32],
            Relays =
            {
                new SmtpRelayOptions { Host = "127.0.0.1", Port = server.Port, Security = SmtpSecurity.None, MaximumConnections = surroundings.InFlight, EnvelopesAhead = 0 },
            },
        };
        return new ChannelUnderTest(new SmtpChannel(options, surroundings.Time, surroundings.Log), server);
    }
}

/// <summary>The same, where the relay offers no PIPELINING.</summary>
public sealed class SmtpChannelWithoutPipeliningSpecification : SmtpChannelSpecification
{
    protected override string[] ServerArguments => ["--no-pipelining"];
}
