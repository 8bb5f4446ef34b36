using Tocsin.Server.Features.Meetings.Calls;

namespace Tocsin.Server.Features.Meetings.Signalling;

/// <summary>What clients may call on a hub, for the meeting that their connection is in. docs/protocol/meetings.md has the whole contract.</summary>
/// <remarks>
/// Every method is for participants who have been let in, and acts on what is theirs; those that say so are for hosts. Anybody else gets a refusal.
/// Whoever may join is decided by <see cref="JoinMeeting"/>.
/// </remarks>
internal interface IMeetingSignalling
{
    /// <summary>The caller's place in a call, for as long as the stream is read. For who may join the meeting.</summary>
    IAsyncEnumerable<MeetingBatch> JoinMeeting(JoinRequest request, CancellationToken cancellationToken);

    /// <summary>A call of one for <see cref="MediaChecks.Longest"/>, in which whoever calls receives what they send. For every account, and guests whose link works.</summary>
    IAsyncEnumerable<MeetingBatch> CheckMedia(CheckRequest request, CancellationToken cancellationToken);

    /// <summary>Names the certificate with which the client's transport comes: before or after its first packets.</summary>
    Task<HubAnswer<bool>> ConnectTransport(ConnectTransportRequest request);

    /// <summary>New credentials for a transport of one's own. Media go on meanwhile.</summary>
    Task<HubAnswer<IceParameters>> RestartIce(TransportRequest request);

    /// <summary>Begins to send from a source; a participant has one producer for each.</summary>
    Task<HubAnswer<Produced>> Produce(ProduceRequest request);

    Task<HubAnswer<bool>> PauseProducer(ProducerRequest request);

    Task<HubAnswer<bool>> ResumeProducer(ProducerRequest request);

    Task<HubAnswer<bool>> CloseProducer(ProducerRequest request);

    /// <summary>All consumers, for a device whose capabilities were not known when it joined.</summary>
    Task<HubAnswer<Consumers>> Consume(ConsumeRequest request);

    /// <summary>Which videos are on the screen and how large: the others are not sent.</summary>
    Task<HubAnswer<bool>> ShowVideos(ShowVideosRequest request);

    Task<HubAnswer<bool>> SetPreferredLayers(PreferredLayersRequest request);

    /// <summary>Asks the sender for a picture that can be decoded alone; what is asked too often is left out.</summary>
    Task<HubAnswer<bool>> RequestKeyFrame(ConsumerRequest request);

    /// <summary>For accounts: what is needed to come into the call's group.</summary>
    Task<HubAnswer<CallGroupReading>> ReadGroup();

    /// <summary>For accounts: the next change of the call's group. The first after each number is taken, all others are refused.</summary>
    Task<HubAnswer<CallGroupChange>> ChangeGroup(ChangeCallGroupRequest request);

    /// <summary>Asks those who may to add the caller to the call's group.</summary>
    Task<HubAnswer<bool>> ApplyToGroup(ApplyRequest request);

    /// <summary>Something sealed, for everybody in the call's group: taken only after the change whose keys sealed it and before the next.</summary>
    Task<HubAnswer<bool>> SendToCall(CallMessageRequest request);

    /// <summary>Leaves for good: coming back is joining anew.</summary>
    Task<HubAnswer<bool>> LeaveMeeting();

    /// <summary>For hosts. Pauses a microphone; closes a camera or a screen.</summary>
    Task<HubAnswer<bool>> StopProducer(ProducerRequest request);

    /// <summary>For hosts. Who was removed comes back through the waiting room only.</summary>
    Task<HubAnswer<bool>> RemoveParticipant(ParticipantRequest request);

    /// <summary>For hosts. Locks and unlocks, opens and closes the waiting room; durable.</summary>
    Task<HubAnswer<bool>> ChangeMeeting(ChangeMeetingRequest request);

    /// <summary>For hosts. Lets in some of who wait, or all.</summary>
    Task<HubAnswer<bool>> Admit(WaitingRequest request);

    /// <summary>For hosts.</summary>
    Task<HubAnswer<bool>> Deny(WaitingRequest request);

    /// <summary>For hosts. For everybody, and durable.</summary>
    Task<HubAnswer<bool>> EndMeeting();
}
