using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Transports;

namespace Tocsin.Media.Forwarding.Meetings;

/// <summary>
/// One meeting of the SFU, mediasoup's router: participants publish tracks on their transports (<see cref="Publishing.Producer"/>) and receive those of others
/// (<see cref="Subscribing.Consumer"/>). Packets and a time go in; packets, events and the next wake-up come out.
/// </summary>
/// <param name="random">For SSRCs and for spreading reports; the caller seeds it.</param>
/// <remarks>
/// One thread owns a meeting and everything in it. After each batch of packets, call <see cref="HandleTimeout"/> if <see cref="NextWakeUp"/> has come: what the batch
/// brought leaves then. No packet and no parameters, whatever their content, make a call throw, and forwarding a packet allocates nothing.
/// </remarks>
public sealed class Meeting(MeetingOptions options, IMeetingEvents events, Random random)
{
    private readonly List<Participant> participants = [];
    private readonly List<Participant> speakers = [];
    private readonly WakeUpQueue wakeUps = new();
    private int lastId;

    /// <summary>What <c>device.load</c> is given: the same for every meeting.</summary>
    public static RtpCapabilities Capabilities => RouterCapabilities.All;

    public IReadOnlyList<Participant> Participants => participants;

    public bool IsClosed { get; private set; }

    /// <summary>Who speaks or spoke last, the most active first; those who never spoke are not in it.</summary>
    public IReadOnlyList<Participant> ActiveSpeakers => speakers;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; in the past where packets wait to leave.</summary>
    public Instant NextWakeUp => wakeUps.Next;

    internal MeetingOptions Options { get; } = options;

    internal IMeetingEvents Events { get; } = events;

    internal Random Random { get; } = random;

    internal WakeUpQueue WakeUps => wakeUps;

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
