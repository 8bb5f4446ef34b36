using System.Text.Json.Serialization;
using Tocsin.Alerting;

namespace Tocsin.Server.Features.Meetings.Signalling;

/// <summary>What a stream item holds: one event, or those that waited together.</summary>
internal sealed record MeetingBatch(IReadOnlyList<MeetingEvent> Events);

/// <summary>What a participant hears of a call. docs/protocol/meetings.md has the whole contract.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Joined), "joined")]
[JsonDerivedType(typeof(WaitingToJoin), "waiting")]
[JsonDerivedType(typeof(Left), "left")]
[JsonDerivedType(typeof(ParticipantJoined), "participant-joined")]
[JsonDerivedType(typeof(ParticipantLeft), "participant-left")]
[JsonDerivedType(typeof(ProducerAdded), "producer-added")]
[JsonDerivedType(typeof(ProducerClosed), "producer-closed")]
[JsonDerivedType(typeof(ProducerPaused), "producer-paused")]
[JsonDerivedType(typeof(NewConsumer), "new-consumer")]
[JsonDerivedType(typeof(ConsumerLayersChanged), "consumer-layers-changed")]
[JsonDerivedType(typeof(ProducerWanted), "producer-wanted")]
[JsonDerivedType(typeof(VideoCodecChanged), "video-codec-changed")]
[JsonDerivedType(typeof(TransportStateChanged), "transport-state-changed")]
[JsonDerivedType(typeof(ActiveSpeakers), "active-speakers")]
[JsonDerivedType(typeof(QualityChanged), "quality")]
[JsonDerivedType(typeof(MeetingChanged), "meeting-changed")]
[JsonDerivedType(typeof(WaitingChanged), "waiting-changed")]
[JsonDerivedType(typeof(CallGroupChanged), "group-changed")]
[JsonDerivedType(typeof(CallGroupWelcome), "group-welcome")]
[JsonDerivedType(typeof(CallGroupApplication), "group-application")]
[JsonDerivedType(typeof(CallMessage), "call-message")]
internal abstract record MeetingEvent
{
    /// <summary>Characters of what clients wrote and the server only carries: these are not small.</summary>
    [JsonIgnore]
    public virtual int Weight => 0;
}

/// <param name="Resume">Lets the same participant come back; sealed, and of no use to anybody who has no right to join.</param>
/// <param name="Resumed">The transports, producers and consumers of before go on.</param>
/// <param name="Participants">Everyone, the receiver included.</param>
/// <param name="Consumers">Empty where the request had no capabilities.</param>
/// <param name="ActiveSpeakers">The loudest first.</param>
/// <param name="Waiting">Empty for who is no host.</param>
/// <param name="Group">Null where nobody has begun the group of this call yet.</param>
/// <param name="VideoCodec">What cameras are best sent in, as <c>video/VP9</c>: the best that all who are in decode.</param>
internal sealed record Joined(
    string ParticipantId,
    string Resume,
    bool Resumed,
    bool IsHost,
    CallView Meeting,
    RtpCapabilities RouterRtpCapabilities,
    Transport SendTransport,
    Transport ReceiveTransport,
    IReadOnlyList<ParticipantView> Participants,
    IReadOnlyList<ConsumerView> Consumers,
    IReadOnlyList<string> ActiveSpeakers,
    IReadOnlyList<WaitingView> Waiting,
    CallGroupView? Group,
    string VideoCodec) : MeetingEvent;

internal sealed record WaitingToJoin(string Id, MeetingName Meeting) : MeetingEvent;

/// <summary>The last event of a stream.</summary>
/// <param name="Refusal">With <see cref="LeaveReason.Refused"/>.</param>
internal sealed record Left(LeaveReason Reason, HubRefusal? Refusal = null) : MeetingEvent;

internal sealed record ParticipantJoined(ParticipantView Participant) : MeetingEvent;

internal sealed record ParticipantLeft(string ParticipantId, DepartureReason Reason) : MeetingEvent;

internal sealed record ProducerAdded(string ParticipantId, ProducerView Producer) : MeetingEvent;

