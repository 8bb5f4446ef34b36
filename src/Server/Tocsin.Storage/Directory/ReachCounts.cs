using Tocsin.Storage.Bulk;

namespace Tocsin.Storage.Directory;

/// <summary>How many people an alert would reach, and how fresh what is known of them is. Only active people; each <see cref="Lack"/> is counted as the list of people has it.</summary>
/// <param name="People">Active people.</param>
/// <param name="WithAddress">Those with a mobile number, mail address or device to which something is sent.</param>
/// <param name="WithMobile">Those with a mobile number.</param>
/// <param name="WithPush">Those with a device that takes notifications.</param>
/// <param name="Verifiable">Those with a mobile number or mail address.</param>
/// <param name="Verified">Of <paramref name="Verifiable"/>, those with one that was verified since the moment that was asked for.</param>
/// <param name="NeverVerified">Of <paramref name="Verifiable"/>, those of whose numbers and addresses none ever was.</param>
/// <param name="Accounts">Those with an account that is open.</param>
/// <param name="WithPasskey">Of <paramref name="Accounts"/>, those with a passkey.</param>
/// <param name="WithRoomDevice">Of <paramref name="Accounts"/>, those with a device that takes part in encrypted rooms.</param>
public sealed record ReachCounts(
    long People,
    long WithAddress,
    long WithMobile,
    long WithPush,
    long Verifiable,
    long Verified,
    long NeverVerified,
    long Accounts,
    long WithPasskey,
    long WithRoomDevice)
{
    // Few people are inactive: to look each person up in that small set is far cheaper than to visit the person's own row.
    private const string IsActive = "person_id NOT IN (SELECT id FROM people WHERE active = FALSE)";

    private const string ActivePeople = "SELECT COUNT(*) FROM people WHERE active = TRUE";

    private const string Points =
        $"""
        SELECT COALESCE(SUM(usable), 0), COALESCE(SUM(mobile), 0), COALESCE(SUM(app), 0), COALESCE(SUM(verifiable), 0), COALESCE(SUM(recent), 0),
               COALESCE(SUM(CASE WHEN verifiable = 1 AND ever = 0 THEN 1 ELSE 0 END), 0)
        FROM (SELECT MAX(CASE WHEN {LackSql.Usable} THEN 1 ELSE 0 END) AS usable,
                     MAX(CASE WHEN kind = 'mobile' THEN 1 ELSE 0 END) AS mobile,
                     MAX(CASE WHEN kind = 'app' THEN 1 ELSE 0 END) AS app,
                     MAX(CASE WHEN {LackSql.Verifiable} THEN 1 ELSE 0 END) AS verifiable,
                     MAX(CASE WHEN {LackSql.Verifiable} AND verified_at >= @since THEN 1 ELSE 0 END) AS recent,
                     MAX(CASE WHEN {LackSql.Verifiable} AND verified_at IS NOT NULL THEN 1 ELSE 0 END) AS ever
              FROM contact_points WHERE enabled = TRUE AND {IsActive} GROUP BY person_id) AS reached
        """;

    private const string OpenAccounts =
        $"""
        SELECT COUNT(*), COALESCE(SUM(passkey), 0), COALESCE(SUM(room_device), 0)
        FROM (SELECT MAX(CASE WHEN {LackSql.HasPasskey} THEN 1 ELSE 0 END) AS passkey, MAX(CASE WHEN {LackSql.HasRoomDevice} THEN 1 ELSE 0 END) AS room_device
              FROM accounts AS a WHERE a.disabled_at IS NULL AND a.{IsActive} GROUP BY a.person_id) AS open_accounts
        """;

    /// <summary>Three statements, each one pass over its table. The one over contact points is the costly one: seconds, not minutes, for 100,000 people.</summary>
    /// <param name="since">What was verified before is old.</param>
    public static async Task<ReachCounts> ReadAsync(TocsinDbContext db, DateTimeOffset since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var scope = await db.OpenAsync(cancellationToken);
        var people = await RowAsync(db, ActivePeople, 1, since, cancellationToken);
        var points = await RowAsync(db, Points, 6, since, cancellationToken);
        var accounts = await RowAsync(db, OpenAccounts, 3, since, cancellationToken);
        return new ReachCounts(people[0], points[0], points[1], points[2], points[3], points[4], points[5], accounts[0], accounts[1], accounts[2]);
    }

    private static async Task<long[]> RowAsync(TocsinDbContext db, string sql, int columns, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(sql);
        if (sql.Contains("@since", StringComparison.Ordinal)) command.Add("@since", since.ToUnixTimeMilliseconds());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var numbers = new long[columns];
        for (var i = 0; i < columns; i++) numbers[i] = reader.GetInt64(i);
        return numbers;
    }
}
