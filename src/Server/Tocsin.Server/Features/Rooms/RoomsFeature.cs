namespace Tocsin.Server.Features.Rooms;

/// <summary>Encrypted rooms: the server orders and keeps entries that it cannot read. docs/protocol/rooms.md.</summary>
internal static class RoomsFeature
{
    public static void AddRooms(this IServiceCollection services)
    {
        services.AddSingleton<RoomAppending>();
        services.AddSingleton<AppendRate>();
    }

    public static void MapRooms(this IEndpointRouteBuilder endpoints) => RoomEndpoints.Map(endpoints.MapGroup("/api/v1/rooms").WithTags("rooms"));
}
