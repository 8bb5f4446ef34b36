using Tocsin.Alerting;

namespace Tocsin.Storage.Model;

/// <summary>Lets a machine call some endpoints: monitoring raises a prepared alert, a personnel system imports people.</summary>
public sealed class ApiToken
{
    public ApiTokenId Id { get; set; }

    /// <summary>What it is for, in the administrator's words; the audit trail names it so.</summary>
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the token, which has 256 random bits.</summary>
    public byte[] TokenHash { get; set; } = [];

    /// <summary>Space-separated, as in RFC 6749 section 3.3.</summary>
    public string Scopes { get; set; } = "";

    /// <summary>The account that made it, as <c>account:UUID</c>.</summary>
    public string CreatedBy { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null: until revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Written at most every few minutes; null when never used.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>Identifies an API token in lists and in the audit trail. Safe to log.</summary>
public readonly record struct ApiTokenId(Guid Value) : IUuid<ApiTokenId>
{
    public static ApiTokenId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}
