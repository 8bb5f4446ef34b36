using Microsoft.AspNetCore.Identity;
using Tocsin.Alerting;

namespace Tocsin.Storage.Model;

/// <summary>Who can sign in. <see cref="IdentityUser{TKey}.UserName"/> is the sign-in name; passkeys, password and one-time codes hang on it.</summary>
public sealed class Account : IdentityUser<Guid>
{
    /// <summary>The person this account belongs to; the directory has their name and language.</summary>
    public PersonId PersonId { get; set; }

    public Roles Roles { get; set; } = Roles.Staff;

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The secret shared with the person's authenticator app (RFC 6238); present exactly when there is a password.</summary>
    public byte[]? AuthenticatorKey { get; set; }

    /// <summary>The time step of the last one-time code taken: a code is never taken twice.</summary>
    public long AuthenticatorStep { get; set; }

    /// <summary>Set when an administrator closed the account; it cannot sign in any more.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}
