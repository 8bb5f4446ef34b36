using Tocsin.Alerting;

namespace Tocsin.Storage.Model;

/// <summary>One sign-in of one account on one device. Whoever holds the token is the account; only its hash is kept.</summary>
public sealed class Session
{
    public SessionId Id { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>SHA-256 of the token in the cookie. A token has 256 random bits, so a plain hash is enough.</summary>
    public byte[] TokenHash { get; set; } = [];

    public SignInMethod Method { get; set; }

    /// <summary>The browser and system in a few words, for the account's owner to tell sessions apart.</summary>
    public string Device { get; set; } = "";

    /// <summary>The network it was opened from (/24 or /48), enough to recognise a place; null when unknown.</summary>
    public string? Network { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Written at most every few minutes.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>The absolute end, however busy the session is.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>Identifies a session in lists and in the audit trail. Not the token: safe to show and to log.</summary>
public readonly record struct SessionId(Guid Value) : IUuid<SessionId>
{
    public static SessionId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>How an account proved who it is.</summary>
public enum SignInMethod
{
    /// <summary>A WebAuthn credential with user verification.</summary>
    Passkey,

    /// <summary>Password and one-time code, always both.</summary>
    Password,

    /// <summary>A single-use code of a printed card: a short session.</summary>
    EmergencyCard,
}
