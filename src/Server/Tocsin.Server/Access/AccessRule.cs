using Microsoft.AspNetCore.Authorization;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Access;

/// <summary>Who may call an endpoint. Every endpoint carries exactly one; a test walks them all, as each role and as nobody.</summary>
/// <param name="Allowed">Any of these roles; <see cref="Roles.None"/> for an endpoint open to all.</param>
/// <param name="Reason">Why an open endpoint is open; null for others.</param>
/// <param name="TokenScope">The API token scope that may call it too, or null: no token may.</param>
/// <param name="IsForRoomGuests">For guests of rooms, and for nobody who is signed in: which room it is, their session says.</param>
internal sealed record AccessRule(Roles Allowed, string? Reason, string? TokenScope, bool IsForRoomGuests = false);

internal static class AccessRuleExtensions
{
    /// <summary>Accounts with any of <paramref name="roles"/>.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder builder, Roles roles, string? tokenScope = null)
        where TBuilder : IEndpointConventionBuilder
    {
        string[] names = [.. RoleNames.NamesOf(roles)];
        builder.WithMetadata(new AccessRule(roles, null, tokenScope));
        return builder.RequireAuthorization(policy =>
        {
            policy.RequireAuthenticatedUser();
            policy.RequireAssertion(context =>
                names.Any(context.User.IsInRole) || (tokenScope is not null && context.User.HasClaim(TokenScopes.ClaimType, tokenScope)));
        });
    }

    /// <summary>Anyone with an account: <see cref="Roles.Staff"/> and above.</summary>
    public static TBuilder RequireSignedIn<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.RequireRole(Roles.All);

    /// <summary>Guests of a room, waiting or let in: their session names the one room that there is for them.</summary>
    public static TBuilder RequireRoomGuest<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(new AccessRule(Roles.None, null, null, IsForRoomGuests: true));
        return builder.RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireClaim(ActorClaims.RoomOfGuestClaim));
    }

    /// <summary>Open to all, for the stated reason.</summary>
    public static TBuilder AllowAnonymousBecause<TBuilder>(this TBuilder builder, string reason)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(new AccessRule(Roles.None, reason, null), new AllowAnonymousAttribute());
        return builder;
    }
}

/// <summary>What an API token may be allowed to do; each scope is one capability.</summary>
internal static class TokenScopes
{
    public const string ClaimType = "tocsin:scope";
    public const string RaiseAlert = "alerts:raise";
    public const string ReadAlerts = "alerts:read";
    public const string ImportPeople = "people:import";

    public const string ReadMetrics = "metrics:read";

    public static IReadOnlyList<string> Every { get; } = [RaiseAlert, ReadAlerts, ImportPeople, ReadMetrics];
}
