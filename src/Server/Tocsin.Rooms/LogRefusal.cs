namespace Tocsin.Rooms;

/// <summary>Why an entry has no place in the directory log, whatever the log says; <see cref="LogRefusals.Code"/> has the stable codes.</summary>
public enum LogRefusal
{
    None,
    MalformedEntry,
    MalformedIdentity,
    MalformedCertificate,
    BadSignature,
}

public static class LogRefusals
{
    /// <summary>As in docs/protocol/identities.md.</summary>
    public static string Code(this LogRefusal refusal) => refusal switch
    {
        LogRefusal.MalformedEntry => "malformed-entry",
        LogRefusal.MalformedIdentity => "malformed-identity",
        LogRefusal.MalformedCertificate => "malformed-certificate",
        LogRefusal.BadSignature => "bad-signature",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };
}
