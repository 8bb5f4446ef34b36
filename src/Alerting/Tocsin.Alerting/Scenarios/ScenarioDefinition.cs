using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Plans;

namespace Tocsin.Alerting.Scenarios;

/// <summary>An alert prepared in advance, whole. Written and read with <see cref="AlertingJson.Options"/>.</summary>
public sealed record ScenarioDefinition
{
    public const int CurrentFormat = 1;

    /// <summary>The format's version. A newer one than <see cref="CurrentFormat"/> is refused rather than half understood.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>What it is called in the list of scenarios; at most 80 characters.</summary>
    public required LocalizedText Name { get; init; }

    public required ScenarioCategory Category { get; init; }

    /// <summary>Which picture it wears: 1 to 32 characters of a-z, 0-9 and '-'. An unknown one shows the category's.</summary>
    public required string Icon { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>What it is raised as unless the person who raises it says otherwise.</summary>
    public AlertMode Mode { get; init; } = AlertMode.Real;

    public required ScenarioContent Content { get; init; }

    public AudienceExpression Audience { get; init; } = AudienceExpression.Nobody;

    public ChannelPlan Plan { get; init; } = ChannelPlan.AllAtOnce;

    /// <summary>The answers asked for, in order; empty where none is.</summary>
    public IReadOnlyList<AnswerChoice> Answers { get; init; } = StandardAnswers.All;

    public IReadOnlyList<EscalationRule> Escalation { get; init; } = [];

    public Attachment? Attachment { get; init; }
}

/// <summary>What it is about, for sorting and for the icon.</summary>
public enum ScenarioCategory
{
    Fire,
    Health,
    Cyber,
    Utilities,
    Telecom,
    Weather,
    Supply,
    Security,
    Other,
}

/// <summary>Where recipients go next.</summary>
public abstract record Attachment
{
    internal static readonly IReadOnlyDictionary<string, Type> Kinds = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["room"] = typeof(Room),
        ["link"] = typeof(Link),
    };

    /// <summary>What each word of <see cref="Kind"/> stands for.</summary>
    public static IReadOnlyDictionary<string, Type> WireForms => Kinds;

    private Attachment()
    {
    }

    /// <summary>Which form it is, on the wire.</summary>
    public abstract string Kind { get; }

    /// <summary>A room of this server.</summary>
    public sealed record Room(RoomId Id) : Attachment
    {
        public override string Kind => "room";
    }

    /// <summary>A page: <c>https</c> only, at most 500 characters.</summary>
    public sealed record Link(Uri Url, LocalizedText? Label = null) : Attachment
    {
        public override string Kind => "link";
    }
}
