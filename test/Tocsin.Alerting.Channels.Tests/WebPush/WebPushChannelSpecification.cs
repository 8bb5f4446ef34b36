using Tocsin.Alerting.Channels.WebPush;
using Tocsin.Specifications.Channels;

namespace Tocsin.Alerting.Channels.Tests.WebPush;

public sealed class WebPushChannelSpecification : AlertChannelSpecification
{
    private ScriptablePushService? service;

    protected override ChannelKind Kind => ChannelKind.WebPush;

    protected override TimeSpan BeyondResponseTimeout => TimeSpan.FromSeconds(21);

    protected override string Address(int n) => service!.Subscription(n);

    protected override async Task<ChannelUnderTest> StartAsync(ChannelSurroundings surroundings)
    {
        service = await ScriptablePushService.StartAsync(phones: 100);
        var options = new WebPushChannelOptions
        {
            VapidPrivateKey = VapidKey.GeneratePrivateKey(),
            Subject = "mailto:astreinte@chu.example",
            AllowedPushOrigins = { service.Origin },
            AllowLoopbackHttp = true,
            MaximumInFlight = surroundings.InFlight,
        };
        return new ChannelUnderTest(new WebPushChannel(options, surroundings.Time, surroundings.Log), service);
    }
}
