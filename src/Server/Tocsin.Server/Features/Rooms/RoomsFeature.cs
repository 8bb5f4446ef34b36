using Tocsin.Server.Features.Events;
using Tocsin.Server.Features.Rooms.Files;
using Tocsin.Server.Features.Rooms.Guests;
using Tocsin.Server.Features.Rooms.Notifications;

namespace Tocsin.Server.Features.Rooms;

/// <summary>Encrypted rooms: the server orders and keeps entries that it cannot read. docs/protocol/rooms.md.</summary>
internal static class RoomsFeature
{
    public static void AddRooms(this IServiceCollection services)
    {
        services.AddSingleton<RoomAppending>();
        services.AddSingleton<LiveEntries>();
        services.AddSingleton<ILiveDetail>(provider => provider.GetRequiredService<LiveEntries>());
        services.AddSingleton<AppendRate>();
        services.AddSingleton<RoomFiles>();
        services.AddSingleton<RoomGuestAdmission>();
        services.AddSingleton<RoomGuestRate>();
        services.AddSingleton<RoomSignals>();
        services.AddSingleton<RoomNotifications>();
        services.AddHostedService<RoomNotificationSender>();
    }

    public static void MapRooms(this IEndpointRouteBuilder endpoints)
    {
        var rooms = endpoints.MapGroup("/api/v1/rooms").WithTags("rooms");
        RoomEndpoints.Map(rooms);
        RoomFileEndpoints.Map(rooms);
        RoomSignalEndpoints.Map(rooms);
        RoomGroupEndpoints.Map(rooms);
        RoomNotificationEndpoints.Map(rooms);
        RoomGuestLinkEndpoints.Map(rooms);
        RoomGuestEndpoints.Map(endpoints);
    }
}
