using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Host;
using Tocsin.Media.Host.Meetings;
using Tocsin.Server.Features.Meetings.Media;
using Tocsin.Server.Features.Meetings.Signalling;
using MediaRefusal = Tocsin.Media.Forwarding.Refusal;
using RtpCapabilities = Tocsin.Media.Forwarding.Parameters.RtpCapabilities;
using RtpParameters = Tocsin.Media.Forwarding.Parameters.RtpParameters;
using Transport = Tocsin.Server.Features.Meetings.Signalling.Transport;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>A call's media on their own thread: every method is one question to it, answered whole.</summary>
internal sealed class CallMedia : IMeetingEvents
{
    /// <summary>Of a meeting's call.</summary>
    public static readonly MeetingOptions UsualOptions = new() { MaximumParticipants = Call.MostParticipants + Call.MostWaiting };

    private readonly MediaHost host;
    private readonly MediaService service;
    private readonly HostedMeeting meeting;
    private readonly bool loopsBack;

    // The media thread's.
    private readonly Dictionary<Participant, AttendeeMedia> attendees = [];
    private readonly Dictionary<ProducerId, LayerKind> layers = [];

    // By what takes their places: what is shown of one is wanted of both, until there is only one.
    private readonly Dictionary<ProducerId, ProducerId> replaced = [];
    private string videoCodec = VideoCodecChoice.First;

    public CallMedia(MediaHost host, MediaService service, MeetingOptions options)
    {
        (this.host, this.service, loopsBack) = (host, service, options.LoopsBack);
        meeting = host.OpenMeeting(options, this);
    }

    /// <summary>Two transports for somebody, and consumers of all that there is where their device is known.</summary>
    /// <returns>Null where the engine takes nobody else.</returns>
    public Task<AddedMedia?> AddAsync(string id, RtpCapabilities? device, Action<MeetingEvent> tell) => meeting.AskAsync(now =>
    {
        if (meeting.Meeting.TryAddParticipant(out var participant) != MediaRefusal.None) return null;
        var media = new AttendeeMedia(id, tell) { Participant = participant!, Device = device };
        if (meeting.TryCreateTransport(now, participant!, media, out var send) != MediaRefusal.None || meeting.TryCreateTransport(now, participant!, media, out var receive) != MediaRefusal.None)
        {
            participant!.Close(now);
            return null;
        }

        (media.Send, media.Receive) = (send!, receive!);
        (media.SendCredentials, media.ReceiveCredentials) = (send!.Credentials, receive!.Credentials);
        attendees.Add(participant!, media);
        ChooseCodec(media);
        return new AddedMedia(media, Describe(media), ConsumeAll(now, media), ActiveSpeakers(), videoCodec);
    });

    /// <summary>What somebody who comes back has, as it is now.</summary>
    public Task<AddedMedia> LookAsync(AttendeeMedia media, RtpCapabilities? device) => meeting.AskAsync(now =>
    {
        media.Device = device ?? media.Device;
        ChooseCodec(media);
        ConsumeAll(now, media);
        return new AddedMedia(media, Describe(media), [.. media.Consumers.Values.Select(View)], ActiveSpeakers(), videoCodec);
    });

    public void Remove(AttendeeMedia media) => meeting.Tell(now =>
    {
        attendees.Remove(media.Participant);
        foreach (var producer in media.Send.Transport.Producers) Forget(producer.Id);
        meeting.Close(now, media.Send);
        meeting.Close(now, media.Receive);
        media.Participant.Close(now);
    });

    public void Close() => meeting.Close();

    /// <returns>False where there is no such transport of theirs.</returns>
    public Task<bool> ConnectAsync(AttendeeMedia media, string? transportId, DtlsFingerprint fingerprint) => meeting.AskAsync(now =>
    {
        if (media.FindTransport(transportId) is not { } transport) return false;
        transport.ExpectFingerprint(now, fingerprint);
        return true;
    });

