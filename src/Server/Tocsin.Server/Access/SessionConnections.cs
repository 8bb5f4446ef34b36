using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace Tocsin.Server.Access;

/// <summary>The open hub connections of each session, so that they end with it.</summary>
internal sealed class SessionConnections(TimeProvider time, AccessUse use) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Connection> open = new(StringComparer.Ordinal);

    public int Count => open.Count;

    public void Add(HubCallerContext context, AccessGrant grant) => open[context.ConnectionId] = new Connection(context, grant);

    public void Remove(HubCallerContext context) => open.TryRemove(context.ConnectionId, out _);

    /// <summary>Closes the connections of one session.</summary>
    public void EndGrant(Guid id) => End(grant => grant.Id == id);

    /// <summary>Closes every connection of an account: it was disabled, or its roles changed and its page must ask again for what it may see.</summary>
    public void EndAccount(Guid account) => End(grant => grant.Account == account);

    /// <summary>Closes the connections whose session reached its end; an open page counts as use for the others.</summary>
    public void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var connection in open.Values)
        {
            if (connection.Grant.IsAlive(now)) use.Touch(connection.Grant);
            else connection.Context.Abort();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Sweep();
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void End(Predicate<AccessGrant> isEnded)
    {
        foreach (var connection in open.Values)
        {
            if (isEnded(connection.Grant)) connection.Context.Abort();
        }
    }

    private sealed record Connection(HubCallerContext Context, AccessGrant Grant);
}

/// <summary>A hub that is open to people without an account, and itself sees to who may do what.</summary>
internal interface IHubWithoutSession;

/// <summary>A hub for guests of rooms: its connections end with the guest's session.</summary>
internal interface IRoomGuestHub;

/// <summary>Registers each hub connection under its session.</summary>
internal sealed class SessionConnectionFilter(SessionConnections connections, SessionCookie cookie, RoomGuestCookie guestCookie, AccessLookup lookup) : IHubFilter
{
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        if (context.Hub is IHubWithoutSession)
        {
            await next(context);
            return;
        }

        // With long polling this is a copy of the request that SignalR keeps, without its features: the cookie says whose it is.
        var isGuest = context.Hub is IRoomGuestHub;
        var token = context.Context.GetHttpContext() is { } http ? (isGuest ? guestCookie.Read(http.Request) : cookie.Read(http.Request)) : null;
        if (await FindAsync(token, isGuest, context.Context) is { } grant) connections.Add(context.Context, grant);

        // The session may have ended before the line above took effect.
        if (await FindAsync(token, isGuest, context.Context) is null) context.Context.Abort();
        await next(context);
    }

    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        connections.Remove(context.Context);
        return next(context, exception);
    }

    private async Task<AccessGrant?> FindAsync(string? token, bool isGuest, HubCallerContext context)
    {
        if (token is null) return null;
        return await (isGuest ? lookup.FindRoomGuestAsync(token, context.ConnectionAborted) : lookup.FindSessionAsync(token, context.ConnectionAborted));
    }
}
