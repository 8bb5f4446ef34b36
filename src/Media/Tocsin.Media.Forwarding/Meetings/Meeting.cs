using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Congestion;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Speakers;
using Tocsin.Media.Forwarding.Transports;

namespace Tocsin.Media.Forwarding.Meetings;

/// <summary>
/// One meeting of the SFU, mediasoup's router: participants publish tracks on their transports (<see cref="Publishing.Producer"/>) and receive those of others
/// (<see cref="Subscribing.Consumer"/>). Packets and a time go in; packets, events and the next wake-up come out.
/// </summary>
/// <remarks>
/// One thread owns a meeting and everything in it. After each batch of packets, call <see cref="HandleTimeout"/> if <see cref="NextWakeUp"/> has come: what the batch
/// brought leaves then. No packet and no parameters, whatever their content, make a call throw, and forwarding a packet allocates nothing.
/// </remarks>
public sealed class Meeting
{
    private readonly List<Participant> participants = [];
    private readonly WakeUpQueue wakeUps = new();
    private int lastId;

    /// <param name="random">For SSRCs, first numbers and spreading reports; the caller seeds it.</param>
    public Meeting(MeetingOptions options, IMeetingEvents events, Random random)
    {
        (Options, Events, Random) = (options, events, random);
        Pool = new PacketPool(options.PacketMemory);
        Speakers = new SpeakerDetector(this);
    }

    /// <summary>What <c>device.load</c> is given: the same for every meeting.</summary>
    public static RtpCapabilities Capabilities => RouterCapabilities.All;

    public IReadOnlyList<Participant> Participants => participants;

    public bool IsClosed { get; private set; }

    /// <summary>Who speaks or spoke last, the most active first; those who never spoke are not in it.</summary>
    public IReadOnlyList<Participant> ActiveSpeakers => Speakers.Active;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; in the past where packets wait to leave.</summary>
    public Instant NextWakeUp => wakeUps.Next;

    /// <summary>Bytes of the packets that were ever kept at once.</summary>
    public long PacketMemory => Pool.Bytes;

    internal MeetingOptions Options { get; }

    internal IMeetingEvents Events { get; }

    internal Random Random { get; }

    internal WakeUpQueue WakeUps => wakeUps;

    internal PacketPool Pool { get; }

    internal SpeakerDetector Speakers { get; }

    /// <summary>Room for what one report on arrivals says: used during a call, so one is enough for all.</summary>
    internal PacketResult[] FeedbackResults { get; } = new PacketResult[SentPacketHistory.Length];

    /// <summary>Refuses with <see cref="Refusal.Closed"/> or <see cref="Refusal.TooManyParticipants"/>.</summary>
    public Refusal TryAddParticipant(out Participant? participant)
    {
        participant = null;
        if (IsClosed)
            return Refusal.Closed;
        if (participants.Count >= Options.MaximumParticipants)
            return Refusal.TooManyParticipants;
        participant = new Participant(this, new ParticipantId(NextId()));
        participants.Add(participant);
        return Refusal.None;
    }

    /// <summary>Does what is due; earlier than <see cref="NextWakeUp"/>, nothing.</summary>
    public void HandleTimeout(Instant now)
    {
        while (wakeUps.TryTakeDue(now, out var transport))
            transport.HandleTimeout(now);
    }

    /// <summary>Closes all that is in it. Final.</summary>
    public void Close(Instant now)
    {
        IsClosed = true;
        while (participants.Count > 0)
            participants[^1].Close(now);
    }

    internal int NextId() => ++lastId;

    internal void Remove(Participant participant) => participants.Remove(participant);
}
