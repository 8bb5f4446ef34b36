using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.SignalR;

namespace Tocsin.Server.Access;

/// <summary>Who is let in: sessions, API tokens, and the guard against other sites.</summary>
internal static class AccessRegistration
{
    /// <summary>After the event tail: its listener goes on from the tail's head.</summary>
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<RoomGuestCookie>();
        services.AddSingleton<AccessCache>();
        services.AddSingleton<AccessLookup>();
        services.AddSingleton<AccessEnds>();
        services.AddSingleton<AccessUse>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessUse>());
        services.AddSingleton<SessionConnections>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionConnections>());
        services.AddHostedService<AccessEndsListener>();
        services.AddSingleton<AccessHousekeeping>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessHousekeeping>());
        services.AddSingleton<SessionConnectionFilter>();
        services.Configure<HubOptions>(hub => hub.AddFilter<SessionConnectionFilter>());
        services.AddAuthentication(AccessSchemes.Any)
            .AddPolicyScheme(AccessSchemes.Any, null, policy => policy.ForwardDefaultSelector = SelectScheme)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(AccessSchemes.Session, null)
            .AddScheme<AuthenticationSchemeOptions, ApiTokenAuthentication>(AccessSchemes.ApiToken, null)
            .AddScheme<AuthenticationSchemeOptions, RoomGuestAuthentication>(AccessSchemes.RoomGuest, null);

        // An endpoint without a rule is for nobody who is not signed in, until the walk over all endpoints finds it.
        services.AddAuthorization(authorization => authorization.FallbackPolicy = authorization.DefaultPolicy);
    }

    public static void UseAccess(this IApplicationBuilder app)
    {
        app.UseAuthentication();
        app.UseMiddleware<CrossSiteGuard>();
        app.UseAuthorization();
    }

    private static string SelectScheme(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is { IsForRoomGuests: true } ? AccessSchemes.RoomGuest
        : ApiTokenAuthentication.IsPresent(context.Request) ? AccessSchemes.ApiToken : AccessSchemes.Session;
}
