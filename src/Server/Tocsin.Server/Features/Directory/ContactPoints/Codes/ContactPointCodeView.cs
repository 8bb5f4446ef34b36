using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.ContactPoints.Codes;

/// <summary>How far a contact point's code is.</summary>
internal enum CodeStanding
{
    /// <summary>None was asked for, or it did its work.</summary>
    None,

    /// <summary>On its way to a carrier. It can be typed: a carrier that did not answer may have taken it.</summary>
    Sending,
    Sent,

    /// <summary>No carrier took it.</summary>
    Failed,
    Expired,

    /// <summary>Too many wrong codes were typed.</summary>
    Spent,
}

/// <summary>The last code of a contact point, without the code.</summary>
/// <param name="ExpiresAt">Null where there is none.</param>
/// <param name="Failure">Why it could not be sent: a delivery's failure code.</param>
internal sealed record ContactPointCodeView(CodeStanding Standing, DateTimeOffset? ExpiresAt, int TriesLeft, string? Failure)
{
    public static ContactPointCodeView Of(ContactPointCode? code, StoredContactPoint point, DateTimeOffset now)
    {
        var standing = StandingOf(code, point, now);
        return standing == CodeStanding.None
            ? new ContactPointCodeView(standing, null, 0, null)
            : new ContactPointCodeView(standing, code!.ExpiresAt, Math.Max(0, CodeLimits.WrongTries - code.WrongTries), code.FailureCode);
    }

    public static CodeStanding StandingOf(ContactPointCode? code, StoredContactPoint point, DateTimeOffset now) => code switch
    {
        null or { State: ContactPointCodeState.Ended } => CodeStanding.None,

        // It showed that the address of then reaches its owner, which says nothing of the one of now.
        _ when code.Address != point.Address => CodeStanding.None,
        { WrongTries: >= CodeLimits.WrongTries } => CodeStanding.Spent,
        _ when now >= code.ExpiresAt => CodeStanding.Expired,
        { State: ContactPointCodeState.Failed } => CodeStanding.Failed,
        { State: ContactPointCodeState.Sent } => CodeStanding.Sent,
        _ => CodeStanding.Sending,
    };
}
