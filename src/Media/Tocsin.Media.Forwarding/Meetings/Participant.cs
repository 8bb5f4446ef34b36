using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Transports;

namespace Tocsin.Media.Forwarding.Meetings;

/// <summary>Somebody in a meeting. Owns transports; clients of mediasoup's kind have one to send on and one to receive on, but any transport can do both.</summary>
/// <remarks>The meeting's thread only.</remarks>
public sealed class Participant
{
    private readonly List<Transport> transports = [];

    internal Participant(Meeting meeting, ParticipantId id)
    {
        Meeting = meeting;
        Id = id;
    }

    public ParticipantId Id { get; }

    public Meeting Meeting { get; }

    public bool IsClosed { get; private set; }

    public IReadOnlyList<Transport> Transports => transports;

    /// <summary>Refuses with <see cref="Refusal.Closed"/> or <see cref="Refusal.TooManyTransports"/>.</summary>
    /// <param name="sender">Where the transport's packets leave: its <see cref="Peer"/>. Called on the meeting's thread.</param>
    public Refusal TryCreateTransport(Instant now, IMediaSender sender, out Transport? transport)
    {
        transport = null;
        if (IsClosed)
            return Refusal.Closed;
        if (transports.Count >= Meeting.Options.MaximumTransports)
            return Refusal.TooManyTransports;
        transport = new Transport(this, new TransportId(Meeting.NextId()), sender, now);
        transports.Add(transport);
        return Refusal.None;
    }

    /// <summary>Leaves the meeting: closes transports, producers and consumers. Final.</summary>
    public void Close(Instant now)
    {
        if (IsClosed)
            return;
        IsClosed = true;
        while (transports.Count > 0)
            transports[^1].Close(now);
        Meeting.Remove(this);
    }

    internal void Remove(Transport transport) => transports.Remove(transport);
}
