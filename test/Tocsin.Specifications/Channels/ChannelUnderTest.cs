using Tocsin.Alerting.Channels;
using Tocsin.Testing;

namespace Tocsin.Specifications.Channels;

/// <summary>What the specification hands to an implementation's test to build its channel with.</summary>
/// <param name="InFlight">The channel is to be configured so that <see cref="IAlertChannel.MaximumInFlight"/> is this.</param>
public sealed record ChannelSurroundings(RecordingInbox Inbox, RecordedLog Log, ManualTimeProvider Time, int Seed, int InFlight);

/// <summary>A channel and the carrier that it is connected to. The specification disposes of both, letting time pass for the channel's farewell.</summary>
public sealed record ChannelUnderTest(IAlertChannel Channel, IScriptableCarrier Carrier);
