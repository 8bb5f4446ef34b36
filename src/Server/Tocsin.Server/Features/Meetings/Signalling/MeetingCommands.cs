using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Meetings.Signalling;

/// <summary>What a hub method answers: a value, or why not.</summary>
internal sealed record HubAnswer<T>(T? Value, HubRefusal? Refusal)
{
    public static implicit operator HubAnswer<T>(T value) => new(value, null);

    public static implicit operator HubAnswer<T>(Refusal refusal) => new(default, HubRefusal.Of(refusal));

    public static implicit operator HubAnswer<T>(HubRefusal refusal) => new(default, refusal);
}

/// <summary>A <see cref="Refusal"/> on the hub.</summary>
internal sealed record HubRefusal(string Code, string Title, string? Detail = null, IReadOnlyDictionary<string, string>? Fields = null)
{
    public static HubRefusal Of(Refusal refusal, string? detail = null, IReadOnlyDictionary<string, string>? fields = null) => new(refusal.Code, refusal.Title, detail, fields);
}

/// <param name="MeetingId">Null for guests: the link says it.</param>
/// <param name="Link">The secret of a guest's link.</param>
/// <param name="Name">A guest's; accounts have theirs.</param>
/// <param name="Resume">From an earlier <see cref="Joined"/>.</param>
/// <param name="RtpCapabilities">What the device can receive: with it, <see cref="Joined"/> brings the consumers.</param>
/// <param name="DeviceKey">The device's signature key, in base64: by it the others find its leaf in the call's group.</param>
internal sealed record JoinRequest(Guid? MeetingId, string? Link, string? Name, string? Resume, RtpCapabilities? RtpCapabilities, string? DeviceKey = null);

/// <param name="Link">Guests: the secret of their link.</param>
internal sealed record CheckRequest(string? Link, RtpCapabilities? RtpCapabilities);

internal sealed record ConnectTransportRequest(string? TransportId, DtlsParameters? DtlsParameters);

internal sealed record TransportRequest(string? TransportId);

/// <param name="Kind"><c>audio</c> or <c>video</c>.</param>
/// <param name="Source">A word of <see cref="MediaSource"/>.</param>
/// <param name="Replaces">One's own producer of the same source, which is closed once this one is seen: the same in another codec.</param>
internal sealed record ProduceRequest(string? TransportId, string? Kind, RtpParameters? RtpParameters, string? Source, bool IsPaused = false, string? Replaces = null);

internal sealed record ProducerRequest(string? ProducerId);

internal sealed record ConsumeRequest(RtpCapabilities? RtpCapabilities);

/// <summary>Which videos are on the screen: the whole picture each time.</summary>
internal sealed record ShowVideosRequest(IReadOnlyList<ShownVideo>? Videos);

/// <param name="Width">Device pixels.</param>
/// <param name="Height">Device pixels.</param>
/// <param name="Priority">0 to 3, 3 being the one that is looked at.</param>
internal sealed record ShownVideo(string? ProducerId, int Width, int Height, int Priority = 0);

/// <param name="SpatialLayer">Null: as the size on the screen asks.</param>
/// <param name="TemporalLayer">Null: all.</param>
internal sealed record PreferredLayersRequest(string? ConsumerId, int? SpatialLayer, int? TemporalLayer);

internal sealed record ConsumerRequest(string? ConsumerId);

internal sealed record ParticipantRequest(string? ParticipantId);

/// <summary>Null members stay as they are.</summary>
internal sealed record ChangeMeetingRequest(bool? IsLocked, bool? HasWaitingRoom);

/// <param name="WaitingIds">Null: all who wait, where letting in.</param>
internal sealed record WaitingRequest(IReadOnlyList<string>? WaitingIds);

internal sealed record Produced(string Id);

internal sealed record Consumers([property: System.Text.Json.Serialization.JsonPropertyName("consumers")] IReadOnlyList<ConsumerView> Items);
