using System.Collections.Frozen;
using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Settings;

/// <summary>A law that wants incidents reported. The texts of the Union and their times are in the client: web/src/core/rooms/reporting/regimes.ts.</summary>
internal enum ReportingRegime
{
    Nis2,
    Dora,
    Gdpr,
}

internal enum ReportingStep
{
    EarlyWarning,
    Notification,
    Initial,
    Intermediate,
    Final,
}

/// <summary>From what a time counts.</summary>
internal enum ReportingClockStart
{
    Aware,
    Classified,
    Notification,
    Initial,
    Intermediate,
}

internal enum ReportingClockUnit
{
    Hours,
    Days,
    Months,
}

/// <param name="Amount">1 to 8,760 hours, 365 days, 24 months.</param>
internal sealed record ReportingClock(ReportingStep Step, ReportingClockStart From, int Amount, ReportingClockUnit Unit);

/// <param name="Id">Of this installation: 1 to 16 small letters and digits; the same for one point however its text changes.</param>
/// <param name="Label">What the authority's form asks for.</param>
internal sealed record NationalField(ReportingStep Step, string Id, string Label);

/// <summary>What a country makes of one of the laws. Texts may be empty.</summary>
/// <param name="Authority">To whom reports go.</param>
/// <param name="SubmitUrl">Where they are submitted: http or https.</param>
/// <param name="Citation">The national text.</param>
/// <param name="Clocks">Times that differ from the Union's.</param>
/// <param name="Fields">What is asked for beside the Union's points.</param>
internal sealed record RegimeTerms(
    string Authority, string SubmitUrl, string SubmitMail, string SubmitPhone, string Citation, IReadOnlyList<ReportingClock> Clocks, IReadOnlyList<NationalField> Fields);

/// <summary>Null: as the Union has it.</summary>
internal sealed record ReportingTerms(RegimeTerms? Nis2 = null, RegimeTerms? Dora = null, RegimeTerms? Gdpr = null)
{
    private const string SettingKey = "reporting.terms";

    public static ReportingTerms Unchanged { get; } = new();

    public static async Task<ReportingTerms> ReadAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        await StoredSettings.ReadAsync(db, SettingKey, cancellationToken) is { } json ? JsonSerializer.Deserialize<ReportingTerms>(json, AlertingJson.Options) ?? Unchanged : Unchanged;

    /// <param name="terms">Null: back to the Union's.</param>
    public static async Task WriteAsync(CommandTransaction transaction, ReportingRegime regime, RegimeTerms? terms, CancellationToken cancellationToken)
    {
        var kept = await ReadAsync(transaction.Db, cancellationToken);
        var next = regime switch
        {
            ReportingRegime.Nis2 => kept with { Nis2 = terms },
            ReportingRegime.Dora => kept with { Dora = terms },
            ReportingRegime.Gdpr => kept with { Gdpr = terms },
            _ => throw new ArgumentOutOfRangeException(nameof(regime)),
        };
        await StoredSettings.WriteAsync(transaction, SettingKey, JsonSerializer.Serialize(next, AlertingJson.Options), cancellationToken);
    }
}

/// <summary>What of terms can be kept.</summary>
internal static class RegimeTermsRules
{
    private const int LongestAuthority = 120;
    private const int LongestUrl = 300;
    private const int LongestPhone = 40;
    private const int LongestCitation = 300;
    private const int LongestLabel = 120;
    private const int LongestId = 16;
    private const int MostFields = 20;
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const string PhoneLetters = "+0123456789 ()./-";

    // The clocks that a law has: what it does not count from cannot be changed.
    private static readonly FrozenDictionary<ReportingRegime, FrozenSet<(ReportingStep, ReportingClockStart)>> Known =
        new Dictionary<ReportingRegime, FrozenSet<(ReportingStep, ReportingClockStart)>>
        {
            [ReportingRegime.Nis2] = FrozenSet.Create(
                (ReportingStep.EarlyWarning, ReportingClockStart.Aware), (ReportingStep.Notification, ReportingClockStart.Aware), (ReportingStep.Final, ReportingClockStart.Notification)),
            [ReportingRegime.Dora] = FrozenSet.Create(
                (ReportingStep.Initial, ReportingClockStart.Classified),
                (ReportingStep.Initial, ReportingClockStart.Aware),
                (ReportingStep.Intermediate, ReportingClockStart.Initial),
                (ReportingStep.Final, ReportingClockStart.Intermediate)),
            [ReportingRegime.Gdpr] = FrozenSet.Create((ReportingStep.Notification, ReportingClockStart.Aware)),
        }.ToFrozenDictionary();

