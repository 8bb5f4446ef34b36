using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Escalation;

/// <summary>"If fewer than <see cref="Minimum"/> of <see cref="Of"/> have answered with one of <see cref="Answers"/> within <see cref="Within"/>, then <see cref="Then"/>." Fires at most once.</summary>
public sealed record EscalationRule
{
    /// <summary>Stable within the alert: 1 to 32 characters of a-z, 0-9 and '-'.</summary>
    public required string Key { get; init; }

    /// <summary>Which recipients count; null: all of them.</summary>
    public AudienceExpression? Of { get; init; }

    /// <summary>Keys of the answers that count; empty: any answer.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    public required EscalationMinimum Minimum { get; init; }

    /// <summary>From raising, or from the moment at which <see cref="After"/> fired.</summary>
    public required TimeSpan Within { get; init; }

    /// <summary>The key of the rule whose firing starts this one's clock (the level before); null: the alert's raising does.</summary>
    public string? After { get; init; }

    public required EscalationAction Then { get; init; }
}

/// <summary>How many are enough: a number of people, or a share of those who count.</summary>
/// <param name="Count">At least one, or null.</param>
/// <param name="Percent">1 to 100, or null. Exactly one of the two is given.</param>
public sealed record EscalationMinimum(int? Count = null, int? Percent = null)
{
    /// <summary>The number of people it comes to among <paramref name="recipients"/>; a share is rounded up.</summary>
    public long Among(long recipients) => Count ?? (((recipients * (Percent ?? 100)) + 99) / 100);
}

/// <summary>What is done when too few have answered.</summary>
public abstract record EscalationAction
{
    internal static readonly IReadOnlyDictionary<string, Type> Kinds = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["remind"] = typeof(Remind),
        ["notify-deputies"] = typeof(NotifyDeputies),
        ["notify"] = typeof(Notify),
        ["raise-severity"] = typeof(RaiseSeverity),
    };

    /// <summary>What each word of <see cref="Kind"/> stands for.</summary>
    public static IReadOnlyDictionary<string, Type> WireForms => Kinds;

    private EscalationAction()
    {
    }

    /// <summary>Which action it is, on the wire.</summary>
    public abstract string Kind { get; }

    /// <summary>Tells those of the rule's audience who have not answered once more, by the alert's plan.</summary>
    public sealed record Remind : EscalationAction
    {
        public override string Kind => "remind";
    }

    /// <summary>Tells the deputies of those of the rule's audience who have not answered.</summary>
    public sealed record NotifyDeputies : EscalationAction
    {
        public override string Kind => "notify-deputies";
    }

    /// <summary>Tells more people: a group, a rota, anyone. They become recipients of the alert.</summary>
    /// <param name="Plan">Their channel plan; null: the alert's.</param>
    public sealed record Notify(AudienceExpression Audience, Plans.ChannelPlan? Plan = null) : EscalationAction
    {
        public override string Kind => "notify";
    }

    /// <summary>Raises the alert to <paramref name="To"/> (never lowers it) and reminds those who have not answered at that severity.</summary>
    public sealed record RaiseSeverity(Severity To) : EscalationAction
    {
        public override string Kind => "raise-severity";
    }
}
