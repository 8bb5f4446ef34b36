using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Tocsin.Server.Access;

/// <summary>A browser with the cookie of a guest of a room. Looked at for the endpoints of guests alone, which look at nothing else.</summary>
internal sealed class RoomGuestAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, RoomGuestCookie cookie, AccessLookup lookup)
    : AccessAuthentication(options, logger, encoder)
{
    protected override string? ReadToken() => cookie.Read(Request);

    protected override Task<AccessGrant?> FindAsync(string token, CancellationToken cancellationToken) => lookup.FindRoomGuestAsync(token, cancellationToken);
}
