using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Forwarding;
using Tocsin.Media.Forwarding.Meetings;

namespace Tocsin.Media.Host.Meetings;

/// <summary>A <see cref="Forwarding.Meetings.Meeting"/> on its media thread. Made by <see cref="MediaHost.OpenMeeting"/>.</summary>
/// <remarks><see cref="AskAsync"/>, <see cref="Tell"/> and <see cref="Close()"/>: any thread. All else: only from within a question.</remarks>
public sealed class HostedMeeting
{
    private readonly HashSet<HostedTransport> _transports = [];

    internal HostedMeeting(MediaLoop loop, MeetingOptions options, IMeetingEvents events, int seed)
    {
        Loop = loop;
        loop.CountMeeting();
        Meeting = new(options, events, new Random(seed));
    }

    public Meeting Meeting { get; }

    internal MediaLoop Loop { get; }

    /// <summary>When its loop will look at it.</summary>
    internal Instant QueuedFor { get; set; } = Instant.Never;

    /// <summary>Something came for it in this turn of the loop.</summary>
    internal bool IsTouched { get; set; }

    /// <summary>Asks on the media thread, soon, in the order of the calls; what the question does to the meeting takes effect with it.</summary>
    /// <exception cref="MediaBusyException">More questions wait than are kept, or the host has stopped: nothing was done.</exception>
    public Task<T> AskAsync<T>(Func<Instant, T> question) => Loop.AskAsync(now =>
    {
        var answer = question(now);
        Loop.Touch(this);
        return answer;
    });

    /// <summary>Does something on the media thread, in the order of the calls. Never refused: what ends things must not be. Once the host has stopped there is nothing left to end.</summary>
    public void Tell(Action<Instant> action) => Loop.Post(now =>
    {
        action(now);
        Loop.Touch(this);
    });

    /// <summary>A transport of <paramref name="participant"/>, with an ICE and DTLS end of its own.</summary>
    /// <param name="listener">Hears on the media thread how it stands.</param>
    public Refusal TryCreateTransport(Instant now, Participant participant, ITransportListener listener, out HostedTransport? transport)
    {
        var made = new HostedTransport(this, listener);
        var credentials = IceCredentials.Create();
        var peer = Loop.AddPeer(credentials, made);
        var refusal = participant.TryCreateTransport(now, peer, out var carried);
        transport = refusal == Refusal.None ? made : null;
        if (refusal == Refusal.None) made.Begin(peer, carried!, credentials);
        else Loop.RemovePeer(now, peer);
        return refusal;
    }

    /// <summary>New credentials; media go on by the old ones meanwhile.</summary>
    public IceCredentials RestartIce(HostedTransport transport)
    {
        var credentials = IceCredentials.Create();
        Loop.RestartIce(transport.Peer, credentials);
        return credentials;
    }

    /// <summary>Closes the meeting with all that is in it, and says goodbye to its peers. Final.</summary>
    public void Close() => Tell(now =>
    {
        if (!Meeting.IsClosed) Loop.Forget(this);
        foreach (var transport in _transports.ToArray()) Close(now, transport);
        Meeting.Close(now);
    });

    /// <summary>Closes the transport's tracks, says goodbye to its peer, and forgets both.</summary>
    public void Close(Instant now, HostedTransport transport)
    {
        _transports.Remove(transport);
        transport.Transport.Close(now);
        Loop.RemovePeer(now, transport.Peer);
    }

    internal void Add(HostedTransport transport) => _transports.Add(transport);
}
