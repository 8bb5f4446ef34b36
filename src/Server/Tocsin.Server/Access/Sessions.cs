using System.Net;
using System.Net.Sockets;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Access;

/// <summary>Opens sessions.</summary>
internal static class Sessions
{
    /// <summary>Opens a session for <paramref name="account"/> and records it.</summary>
    /// <param name="name">The person's, for the audit trail.</param>
    public static OpenedSession Open(CommandTransaction transaction, Account account, string name, SignInMethod method, SessionOrigin origin)
    {
        var token = BearerSecret.Create();
        var session = new Session
        {
            Id = new SessionId(Guid.CreateVersion7(transaction.Now)),
            AccountId = account.Id,
            TokenHash = BearerSecret.HashOf(token),
            Method = method,
            Device = origin.Device,
            Network = origin.Network,
            CreatedAt = transaction.Now,
            LastSeenAt = transaction.Now,
            ExpiresAt = transaction.Now + SessionLifetime.Of(method).Absolute,
        };
        transaction.Db.Add(session);
        var actor = new AuditActor($"account:{account.Id}", name, origin.Address);
        transaction.Record(new AuditDraft(actor, "session.opened", $"session:{session.Id}", new { method, origin.Device }));
        return new OpenedSession(session, token);
    }
}

/// <param name="Token">For the cookie; nowhere else.</param>
internal sealed record OpenedSession(Session Session, string Token);

/// <summary>Where a sign-in comes from.</summary>
/// <param name="Device">Browser and system in a few words.</param>
/// <param name="Address">As the audit trail keeps it.</param>
internal sealed record SessionOrigin(string Device, string? Address)
{
    public static SessionOrigin Of(HttpContext context) =>
        new(DeviceSummary.Of(context.Request.Headers.UserAgent.ToString()), context.Connection.RemoteIpAddress?.ToString());

    /// <summary>The address without its last part: /24 for IPv4, /48 for IPv6.</summary>
    public string? Network => IPAddress.TryParse(Address, out var address) ? Truncate(address) : null;

    private static string Truncate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var kept = address.AddressFamily == AddressFamily.InterNetwork ? 3 : 6;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
