namespace Tocsin.Storage.Directory;

/// <summary>What somebody of the directory has not got that an alert, or a crisis, would need. Wire names: kebab-case.</summary>
public enum Lack
{
    /// <summary>No mobile number, mail address or device to which anything is sent: no message from here reaches them.</summary>
    Address,

    /// <summary>No mobile number to which anything is sent.</summary>
    Mobile,

    /// <summary>No device that takes notifications.</summary>
    Push,

    /// <summary>A number or mail address, and none that was ever verified.</summary>
    Verification,

    /// <summary>A number or mail address that was verified, but none since a moment.</summary>
    RecentVerification,

    /// <summary>An account that is open, without a passkey.</summary>
    Passkey,

    /// <summary>An account that is open, without a device that takes part in encrypted rooms.</summary>
    RoomDevice,
}

/// <summary>Each <see cref="Lack"/> as a condition on a row of <c>people</c>, and the sets that <see cref="ReachCounts"/> adds up: one place says what is meant.</summary>
internal static class LackSql
{
    /// <summary>Contact points at which a channel of this server can reach somebody (<see cref="Alerting.Plans.ChannelUse"/>).</summary>
    public const string Usable = "kind IN ('mobile', 'email', 'app')";

    /// <summary>Those that go out of date without anybody noticing; a device's subscription ends by itself.</summary>
    public const string Verifiable = "kind IN ('mobile', 'email')";

    /// <summary>Of an account in <c>a</c>.</summary>
    public const string HasPasskey = "EXISTS (SELECT 1 FROM account_passkeys WHERE user_id = a.id)";

    /// <summary>Of an account in <c>a</c>: 2 is a device's certificate, 3 its revocation (<see cref="Identities.DirectoryStatement"/>).</summary>
    public const string HasRoomDevice =
        "EXISTS (SELECT 1 FROM directory_log AS c WHERE c.person_id = a.person_id AND c.kind = 2 " +
        "AND NOT EXISTS (SELECT 1 FROM directory_log AS r WHERE r.person_id = c.person_id AND r.kind = 3 AND r.device = c.device))";

    /// <param name="since">A placeholder for the moment in unix milliseconds; asked for once, and only where the condition needs it.</param>
    public static string Condition(Lack lack, Func<string> since) => lack switch
    {
        Lack.Address => Without(Usable),
        Lack.Mobile => Without("kind = 'mobile'"),
        Lack.Push => Without("kind = 'app'"),
        Lack.Verification => $"{With(Verifiable)} AND {Without($"{Verifiable} AND verified_at IS NOT NULL")}",
        Lack.RecentVerification => $"{With($"{Verifiable} AND verified_at IS NOT NULL")} AND {Without($"{Verifiable} AND verified_at >= {since()}")}",
        Lack.Passkey => $"{WithAccount("TRUE")} AND NOT {WithAccount(HasPasskey)}",
        Lack.RoomDevice => $"{WithAccount("TRUE")} AND NOT {WithAccount(HasRoomDevice)}",
        _ => throw new ArgumentOutOfRangeException(nameof(lack)),
    };

    private static string With(string points) => $"EXISTS (SELECT 1 FROM contact_points WHERE person_id = people.id AND enabled = TRUE AND {points})";

    private static string Without(string points) => $"NOT {With(points)}";

    private static string WithAccount(string holds) => $"EXISTS (SELECT 1 FROM accounts AS a WHERE a.person_id = people.id AND a.disabled_at IS NULL AND {holds})";
}