    /// <summary>JSON can hold null where a list has none.</summary>
    public static bool IsWhole(RegimeTerms terms) => !terms.Clocks.Contains(null!) && !terms.Fields.Contains(null!);

    /// <summary>As they are kept: texts without white space around them.</summary>
    public static RegimeTerms Trim(RegimeTerms terms) => terms with
    {
        Authority = terms.Authority.Trim(),
        SubmitUrl = terms.SubmitUrl.Trim(),
        SubmitMail = terms.SubmitMail.Trim(),
        SubmitPhone = terms.SubmitPhone.Trim(),
        Citation = terms.Citation.Trim(),
        Fields = [.. terms.Fields.Select(field => field with { Label = field.Label.Trim() })],
    };

    public static FieldErrors Check(ReportingRegime regime, RegimeTerms terms)
    {
        var errors = new FieldErrors();
        CheckText(terms.Authority, LongestAuthority, "authority", errors);
        CheckText(terms.Citation, LongestCitation, "citation", errors);
        if (terms.SubmitUrl is not "" && !IsWebAddress(terms.SubmitUrl)) errors.Add("submitUrl", FieldCodes.OutOfRange);
        if (terms.SubmitMail is not "" && !EmailAddress.TryRead(terms.SubmitMail, out _)) errors.Add("submitMail", FieldCodes.OutOfRange);
        if (terms.SubmitPhone.Length > LongestPhone || terms.SubmitPhone.Any(letter => !PhoneLetters.Contains(letter, StringComparison.Ordinal))) errors.Add("submitPhone", FieldCodes.OutOfRange);
        var known = Known[regime];
        if (terms.Clocks.Count > known.Count || terms.Clocks.DistinctBy(clock => (clock.Step, clock.From)).Count() < terms.Clocks.Count) errors.Add("clocks", FieldCodes.OutOfRange);
        for (var at = 0; at < Math.Min(terms.Clocks.Count, known.Count); at++)
        {
            if (!IsKept(terms.Clocks[at], known)) errors.Add($"clocks[{at}]", FieldCodes.OutOfRange);
        }

        var steps = known.Select(clock => clock.Item1).ToHashSet();
        if (regime == ReportingRegime.Nis2) steps.Add(ReportingStep.Intermediate);
        if (terms.Fields.Count > MostFields || terms.Fields.DistinctBy(field => field.Id, StringComparer.Ordinal).Count() < terms.Fields.Count) errors.Add("fields", FieldCodes.OutOfRange);
        for (var at = 0; at < Math.Min(terms.Fields.Count, MostFields); at++)
        {
            var (step, id, label) = terms.Fields[at];
            if (!steps.Contains(step) || id.Length is 0 or > LongestId || id.Any(letter => !IdLetters.Contains(letter, StringComparison.Ordinal)) || label.Length == 0)
                errors.Add($"fields[{at}]", FieldCodes.OutOfRange);
            CheckText(label, LongestLabel, $"fields[{at}]", errors);
        }

        return errors;
    }

    private static bool IsKept(ReportingClock clock, FrozenSet<(ReportingStep, ReportingClockStart)> known) =>
        known.Contains((clock.Step, clock.From)) && clock.Amount >= 1 && clock.Amount <= clock.Unit switch
        {
            ReportingClockUnit.Hours => 8760,
            ReportingClockUnit.Days => 365,
            ReportingClockUnit.Months => 24,
            _ => 0,
        };

    private static void CheckText(string text, int longest, string field, FieldErrors errors)
    {
        if (text.Length > longest || text.Any(char.IsControl)) errors.Add(field, FieldCodes.OutOfRange);
    }

    private static bool IsWebAddress(string text) =>
        text.Length <= LongestUrl && Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.UserInfo.Length == 0;
}
