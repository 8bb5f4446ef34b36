using System.Globalization;
using Tocsin.Alerting.Channels.Sms;
using Tocsin.Specifications.Channels;

namespace Tocsin.Alerting.Channels.Tests.Sms;

/// <summary>What every SMS centre is tested with.</summary>
public abstract class SmsChannelSpecification : AnsweringChannelSpecification
{
    private protected static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(15);

    protected override ChannelKind Kind => ChannelKind.Sms;

    protected override TimeSpan BeyondResponseTimeout => ResponseTimeout + TimeSpan.FromSeconds(1);

    protected override string InvalidAddress => "+33 6 12 34";

    protected override string Address(int n) => string.Create(CultureInfo.InvariantCulture, $"+336{n:00000000}");

    [Theory]
    [InlineData("€", "Évacuez le bloc {B} par l'été € ")]
    [InlineData("ê", "Fenêtres fermées 🔥 👩‍🚒 ")]
    public async Task Text_of_many_parts_arrives_as_it_was_written(string ending, string sentence)
    {
        var body = string.Concat(Enumerable.Repeat(sentence, 12)) + ending;

        await SendUntilAcceptedAsync(Message(1) with { Body = body });

        Assert.Contains(body, (await Carrier.TextsAsync()).Single(), StringComparison.Ordinal);
        Assert.True((await Carrier.ReceivedAsync()).Count >= 3);
    }

    private protected static ChannelUnderTest Start(ChannelSurroundings surroundings, IScriptableCarrier carrier, int port)
    {
        var options = new SmsOptions { ResponseTimeout = ResponseTimeout };
        options.Providers.Add(new SmsProviderOptions
        {
            Id = "sms-1",
            Host = "127.0.0.1",
            Port = port,
            SystemId = "tocsin",
            Password = "secret",
            SourceAddress = "38000",
            Window = surroundings.InFlight,
        });
        return new ChannelUnderTest(SmsChannel.Start(options, surroundings.Inbox, surroundings.Time, surroundings.Log, new Random(surroundings.Seed)), carrier);
    }
}

/// <summary>Against the stand-in: the rules of the channel, not the protocol.</summary>
public sealed class SmsChannelOverStandIn : SmsChannelSpecification
{
    protected override Task<ChannelUnderTest> StartAsync(ChannelSurroundings surroundings)
    {
        var centre = new StandInSmsCentre();
        return Task.FromResult(Start(surroundings, centre, centre.Port));
    }
}

/// <summary>Against npm's <c>smpp</c>: a SMS centre that others wrote, which receives what our codec writes and writes what it reads.</summary>
public sealed class SmsChannelOverNodeSmpp : SmsChannelSpecification
{
    protected override async Task<ChannelUnderTest> StartAsync(ChannelSurroundings surroundings)
    {
        var centre = await ScriptedSmsCentre.OfNodeAsync();
        return Start(surroundings, centre, centre.Port);
    }
}

/// <summary>Against Debian's <c>libnet-smpp-perl</c>: another SMS centre that others wrote.</summary>
public sealed class SmsChannelOverNetSmpp : SmsChannelSpecification
{
    protected override async Task<ChannelUnderTest> StartAsync(ChannelSurroundings surroundings)
    {
        var centre = await ScriptedSmsCentre.OfPerlAsync();
        return Start(surroundings, centre, centre.Port);
    }
}