    /// <returns>Null where there is no such transport of theirs.</returns>
    public Task<IceParameters?> RestartIceAsync(AttendeeMedia media, string? transportId) => meeting.AskAsync(_ =>
    {
        if (media.FindTransport(transportId) is not { } transport) return null;
        var credentials = meeting.RestartIce(transport);
        if (transport == media.Send) media.SendCredentials = credentials;
        else media.ReceiveCredentials = credentials;
        return RtpWriting.Write(credentials);
    });

    /// <summary>A producer, and a consumer of it for each of the others whose device can receive it.</summary>
    /// <param name="formerId">The producer whose place it takes.</param>
    public Task<ProducedMedia> ProduceAsync(AttendeeMedia media, string? transportId, MediaKind kind, MediaSource source, RtpParameters parameters, bool isPaused, string? formerId) =>
        meeting.AskAsync(now =>
        {
            var former = formerId is null ? null : media.Send.Transport.Producers.FirstOrDefault(candidate => WireId.Of(candidate.Id) == formerId);
            if (transportId != WireId.Of(media.Send.Transport.Id)) return new ProducedMedia(MediaRefusal.Closed, null, []);
            // One name for the voice, the face and the screen of a participant keeps them together in the receiver, and none at all, as browsers say with simulcast, leaves
            // the consumer's SSRC out of what mediasoup-client tells the browser.
            var named = parameters with { Rtcp = parameters.Rtcp with { CanonicalName = media.Id } };
            var refusal = media.Send.Transport.TryProduce(now, kind, SourceOf(source), named, isPaused, out var producer);
            if (producer is null) return new ProducedMedia(refusal, null, []);
            layers[producer.Id] = LayersOf(kind, parameters);
            if (former is not null) replaced[producer.Id] = former.Id;
            var consumers = new List<(string, ConsumerView)>();
            foreach (var other in attendees.Values)
            {
                if ((loopsBack || other != media) && TryConsume(now, other, producer, former) is { } consumer) consumers.Add((other.Id, View(consumer)));
            }

            return new ProducedMedia(MediaRefusal.None, WireId.Of(producer.Id), consumers);
        });

    public Task<bool> SetPausedAsync(AttendeeMedia media, string producerId, bool isPaused) => WithProducerAsync(media, producerId, (now, producer) =>
    {
        if (isPaused) producer.Pause(now);
        else producer.Resume(now);
    });

    public Task<bool> CloseAsync(AttendeeMedia media, string producerId) => WithProducerAsync(media, producerId, (now, producer) =>
    {
        Forget(producer.Id);
        producer.Close(now);
    });

    /// <summary>All consumers there are for this device.</summary>
    public Task<IReadOnlyList<ConsumerView>> ConsumeAsync(AttendeeMedia media, RtpCapabilities device) => meeting.AskAsync<IReadOnlyList<ConsumerView>>(now =>
    {
        media.Device = device;
        ChooseCodec(null);
        ConsumeAll(now, media);
        return [.. media.Consumers.Values.Select(View)];
    });

    /// <summary>The videos that are on the screen; the others rest.</summary>
    public Task<bool> ShowAsync(AttendeeMedia media, IReadOnlyDictionary<string, ShownVideo> shown) => meeting.AskAsync(now =>
    {
        foreach (var (producer, consumer) in media.Consumers)
        {
            if (consumer.Kind == MediaKind.Audio) continue;
            if (FindShown(shown, producer) is { } video) VideoDemand.Apply(now, consumer, video);
            else consumer.Pause(now);
        }

        return true;
    });

    public Task<bool> PreferAsync(AttendeeMedia media, string? consumerId, int? spatial, int? temporal) => WithConsumerAsync(
        media,
        consumerId,
        (now, consumer) => consumer.SetPreferredLayers(now, new(spatial ?? VideoLayers.Highest.Spatial, temporal ?? VideoLayers.Highest.Temporal)));

