using Tocsin.Storage.Events;

namespace Tocsin.Server.Features.Events;

internal static class EventsFeature
{
    public static void AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<EventTail>();
        services.AddHostedService<EventTailService>();
        services.AddHostedService<NodeNotificationService>();
        services.AddSignalR(hub =>
            {
                // A session sends only small calls; what the server streams is not bound by this.
                hub.MaximumReceiveMessageSize = 32 * 1024;
                hub.StreamBufferCapacity = 4;
            })
            .AddJsonProtocol(json => EventJson.Configure(json.PayloadSerializerOptions));
    }
}
