using Tocsin.Server.Access;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts;

/// <summary>Whose session a request carries. Only for endpoints that no API token may call.</summary>
internal static class SignedInAccount
{
    public static Guid AccountId(this HttpContext context) => Grant(context).Account ?? throw new InvalidOperationException("An API token has no account.");

    public static SessionId SessionId(this HttpContext context) => new(Grant(context).Id);

    private static AccessGrant Grant(HttpContext context) =>
        context.Features.Get<AccessGrant>() ?? throw new InvalidOperationException("This endpoint has no signed-in account: its access rule is missing.");
}