/// <summary>Its consumers are closed with it.</summary>
/// <param name="ByHost">The host's participant id; null: its owner did it.</param>
internal sealed record ProducerClosed(string ProducerId, string ParticipantId, string? ByHost) : MeetingEvent;

internal sealed record ProducerPaused(string ProducerId, string ParticipantId, bool IsPaused, string? ByHost) : MeetingEvent;

internal sealed record NewConsumer(ConsumerView Consumer) : MeetingEvent;

/// <summary>Null layers: nothing is sent.</summary>
internal sealed record ConsumerLayersChanged(string ConsumerId, int? SpatialLayer, int? TemporalLayer) : MeetingEvent;

/// <summary>To the one who sends: which layers somebody wants, so that no others need be sent.</summary>
/// <param name="SpatialLayer">The highest; null: nobody wants it now.</param>
internal sealed record ProducerWanted(string ProducerId, int? SpatialLayer) : MeetingEvent;

/// <summary>Cameras are best sent in this one from now on: somebody does not decode the former.</summary>
internal sealed record VideoCodecChanged(string VideoCodec) : MeetingEvent;

internal sealed record TransportStateChanged(string TransportId, TransportState State) : MeetingEvent;

/// <summary>The loudest first. At most twice a second.</summary>
internal sealed record ActiveSpeakers(IReadOnlyList<string> ParticipantIds) : MeetingEvent;

/// <summary>Those whose connection has become better or worse.</summary>
internal sealed record QualityChanged(IReadOnlyList<ParticipantQuality> Participants) : MeetingEvent;

internal sealed record MeetingChanged(bool IsLocked, bool HasWaitingRoom, string Title) : MeetingEvent;

/// <summary>For hosts: all who wait.</summary>
internal sealed record WaitingChanged(IReadOnlyList<WaitingView> Waiting) : MeetingEvent;

internal sealed record MeetingName(Guid Id, string Title);

internal sealed record CallView(Guid Id, string Title, AlertId? AlertId, bool IsLocked, bool HasWaitingRoom);

internal sealed record ParticipantView(
    string Id, string Name, ParticipantKind Kind, PersonId? PersonId, bool IsHost, DateTimeOffset JoinedAt, IReadOnlyList<ProducerView> Producers, string? DeviceKey);

internal sealed record ProducerView(string Id, string Kind, MediaSource Source, bool IsPaused);

internal sealed record ConsumerView(
    string Id, string ProducerId, string ParticipantId, string Kind, MediaSource Source, RtpParameters RtpParameters, LayerKind Layers, bool IsProducerPaused);

internal sealed record WaitingView(string Id, string Name, ParticipantKind Kind, DateTimeOffset Since, string? DeviceKey);

internal sealed record ParticipantQuality(string ParticipantId, Quality Quality);

/// <summary>Why a stream ends.</summary>
internal enum LeaveReason
{
    Left,
    Removed,
    Denied,

    /// <summary>The meeting is over, for everybody.</summary>
    Ended,

    /// <summary>The same participant joined from elsewhere.</summary>
    Replaced,

    /// <summary>More events waited than are kept: join again, with <c>resume</c>.</summary>
    TooSlow,

    /// <summary>Never was let in.</summary>
    Refused,
}

/// <summary>What the others are told of why somebody left.</summary>
internal enum DepartureReason
{
    Left,
    Removed,

    /// <summary>The connection broke and they did not come back in time.</summary>
    Lost,
}

internal enum ParticipantKind
{
    Account,
    Guest,
}

/// <summary>What a producer shows or lets hear; a participant has one of each at most.</summary>
internal enum MediaSource
{
    Camera,
    Microphone,
    Screen,
    ScreenAudio,
}

/// <summary>How a video can be had smaller.</summary>
internal enum LayerKind
{
    None,
    Simulcast,
    Svc,
}

internal enum TransportState
{
    Connecting,
    Connected,
    Disconnected,
    Failed,
}

/// <summary>How well a participant's own connection carries.</summary>
internal enum Quality
{
    Good,
    Fair,
    Poor,

    /// <summary>Nothing comes.</summary>
    Lost,
}
