using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace Tocsin.Server.Features.Events;

/// <summary>Hubs that are described when somebody first connects to them.</summary>
internal static class HubsWhenCalled
{
    /// <summary>Does what <c>MapHub</c> does, but looks at the hub's methods at the first connection instead of at every start.</summary>
    /// <remarks>SignalR compiles seven expressions for each method that can be called, which is most of what describing all endpoints costs: docs/decisions/0155.</remarks>
    public static ConnectionEndpointRouteBuilder MapHubWhenCalled<THub>(this IEndpointRouteBuilder endpoints, string pattern)
        where THub : Hub
    {
        var services = endpoints.ServiceProvider;
        var handler = new Lazy<HubConnectionHandler<THub>>(services.GetRequiredService<HubConnectionHandler<THub>>);
        return endpoints.MapConnections(pattern, new HttpConnectionDispatcherOptions(), connections => connections.Run(connection => handler.Value.OnConnectedAsync(connection)));
    }
}
