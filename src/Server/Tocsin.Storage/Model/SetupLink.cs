using Tocsin.Alerting;

namespace Tocsin.Storage.Model;

/// <summary>A single-use link with which a person gives an account its first, or new, ways to sign in.</summary>
/// <remarks>Using it takes away every earlier passkey, password, card and session of the account: whoever needs one has lost them, or never had any.</remarks>
public sealed class SetupLink
{
    public SetupLinkId Id { get; set; }

    /// <summary>Null for the first start's link, which makes the first administrator.</summary>
    public Guid? AccountId { get; set; }

    /// <summary>SHA-256 of the token in the link, which has 256 random bits.</summary>
    public byte[] TokenHash { get; set; } = [];

    /// <summary>Who issued it, as <c>account:UUID</c> or <c>system</c>.</summary>
    public string CreatedBy { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>Identifies a set-up link in lists and in the audit trail. Not its token: safe to log.</summary>
public readonly record struct SetupLinkId(Guid Value) : IUuid<SetupLinkId>
{
    public static SetupLinkId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}
