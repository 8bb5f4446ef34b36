using Tocsin.Server.Features.Directory.ContactPoints;
using Tocsin.Server.Features.Directory.ContactPoints.Codes;
using Tocsin.Server.Features.Directory.Functions;
using Tocsin.Server.Features.Directory.Groups;
using Tocsin.Server.Features.Directory.Lists;
using Tocsin.Server.Features.Directory.People;
using Tocsin.Server.Features.Directory.Sites;

namespace Tocsin.Server.Features.Directory;

/// <summary>People and how they are reached, groups, sites, crisis functions and lists.</summary>
internal static class DirectoryFeature
{
    public static void AddDirectory(this IServiceCollection services)
    {
        services.AddSingleton<PersonCommands>();
        services.AddSingleton<ContactPointCommands>();
        services.AddSingleton<ContactPointCodes>();
        services.AddHostedService<ContactPointCodeSender>();
        services.AddSingleton<GroupCommands>();
        services.AddSingleton<SiteCommands>();
        services.AddSingleton<FunctionCommands>();
        services.AddSingleton<ListCommands>();
    }

    public static void MapDirectory(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPeople();
        endpoints.MapContactPoints();
        endpoints.MapContactPointCodes();
        endpoints.MapGroups();
        endpoints.MapSites();
        endpoints.MapFunctions();
        endpoints.MapLists();
    }
}
