using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Claims;
using Tocsin.Alerting;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Access;

/// <summary>Who is behind a request: an account's session, an API token, or a guest of a room.</summary>
/// <param name="Id">As in <see cref="AuditActor.Id"/>: <c>account:UUID</c>, <c>token:UUID</c> or <c>guest:UUID</c>.</param>
/// <param name="Person">The account's person, or the guest as the room's roster names them; null for an API token.</param>
internal sealed record Actor(string Id, string Name, PersonId? Person, Roles Roles, string? Origin)
{
    /// <summary>As the audit trail wants it.</summary>
    public AuditActor ForAudit => new(Id, Name, Origin);

    /// <summary>What of the event stream this actor may see.</summary>
    public EventReader AsEventReader => new(Roles, Person ?? default);

    public bool Has(Roles any) => (Roles & any) != Roles.None;
}

/// <summary>How an <see cref="Actor"/> travels in a <see cref="ClaimsPrincipal"/>: authentication handlers write it, endpoints read it.</summary>
internal static class ActorClaims
{
    public const string ActorId = "tocsin:actor";
    public const string Person = "tocsin:person";
    public const string Session = "tocsin:session";
    public const string RoleMask = "tocsin:roles";
    public const string RoomOfGuestClaim = "tocsin:room-of-guest";

    /// <summary>The claims of <paramref name="actor"/>, one role claim per role.</summary>
    public static ClaimsIdentity ToIdentity(Actor actor, string authenticationType, string? session = null)
    {
        var identity = new ClaimsIdentity(authenticationType, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ActorId, actor.Id));
        identity.AddClaim(new Claim(ClaimTypes.Name, actor.Name));
        identity.AddClaim(new Claim(RoleMask, ((int)actor.Roles).ToString(CultureInfo.InvariantCulture)));
        if (actor.Person is { } person) identity.AddClaim(new Claim(Person, person.ToString()));
        if (session is not null) identity.AddClaim(new Claim(Session, session));
        foreach (var role in RoleNames.Split(actor.Roles)) identity.AddClaim(new Claim(ClaimTypes.Role, RoleNames.Of(role)));
        return identity;
    }

    /// <summary>The actor of a signed-in request. Only for endpoints whose access rule demands one.</summary>
    public static Actor Actor(this HttpContext context) =>
        TryGetActor(context.User, context.Connection.RemoteIpAddress?.ToString(), out var actor)
            ? actor
            : throw new InvalidOperationException("This endpoint has no signed-in actor: its access rule is missing.");

    /// <summary>The one room of a guest's request. Only for endpoints whose access rule demands one.</summary>
    public static RoomId RoomOfGuest(this HttpContext context) =>
        Guid.TryParse(context.User.FindFirstValue(RoomOfGuestClaim), out var room)
            ? new RoomId(room)
            : throw new InvalidOperationException("This endpoint has no guest of a room: its access rule is missing.");

    public static bool TryGetActor(ClaimsPrincipal principal, string? origin, [NotNullWhen(true)] out Actor? actor)
    {
        actor = null;
        if (principal.FindFirstValue(ActorId) is not { } id || !int.TryParse(principal.FindFirstValue(RoleMask), CultureInfo.InvariantCulture, out var mask)) return false;
        PersonId? person = Guid.TryParse(principal.FindFirstValue(Person), out var value) ? new PersonId(value) : null;
        actor = new Actor(id, principal.Identity?.Name ?? "", person, (Roles)mask, origin);
        return true;
    }
}
