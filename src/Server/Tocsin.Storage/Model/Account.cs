using Microsoft.AspNetCore.Identity;
using Tocsin.Alerting;

namespace Tocsin.Storage.Model;

/// <summary>Who can sign in. <see cref="IdentityUser{TKey}.UserName"/> is the sign-in name; passkeys, password and one-time codes hang on it.</summary>
public sealed class Account : IdentityUser<Guid>
{
    /// <summary>The person this account belongs to.</summary>
    public PersonId PersonId { get; set; }

    /// <summary>The person's name as sessions and the audit trail show it.</summary>
    public string DisplayName { get; set; } = "";

    public Roles Roles { get; set; } = Roles.Staff;

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Set when an administrator closed the account; it cannot sign in any more.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}
