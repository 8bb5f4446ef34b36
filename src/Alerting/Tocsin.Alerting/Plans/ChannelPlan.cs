using Tocsin.Alerting.Channels;

namespace Tocsin.Alerting.Plans;

/// <summary>By which ways, in which order and for how long people are told.</summary>
public sealed record ChannelPlan
{
    public static readonly TimeSpan ShortestExpiry = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LongestExpiry = TimeSpan.FromDays(7);

    /// <summary>All channels at once: what an emergency needs, and the default.</summary>
    public static ChannelPlan AllAtOnce { get; } = new()
    {
        Steps = [new PlanStep { Channels = [ChannelKind.InApp, ChannelKind.WebPush, ChannelKind.Sms, ChannelKind.Email] }],
    };

    /// <summary>One step is "in parallel"; several are "in order". 1 to 8.</summary>
    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>Whether a person's own order of channels and declined channels count. An emergency passes them whatever is said here.</summary>
    public bool FollowPreferences { get; init; } = true;

    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary>Null: told once.</summary>
    public RepeatPolicy? Repeat { get; init; }

    /// <summary>From raising until nothing more is tried.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromHours(4);
}

/// <summary>Channels that go together.</summary>
public sealed record PlanStep
{
    /// <summary>At least one, none twice.</summary>
    public required IReadOnlyList<ChannelKind> Channels { get; init; }

    /// <summary>From raising, not from the step before. Not earlier than the step before.</summary>
    public TimeSpan After { get; init; } = TimeSpan.Zero;

    /// <summary>Checked when the step is due.</summary>
    public StepCondition Condition { get; init; } = StepCondition.UnlessAnswered;

    public ContactPointUse ContactPoints { get; init; } = ContactPointUse.All;
}

/// <summary>What makes a later step needless.</summary>
public enum StepCondition
{
    /// <summary>Goes whatever happened.</summary>
    Always,

    /// <summary>Goes unless something is known to have arrived, or the person answered.</summary>
    UnlessDelivered,

    /// <summary>Goes unless the person answered.</summary>
    UnlessAnswered,
}

/// <summary>Which of a person's contact points of one channel are used.</summary>
public enum ContactPointUse
{
    /// <summary>All of them at once.</summary>
    All,

    /// <summary>Only the first in the person's order.</summary>
    First,
}

/// <summary>Reminds those who have not answered.</summary>
/// <param name="Every">From the raising, then from each reminder. At least one minute.</param>
/// <param name="Times">At most this many reminders; 1 to 20.</param>
public sealed record RepeatPolicy(TimeSpan Every, int Times);
