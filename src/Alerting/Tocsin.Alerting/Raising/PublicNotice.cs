using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Raising;

/// <summary>The decision that the public is shown an alert, with what the Common Alerting Protocol 1.2 asks beside the alert's own words.</summary>
/// <param name="Area">Where it holds, in words; absent: the organisation.</param>
/// <param name="Instruction">What people outside should do; absent: the alert's own words say it.</param>
public sealed record PublicNotice(
    CapCategory Category = CapCategory.Safety,
    CapUrgency Urgency = CapUrgency.Immediate,
    CapCertainty Certainty = CapCertainty.Observed,
    LocalizedText? Area = null,
    LocalizedText? Instruction = null)
{
    public const int LongestArea = 200;
    public const int LongestInstruction = 1_000;

    /// <summary>Everything that is wrong, by field under <c>public</c>; empty where nothing is.</summary>
    public IReadOnlyList<RuleViolation> Validate()
    {
        var violations = new List<RuleViolation>();
        if ((Area?.Fr ?? Area?.En) is not null) TextRules.CheckOneLine(Area!, LongestArea, TextCodes.Label, "public.area", violations);
        if ((Instruction?.Fr ?? Instruction?.En) is not null) TextRules.CheckLines(Instruction!, LongestInstruction, TextCodes.Body, "public.instruction", violations);
        return violations;
    }
}

/// <summary>CAP 1.2, section 3.2.2: the subject of the event.</summary>
public enum CapCategory
{
    Geo,
    Met,
    Safety,
    Security,
    Rescue,
    Fire,
    Health,
    Env,
    Transport,
    Infra,
    CBRNE,
    Other,
}

/// <summary>CAP 1.2, section 3.2.2: how soon to act.</summary>
public enum CapUrgency
{
    Immediate,
    Expected,
    Future,
    Past,
    Unknown,
}

/// <summary>CAP 1.2, section 3.2.2: how sure it is.</summary>
public enum CapCertainty
{
    Observed,
    Likely,
    Possible,
    Unlikely,
    Unknown,
}
