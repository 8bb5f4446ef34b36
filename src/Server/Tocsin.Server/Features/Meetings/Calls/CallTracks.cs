using Tocsin.Media.Engine.Dtls;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Meetings.Media;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>What participants do with their own transports, producers and consumers. Within the call's turn, for somebody who is in.</summary>
internal static class CallTracks
{
    private const int MostShown = 100;
    private const int LargestSide = 16_384;
    private const int HighestPriority = 3;

    public static async Task<HubAnswer<bool>> ConnectAsync(Call call, Attendee attendee, ConnectTransportRequest request)
    {
        // A browser names one; a list of anything else is looked through for the one that we understand, and no further.
        foreach (var said in (request.DtlsParameters?.Fingerprints ?? []).Take(8))
        {
            if (said is { Algorithm: { } algorithm, Value: { } value } && DtlsFingerprint.TryParse(algorithm, value, out var fingerprint))
                return await call.Media.ConnectAsync(attendee.Media!, request.TransportId, fingerprint!) ? true : CommonRefusals.NotFound;
        }

        return HubRefusal.Of(MeetingRefusals.MediaParameters, "dtlsParameters has no sha-256 fingerprint.");
    }

    public static async Task<HubAnswer<IceParameters>> RestartIceAsync(Call call, Attendee attendee, TransportRequest request) =>
        await call.Media.RestartIceAsync(attendee.Media!, request.TransportId) is { } parameters ? parameters : CommonRefusals.NotFound;

    public static async Task<HubAnswer<Produced>> ProduceAsync(Call call, Attendee attendee, ProduceRequest request)
    {
        if (!RtpReading.TryReadKind(request.Kind, out var kind)) return InvalidField("kind");
        if (request.Source is null || !KebabCase.TryRead<MediaSource>(request.Source, out var source) || IsSound(source) != (request.Kind == "audio")) return InvalidField("source");
        if (!RtpReading.TryRead(request.RtpParameters, out var parameters)) return HubRefusal.Of(MeetingRefusals.MediaParameters, "rtpParameters is beyond what a browser says.");
        ProducerView? former = null;
        // Stopped by a host meanwhile: it is not to come back by another name.
        if (request.Replaces is { } replaces && (!attendee.Producers.TryGetValue(replaces, out former) || former.Source != source)) return CommonRefusals.NotFound;
        if (attendee.Producers.Values.Count(producer => producer.Source == source) > (former is null ? 0 : 1)) return MeetingRefusals.SourceInUse;
        var isPaused = request.IsPaused || former is { IsPaused: true };
        var produced = await call.Media.ProduceAsync(attendee.Media!, request.TransportId, kind, source, parameters, isPaused, former?.Id);
        if (produced.Id is not { } id) return HubRefusal.Of(MeetingRefusals.MediaParameters, KebabCase.WordOf(produced.Refusal));
        var view = new ProducerView(id, request.Kind!, source, isPaused);
        attendee.Producers.Add(id, view);
        call.Broadcast(new ProducerAdded(attendee.Id, view));
        foreach (var (participant, consumer) in produced.Consumers) call.Find(participant)?.Tell(new NewConsumer(consumer));
        return new Produced(id);
    }

    public static async Task<HubAnswer<bool>> SetPausedAsync(Call call, Attendee attendee, string? producerId, bool isPaused, string? byHost = null)
    {
        if (producerId is null || !attendee.Producers.TryGetValue(producerId, out var producer)) return CommonRefusals.NotFound;
        if (producer.IsPaused == isPaused) return true;
        await call.Media.SetPausedAsync(attendee.Media!, producerId, isPaused);
        attendee.Producers[producerId] = producer with { IsPaused = isPaused };
        call.Broadcast(new ProducerPaused(producerId, attendee.Id, isPaused, byHost));
        return true;
    }

    public static async Task<HubAnswer<bool>> CloseAsync(Call call, Attendee attendee, string? producerId, string? byHost = null)
    {
        if (producerId is null || !attendee.Producers.Remove(producerId)) return CommonRefusals.NotFound;
        await call.Media.CloseAsync(attendee.Media!, producerId);
        call.Broadcast(new ProducerClosed(producerId, attendee.Id, byHost));
        return true;
    }

    public static async Task<HubAnswer<Consumers>> ConsumeAsync(Call call, Attendee attendee, ConsumeRequest request) =>
        RtpReading.TryRead(request.RtpCapabilities, out var device)
            ? new Consumers(await call.Media.ConsumeAsync(attendee.Media!, device))
            : HubRefusal.Of(MeetingRefusals.MediaParameters, "rtpCapabilities is beyond what a browser says.");

    public static async Task<HubAnswer<bool>> ShowAsync(Call call, Attendee attendee, ShowVideosRequest request)
    {
        if (request.Videos is not { Count: <= MostShown } videos) return InvalidField("videos");
        var shown = new Dictionary<string, ShownVideo>(StringComparer.Ordinal);
        foreach (var video in videos)
        {
            if (video is not { ProducerId: { Length: <= 16 } producer, Width: >= 0 and <= LargestSide, Height: >= 0 and <= LargestSide, Priority: >= 0 and <= HighestPriority }) return InvalidField("videos");
            shown[producer] = video;
        }

        return await call.Media.ShowAsync(attendee.Media!, shown);
    }

    public static async Task<HubAnswer<bool>> PreferAsync(Call call, Attendee attendee, PreferredLayersRequest request)
    {
        if (request.SpatialLayer is < 0 or > 7) return InvalidField("spatialLayer");
        if (request.TemporalLayer is < 0 or > 7) return InvalidField("temporalLayer");
        return await call.Media.PreferAsync(attendee.Media!, request.ConsumerId, request.SpatialLayer, request.TemporalLayer) ? true : CommonRefusals.NotFound;
    }

    public static async Task<HubAnswer<bool>> RequestKeyFrameAsync(Call call, Attendee attendee, ConsumerRequest request) =>
        await call.Media.RequestKeyFrameAsync(attendee.Media!, request.ConsumerId) ? true : CommonRefusals.NotFound;

    private static bool IsSound(MediaSource source) => source is MediaSource.Microphone or MediaSource.ScreenAudio;

    private static HubRefusal InvalidField(string path) =>
        HubRefusal.Of(CommonRefusals.InvalidInput, fields: new Dictionary<string, string>(StringComparer.Ordinal) { [path] = FieldCodes.OutOfRange });
}
