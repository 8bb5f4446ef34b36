namespace Tocsin.Server.Features.Identities;

/// <summary>Identities and devices of end-to-end encryption: the log that publishes them, and backups that only their owners open. The server holds no key of either.</summary>
internal static class IdentitiesFeature
{
    public static void AddIdentities(this IServiceCollection services) => services.AddSingleton<DirectoryLog>().AddSingleton<DeviceHandovers>();

    public static void MapIdentities(this IEndpointRouteBuilder endpoints)
    {
        DirectoryLogEndpoints.Map(endpoints.MapGroup("/api/v1/directory-log").WithTags("identities"));
        IdentityBackupEndpoints.Map(endpoints.MapGroup("/api/v1/me/identity-backups").WithTags("identities"));
        DeviceNameEndpoints.Map(endpoints.MapGroup("/api/v1/me/device-names").WithTags("identities"));
        DeviceHandoverEndpoints.Map(endpoints.MapGroup("/api/v1/me/device-handovers").WithTags("identities"));
    }
}