    public Task<bool> RequestKeyFrameAsync(AttendeeMedia media, string? consumerId) => WithConsumerAsync(media, consumerId, (now, consumer) => consumer.RequestKeyFrame(now));

    /// <summary>How well everybody's connection carries, by the participant's id.</summary>
    public Task<Dictionary<string, Quality>> JudgeAsync() =>
        meeting.AskAsync(now => attendees.Values.ToDictionary(media => media.Id, media => media.Quality.Judge(now, media), StringComparer.Ordinal));

    /// <summary>Tells everybody whose media no longer come, whereas their line may well work; soon, on the media thread.</summary>
    public void TellSilences() => meeting.Tell(now =>
    {
        foreach (var media in attendees.Values) media.TellSilences(now);
    });

    void IMeetingEvents.OnConsumerClosed(Instant now, Consumer consumer)
    {
        // The client hears of its producer's end, which ends it there too.
        if (attendees.TryGetValue(consumer.Transport.Participant, out var media)) media.Consumers.Remove(consumer.Producer.Id);
    }

    void IMeetingEvents.OnLayersChanged(Instant now, Consumer consumer)
    {
        if (attendees.TryGetValue(consumer.Transport.Participant, out var media))
            media.Tell(new ConsumerLayersChanged(WireId.Of(consumer.Id), consumer.CurrentLayers?.Spatial, consumer.CurrentLayers?.Temporal));
    }

    void IMeetingEvents.OnDemandChanged(Instant now, Producer producer)
    {
        if (attendees.TryGetValue(producer.Participant, out var media))
            media.Tell(new ProducerWanted(WireId.Of(producer.Id), producer.WantedSpatialLayer < 0 ? null : producer.WantedSpatialLayer));
    }

    void IMeetingEvents.OnActiveSpeakersChanged(Instant now, Meeting changed)
    {
        var speakers = new ActiveSpeakers(ActiveSpeakers());
        foreach (var media in attendees.Values) media.Tell(speakers);
    }

    /// <summary>Somebody's device became known: where it does not decode what the others send, they are told what to send instead.</summary>
    /// <param name="newcomer">Who hears of it by what they are answered.</param>
    private void ChooseCodec(AttendeeMedia? newcomer)
    {
        var chosen = VideoCodecChoice.Choose(videoCodec, [.. attendees.Values.Select(media => media.Device).OfType<RtpCapabilities>()]);
        if (chosen == videoCodec) return;
        videoCodec = chosen;
        foreach (var media in attendees.Values)
        {
            if (media != newcomer) media.Tell(new VideoCodecChanged(chosen));
        }
    }

    private ShownVideo? FindShown(IReadOnlyDictionary<string, ShownVideo> shown, ProducerId producer)
    {
        if (shown.TryGetValue(WireId.Of(producer), out var video)) return video;
        if (replaced.TryGetValue(producer, out var former) && shown.TryGetValue(WireId.Of(former), out video)) return video;
        foreach (var (successor, predecessor) in replaced)
        {
            if (predecessor == producer && shown.TryGetValue(WireId.Of(successor), out video)) return video;
        }

        return null;
    }

    private void Forget(ProducerId producer)
    {
        layers.Remove(producer);
        replaced.Remove(producer);
        foreach (var (successor, _) in replaced.Where(pair => pair.Value == producer).ToList()) replaced.Remove(successor);
    }

    private List<string> ActiveSpeakers() => [.. meeting.Meeting.ActiveSpeakers.Where(attendees.ContainsKey).Select(participant => attendees[participant].Id)];

    private List<ConsumerView> ConsumeAll(Instant now, AttendeeMedia media)
    {
        var consumers = new List<ConsumerView>();
        foreach (var other in attendees.Values)
        {
            if (other == media && !loopsBack) continue;
            foreach (var producer in other.Send.Transport.Producers)
            {
                if (TryConsume(now, media, producer) is { } consumer) consumers.Add(View(consumer));
            }
        }

        return consumers;
    }

