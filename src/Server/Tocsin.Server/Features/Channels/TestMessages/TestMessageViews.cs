using Tocsin.Alerting.Channels;
using Tocsin.Server.Errors;
using Tocsin.Storage.Notices;

namespace Tocsin.Server.Features.Channels.TestMessages;

/// <summary>How far a test message is.</summary>
internal enum TestMessageStanding
{
    /// <summary>On its way to a carrier.</summary>
    Waiting,

    /// <summary>A carrier took it. Whether it arrived, whoever asked for it can see.</summary>
    Accepted,

    /// <summary>It reached the device or mailbox, says the carrier.</summary>
    Delivered,

    /// <summary>No carrier took it, or it did not arrive.</summary>
    Failed,
}

/// <param name="Channel">Any but the application itself.</param>
internal sealed record NewTestMessage(ChannelKind Channel);

/// <summary>The latest first.</summary>
internal sealed record TestMessageList(IReadOnlyList<TestMessageView> Items);

/// <param name="By">Who asked for it, and gets it.</param>
/// <param name="To">Where it went, with all but its end hidden; empty for a device.</param>
/// <param name="EndedAt">When it arrived, was taken or was given up; null while it waits.</param>
/// <param name="Failure">Why it failed: a delivery's failure code.</param>
internal sealed record TestMessageView(
    long Id, ChannelKind Channel, string By, string To, DateTimeOffset At, TestMessageStanding Standing, DateTimeOffset? EndedAt, string? Failure)
{
    public static TestMessageView Of(TestMessage message) => new(
        message.Id, message.Channel, message.AskedByName, message.MaskedAddress, message.AskedAt, StandingOf(message), message.ArrivedAt ?? message.SettledAt, message.FailureCode);

    public static TestMessageStanding StandingOf(TestMessage message) => message.State switch
    {
        NoticeState.Sent => message.ArrivedAt is null ? TestMessageStanding.Accepted : TestMessageStanding.Delivered,
        NoticeState.Waiting => TestMessageStanding.Waiting,
        _ => TestMessageStanding.Failed,
    };
}

internal static class TestMessageRefusals
{
    public static readonly Refusal Needless = new("test-message-needless", 409, "The application itself needs no test message: it works where you read this.");
    public static readonly Refusal NoChannel = new("test-message-no-channel", 409, "Nothing can be sent this way yet: the channel is not configured.");
    public static readonly Refusal NoAddress = new("test-message-no-address", 409, "You have no contact point for this channel: add one to your own first.");
    public static readonly Refusal TooMany = new("test-message-too-many", 429, "Test messages were asked for too often: wait a moment.");
}