    /// <summary>Null where they have it, or their device cannot receive it, or has not said what it can.</summary>
    /// <param name="former">Whose place the producer takes: as that is shown, so is this.</param>
    private static Consumer? TryConsume(Instant now, AttendeeMedia media, Producer producer, Producer? former = null)
    {
        var known = former is null ? null : media.Consumers.GetValueOrDefault(former.Id);
        if (media.Device is not { } device || media.Consumers.ContainsKey(producer.Id)) return null;
        if (media.Receive.Transport.TryConsume(now, producer, device, known is null ? VideoDemand.AtFirst(producer) : VideoDemand.As(known), out var consumer) != MediaRefusal.None) return null;
        media.Consumers.Add(producer.Id, consumer!);
        return consumer;
    }

    private Task<bool> WithProducerAsync(AttendeeMedia media, string producerId, Action<Instant, Producer> work) => meeting.AskAsync(now =>
    {
        var producer = media.Send.Transport.Producers.FirstOrDefault(candidate => WireId.Of(candidate.Id) == producerId);
        if (producer is not null) work(now, producer);
        return producer is not null;
    });

    private Task<bool> WithConsumerAsync(AttendeeMedia media, string? consumerId, Action<Instant, Consumer> work) => meeting.AskAsync(now =>
    {
        var consumer = media.FindConsumer(consumerId);
        if (consumer is not null) work(now, consumer);
        return consumer is not null;
    });

    private ConsumerView View(Consumer consumer)
    {
        var producer = consumer.Producer;
        return new(
            WireId.Of(consumer.Id), WireId.Of(producer.Id), attendees[producer.Participant].Id, RtpWriting.Write(consumer.Kind), SourceOf(producer.Source),
            RtpWriting.Write(consumer.Parameters), layers.GetValueOrDefault(producer.Id), producer.IsPaused);
    }

    private (Transport Send, Transport Receive) Describe(AttendeeMedia media) => (Describe(media.Send, media.SendCredentials), Describe(media.Receive, media.ReceiveCredentials));

    private Transport Describe(HostedTransport transport, Tocsin.Media.Engine.Ice.IceCredentials credentials) =>
        new(WireId.Of(transport.Transport.Id), RtpWriting.Write(credentials), service.Candidates, RtpWriting.Write(host.Fingerprint));

    /// <remarks>W3C webrtc-svc: the digit after L is the number of spatial layers.</remarks>
    private static LayerKind LayersOf(MediaKind kind, RtpParameters parameters)
    {
        if (kind == MediaKind.Audio) return LayerKind.None;
        if (parameters.Encodings.Count > 1) return LayerKind.Simulcast;
        return parameters.Encodings is [{ ScalabilityMode: ['L' or 'S', not '1', ..] }] ? LayerKind.Svc : LayerKind.None;
    }

    private static ProducerSource SourceOf(MediaSource source) => source switch
    {
        MediaSource.Camera => ProducerSource.Camera,
        MediaSource.Screen => ProducerSource.Screen,
        MediaSource.ScreenAudio => ProducerSource.ScreenAudio,
        _ => ProducerSource.Microphone,
    };

    private static MediaSource SourceOf(ProducerSource source) => source switch
    {
        ProducerSource.Camera => MediaSource.Camera,
        ProducerSource.Screen => MediaSource.Screen,
        ProducerSource.ScreenAudio => MediaSource.ScreenAudio,
        _ => MediaSource.Microphone,
    };
}

/// <summary>Somebody's media with what signalling tells them of it.</summary>
internal sealed record AddedMedia(AttendeeMedia Media, (Transport Send, Transport Receive) Transports, IReadOnlyList<ConsumerView> Consumers, IReadOnlyList<string> ActiveSpeakers, string VideoCodec);

/// <param name="Consumers">By the participant who receives.</param>
internal sealed record ProducedMedia(MediaRefusal Refusal, string? Id, IReadOnlyList<(string ParticipantId, ConsumerView Consumer)> Consumers);
