using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Host.Meetings;
using Tocsin.Media.Host.Peers;
using Tocsin.Media.Host.Sockets;
using Tocsin.Media.Wire;

namespace Tocsin.Media.Host;

/// <summary>
/// One media thread with its UDP socket, and TCP for clients that have nothing else: receives a batch, gives each datagram to its peer, lets peers do what is due, and sends what all of that has written.
/// Owns its peers, and nothing of them is touched by another thread but the steps of handshakes, which run on the thread pool. Where several loops share a port, a datagram for
/// another's peer goes to that one's queue.
/// </summary>
/// <remarks>
/// <see cref="Post"/>, <see cref="Load"/>, <see cref="HandoversDropped"/>, <see cref="LocalEndPoint"/>, <see cref="Fingerprint"/>, <see cref="Fault"/> and <see cref="Dispose"/>: any thread. All else: the media thread,
/// that is from a posted action or a listener.
/// </remarks>
public sealed class MediaLoop : IDatagramOutput, IPeerEvents, ITcpReceiver, IDisposable
{
    private const int UdpChannel = 0;

    // A posted action wakes the thread; this is how late it is noticed where a system's way of waking can fail.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    // Signalling of thousands of participants who all join at once; past it the server says that it is busy, and its clients try again.
    private const int MaximumQuestions = 8_192;

    // Long enough that one burst is not taken for load, short enough that a meeting's beginning is seen before the next ones open.
    private static readonly TimeSpan LoadInterval = TimeSpan.FromMilliseconds(500);

    private readonly IDatagramSocket _socket;
    private readonly TcpPaths? _tcp;
    private readonly DtlsContext _dtls;
    private readonly Thread _thread;
    private readonly ReceiveBatch _received = new();
    private readonly SendBatch _toSend = new();
    private readonly PeerTable _table;
    private readonly DatagramHandover? _handover;
    private readonly List<MediaLoop> _handedTo = [];
    private readonly Dictionary<Peer, HostedPeer> _peers = [];
    private readonly PriorityQueue<HostedPeer, long> _wakeUps = new();
    private readonly PriorityQueue<HostedMeeting, long> _meetingWakeUps = new();
    private readonly List<HostedMeeting> _touched = [];
    private readonly ConcurrentQueue<Action<Instant>> _posted = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Action<Exception> _onFault;
    private volatile bool _isStopping;
    private int _questions;
    private int _isWaking;
    private int _isDisposed;
    private int _meetings;
    private Instant _turnBegan;
    private Instant _loadBegan;
    private TimeSpan _busy;
    private double _load;

    private MediaLoop(IDatagramSocket socket, Socket? tcpListener, DtlsContext dtls, SharedPort port, Action<Exception> onFault)
    {
        _onFault = onFault;
        _socket = socket;
        _dtls = dtls;
        _table = port.Table;
        _handover = port.HandsOver ? new() : null;
        LocalEndPoint = socket.LocalEndPoint;
        _tcp = port.HasTcp ? new(tcpListener, RequestTurn) : null;
        _turnBegan = _loadBegan = MediaClock.Now;
        _thread = new(Run) { Name = "media", IsBackground = true };
    }

    /// <summary>Where the socket is bound.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Where TCP connections are accepted, if anywhere.</summary>
    public IPEndPoint? TcpEndPoint => _tcp?.LocalEndPoint;

    /// <summary>The fingerprint that signalling tells every participant.</summary>
    public DtlsFingerprint Fingerprint => _dtls.Fingerprint;

    /// <summary>What ended the thread, which nothing should: neither a peer's fault nor a posted action's ends it.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Near enough on other threads, for choosing a loop.</summary>
    public int PeerCount => _peers.Count;

    /// <summary>Meetings that were opened on it and are not closed. Any thread.</summary>
    public int MeetingCount => Volatile.Read(ref _meetings);

    /// <summary>The share of its time that the thread was not waiting, as of the last half second. Any thread.</summary>
    public double Load => Volatile.Read(ref _load);

    /// <summary>Datagrams that came to another loop for a peer of this one.</summary>
    public long HandedOver { get; private set; }

    /// <summary>Datagrams for peers of this loop that came to another while this one's queue was full. Any thread.</summary>
    public long HandoversDropped => _handover?.Dropped ?? 0;

    /// <summary>Addresses that peers are known by, of all loops on the port.</summary>
    internal int PathCount => _table.PathCount;

    /// <summary>Fragments that peers are known by, of all loops on the port.</summary>
    internal int FragmentCount => _table.FragmentCount;

    /// <summary>What waits for its time.</summary>
    internal int WakeUpCount => _wakeUps.Count + _meetingWakeUps.Count;

    /// <summary>Datagrams for no peer: strangers' and strays.</summary>
    public long Unclaimed { get; private set; }

    /// <summary>Datagrams that the system did not take.</summary>
    public long Unsent => _socket.Dropped + (_tcp?.Dropped ?? 0);

    /// <summary>Starts a thread for each socket.</summary>
    /// <param name="dtls">Shared between loops; the caller owns it, and disposes of it after them.</param>
    /// <param name="sockets">On one port; owned from here on.</param>
    /// <param name="tcpListener">Bound; owned from here on. Null: no TCP.</param>
    /// <param name="onFault">Hears, on a media thread, what a posted action has thrown.</param>
    internal static MediaLoop[] Start(DtlsContext dtls, IReadOnlyList<IDatagramSocket> sockets, Socket? tcpListener, Action<Exception> onFault)
    {
        var port = new SharedPort(new(), HasTcp: tcpListener is not null, HandsOver: sockets.Count > 1);
        MediaLoop[] loops = [.. sockets.Select((socket, index) => new MediaLoop(socket, index == 0 ? tcpListener : null, dtls, port, onFault))];
        foreach (var loop in loops) loop._thread.Start();
        return loops;
    }

    /// <summary>Runs <paramref name="action"/> on the media thread, soon, in the order of the calls. It is for set-up and signalling: it allocates.</summary>
    public void Post(Action<Instant> action)
    {
        _posted.Enqueue(action);
        RequestTurn();
    }

    /// <summary>Answers <paramref name="question"/> on the media thread, soon, in the order of the calls; what it throws, the task throws. Any thread.</summary>
    /// <exception cref="MediaBusyException">More questions wait than are kept, or the loop has stopped: nothing was done.</exception>
    /// <exception cref="OperationCanceledException">The loop was stopped meanwhile.</exception>
    public Task<T> AskAsync<T>(Func<Instant, T> question)
    {
        if (_isStopping) throw new MediaBusyException();
        if (Interlocked.Increment(ref _questions) > MaximumQuestions)
        {
            Interlocked.Decrement(ref _questions);
            throw new MediaBusyException();
        }

        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(now =>
        {
            Interlocked.Decrement(ref _questions);
            try
            {
                answer.SetResult(question(now));
            }
            catch (Exception fault)
            {
                answer.SetException(fault);
            }
        });
        return answer.Task.WaitAsync(_ended.Token);
    }

    /// <summary>A new peer, which is this loop's until <see cref="RemovePeer"/>.</summary>
    public Peer AddPeer(IceCredentials credentials, IPeerListener listener)
    {
        var peer = new Peer(_dtls, credentials, listener, this, this);
        var hosted = new HostedPeer(this, peer, listener);
        _table.AddFragment(hosted, credentials);
        _peers.Add(peer, hosted);
        return peer;
    }

    /// <summary>Says goodbye to the peer, and disposes of it.</summary>
    public void RemovePeer(Instant now, Peer peer)
    {
        if (!_peers.TryGetValue(peer, out var hosted)) return;
        Forget(hosted);
        peer.Close(now);
        peer.Dispose();
    }

    /// <summary><see cref="Peer.RestartIce"/>, and checks with the new fragment find the peer.</summary>
    public void RestartIce(Peer peer, IceCredentials credentials)
    {
        if (!_peers.TryGetValue(peer, out var hosted)) return;
        _table.AddFragment(hosted, credentials);
        peer.RestartIce(credentials);
    }

    /// <summary><see cref="Peer.ExpectFingerprint"/>.</summary>
    public void ExpectFingerprint(Instant now, Peer peer, DtlsFingerprint fingerprint)
    {
        if (!_peers.TryGetValue(peer, out var hosted)) return;
        peer.ExpectFingerprint(now, fingerprint);
        Schedule(hosted);
    }

    /// <summary>A meeting begins here. Any thread.</summary>
    internal void CountMeeting() => Interlocked.Increment(ref _meetings);

    /// <summary>A meeting has ended: nothing of it is kept until it would have been due.</summary>
    internal void Forget(HostedMeeting meeting)
    {
        Interlocked.Decrement(ref _meetings);
        while (_meetingWakeUps.Remove(meeting, out _, out _))
        {
        }
    }

    /// <summary>Something came for the meeting: what it wants to do is looked at before this turn ends.</summary>
    internal void Touch(HostedMeeting meeting)
    {
        if (meeting.IsTouched) return;
        meeting.IsTouched = true;
        _touched.Add(meeting);
    }

    Span<byte> IDatagramOutput.Reserve(int length)
    {
        if (!_toSend.HasRoom(length)) _socket.Send(_toSend);
        return _toSend.Reserve(length);
    }

    void IDatagramOutput.Send(in NetworkPath path, int length)
    {
        if (path.Protocol == PathProtocol.Tcp)
        {
            _tcp?.Send(path.Channel, _toSend.Reserve(length));
            return;
        }
        if (_toSend.IsPlentyBefore(path.Remote)) SendBefore(_toSend.Reserve(length));
        _toSend.Add(path.Remote, length);
    }

    void ITcpReceiver.OnDatagram(Instant now, Span<byte> datagram, in NetworkPath from) => Deliver(now, datagram, from);

    bool ITcpReceiver.IsClaimed(in NetworkPath path) => FindOwn(path)?.Peer.IsValidated(path) == true;

    TcpPaths? ITcpReceiver.FindOther(ReadOnlySpan<byte> datagram)
    {
        if (_handover is null || Datagram.Classify(datagram) != DatagramKind.Stun) return null;
        var hosted = _table.Find(datagram, DatagramKind.Stun, default);
        return hosted is not null && hosted.Loop != this && _table.IsAuthentic(datagram) ? hosted.Loop._tcp : null;
    }

    void ITcpReceiver.OnPathClosed(Instant now, in NetworkPath path)
    {
        if (FindOwn(path) is not { } hosted) return;
        _table.Forget(hosted, path);
        hosted.Peer.RemovePath(now, path);
        Schedule(hosted);
    }

    void IPeerEvents.OnStateChanged(Instant now, Peer peer)
    {
        if (_peers.TryGetValue(peer, out var hosted)) hosted.Listener.OnStateChanged(now, peer);
    }

    void IPeerEvents.OnHandshakeStep(Peer peer, DtlsStep step) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static work => work.Loop.RunHandshakeStep(work.Peer, work.Step),
            (Loop: this, Peer: peer, Step: step),
            preferLocal: false);

    /// <summary>Stops the thread, says goodbye to all peers, and disposes of them. Waits for it; not to be called on the media thread.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        _isStopping = true;
        _socket.Wake();
        _thread.Join();
        _ended.Cancel();
        _tcp?.Dispose();
        _socket.Dispose();
    }

    private void Run()
    {
        // What else the machine does must not come before a datagram that waits to be passed on.
        TimeSlice.TryShorten();
        try
        {
            while (!_isStopping) Turn();
            Stop();
        }
        catch (Exception fault)
        {
            Fault = fault;
        }
    }

    private void Turn()
    {
        _socket.Wait(TimeUntilWakeUp(EndTurn()));
        // Before the queues are read: what is put there from here on asks for another turn.
        Volatile.Write(ref _isWaking, 0);
        Interlocked.MemoryBarrier();
        var now = _turnBegan = MediaClock.Now;
        _socket.Receive(_received);
        for (var i = 0; i < _received.Count; i++) Deliver(now, _received[i], new(_received.Source(i), PathProtocol.Udp, UdpChannel));
        WakeOwners();
        TakeHandovers(now);
        _tcp?.Run(now, this);
        RunPosted(now);
        RunDue(now);
        RunMeetings(now);
        if (_toSend.Count > 0) _socket.Send(_toSend);
        _tcp?.Flush();
    }

    /// <summary>Sends all that comes before a datagram that was written already.</summary>
    private void SendBefore(Span<byte> written)
    {
        _socket.Send(_toSend);
        written.CopyTo(_toSend.Reserve(written.Length));
    }

    /// <summary>Counts how long the turn has taken.</summary>
    private Instant EndTurn()
    {
        var now = MediaClock.Now;
        _busy += now - _turnBegan;
        var passed = now - _loadBegan;
        if (passed < LoadInterval) return now;
        Volatile.Write(ref _load, _busy / passed);
        (_busy, _loadBegan) = (TimeSpan.Zero, now);
        return now;
    }

    private void TakeHandovers(Instant now)
    {
        if (_handover is null) return;
        // No more than its capacity, so that what others add meanwhile leaves the rest of the turn its time.
        for (var left = DatagramHandover.Capacity; left > 0 && _handover.TryTake(out var datagram, out var from); left--)
        {
            HandedOver++;
            Deliver(now, datagram, from);
            _handover.Release();
        }
    }

    /// <summary>Gives the datagram to the loop that owns its peer. A check only where it is authentic: its sender's address proves nothing, and strangers must not fill the queue.</summary>
    private void HandOver(MediaLoop owner, ReadOnlySpan<byte> datagram, DatagramKind kind, in NetworkPath from)
    {
        // A TCP connection has gone to its peer's loop with its first check; here it is somebody's who names another's fragment later.
        if (from.Protocol == PathProtocol.Tcp || (kind == DatagramKind.Stun && !_table.IsAuthentic(datagram)))
        {
            Unclaimed++;
            return;
        }
        if (owner._handover!.TryAdd(datagram, from) && !_handedTo.Contains(owner)) _handedTo.Add(owner);
    }

    /// <summary>Once for the whole batch: each wake-up is a call into the system.</summary>
    private void WakeOwners()
    {
        for (var i = 0; i < _handedTo.Count; i++) _handedTo[i].RequestTurn();
        _handedTo.Clear();
    }

    private HostedPeer? FindOwn(in NetworkPath path) => _table.Find(path) is { } hosted && hosted.Loop == this ? hosted : null;

    private void Deliver(Instant now, Span<byte> datagram, in NetworkPath from)
    {
        var kind = Datagram.Classify(datagram);
        if (_table.Find(datagram, kind, from) is not { } hosted)
        {
            Unclaimed++;
            return;
        }
        if (hosted.Loop != this)
        {
            HandOver(hosted.Loop, datagram, kind, from);
            return;
        }
        try
        {
            hosted.Peer.HandleDatagram(now, datagram, from);
        }
        catch (Exception fault)
        {
            Fail(hosted, fault);
            return;
        }
        // Media change nothing that is waited for.
        if (kind is DatagramKind.Rtp or DatagramKind.Rtcp || hosted.IsRemoved) return;
        if (kind == DatagramKind.Stun) _table.Learn(hosted, from);
        Schedule(hosted);
    }

    private void RunPosted(Instant now)
    {
        while (_posted.TryDequeue(out var action))
        {
            try
            {
                action(now);
            }
            catch (Exception fault)
            {
                _onFault(fault);
            }
        }
    }

    private void RunDue(Instant now)
    {
        while (_wakeUps.TryPeek(out var hosted, out var due) && due <= now.Nanoseconds)
        {
            _wakeUps.Dequeue();
            // An older entry of a peer that has since been queued for an earlier time.
            if (hosted.IsRemoved || hosted.QueuedFor.Nanoseconds != due) continue;
            hosted.QueuedFor = Instant.Never;
            try
            {
                hosted.Peer.HandleTimeout(now);
            }
            catch (Exception fault)
            {
                Fail(hosted, fault);
                continue;
            }
            Schedule(hosted);
        }
    }

    private void RunMeetings(Instant now)
    {
        while (_meetingWakeUps.TryPeek(out var meeting, out var due) && due <= now.Nanoseconds)
        {
            _meetingWakeUps.Dequeue();
            // An older entry of a meeting that has since been queued for an earlier time.
            if (meeting.QueuedFor.Nanoseconds != due) continue;
            meeting.QueuedFor = Instant.Never;
            Touch(meeting);
        }

        for (var i = 0; i < _touched.Count; i++) Run(now, _touched[i]);
        _touched.Clear();
    }

    private void Run(Instant now, HostedMeeting meeting)
    {
        meeting.IsTouched = false;
        if (meeting.Meeting.IsClosed) return;
        try
        {
            if (meeting.Meeting.NextWakeUp <= now) meeting.Meeting.HandleTimeout(now);
        }
        catch (Exception fault)
        {
            // The others go on; this one is looked at again when something comes for it.
            _onFault(fault);
            return;
        }

        var next = meeting.Meeting.NextWakeUp;
        if (next >= meeting.QueuedFor) return;
        meeting.QueuedFor = next;
        _meetingWakeUps.Enqueue(meeting, next.Nanoseconds);
    }

    /// <summary>Queues the peer's next wake-up, unless it is queued for that time or earlier: then it is looked at again when that comes.</summary>
    private void Schedule(HostedPeer hosted)
    {
        var next = hosted.Peer.NextWakeUp;
        if (hosted.IsRemoved || next >= hosted.QueuedFor) return;
        hosted.QueuedFor = next;
        _wakeUps.Enqueue(hosted, next.Nanoseconds);
    }

    private TimeSpan TimeUntilWakeUp(Instant now)
    {
        if (!_posted.IsEmpty || _handover is { IsEmpty: false }) return TimeSpan.Zero;
        var longest = _tcp is null || _tcp.LongestWait > LongestWait ? LongestWait : _tcp.LongestWait;
        var due = Math.Min(DueOf(_wakeUps), DueOf(_meetingWakeUps));
        if (due == long.MaxValue) return longest;
        var wait = new Instant(due) - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < longest ? wait : longest;
    }

    private static long DueOf<T>(PriorityQueue<T, long> queue) => queue.TryPeek(out _, out var due) ? due : long.MaxValue;

    /// <summary>On the thread pool, where an exception that nobody catches would end the process.</summary>
    private void RunHandshakeStep(Peer peer, DtlsStep step)
    {
        try
        {
            step.Run();
            Post(now => FinishHandshakeStep(now, peer, step));
        }
        catch (Exception fault)
        {
            Post(now =>
            {
                if (_peers.TryGetValue(peer, out var hosted)) Fail(hosted, fault);
                peer.FinishHandshakeStep(now, step);
            });
        }
    }

    private void FinishHandshakeStep(Instant now, Peer peer, DtlsStep step)
    {
        // A peer that was removed meanwhile takes its step back too, and frees it.
        if (!_peers.TryGetValue(peer, out var hosted))
        {
            peer.FinishHandshakeStep(now, step);
            return;
        }
        try
        {
            peer.FinishHandshakeStep(now, step);
        }
        catch (Exception fault)
        {
            Fail(hosted, fault);
            return;
        }
        Schedule(hosted);
    }

    /// <summary>Without a goodbye: who knows what state it is in.</summary>
    private void Fail(HostedPeer hosted, Exception fault)
    {
        Forget(hosted);
        hosted.Peer.Dispose();
        hosted.Listener.OnFault(hosted.Peer, fault);
    }

    private void Forget(HostedPeer hosted)
    {
        _peers.Remove(hosted.Peer);
        _table.Remove(hosted);
        hosted.IsRemoved = true;
        // Its consent would have ended in 30 seconds: until then the queue would keep it, and its whole meeting with it.
        while (_wakeUps.Remove(hosted, out _, out _))
        {
        }
    }

    private void Stop()
    {
        var now = MediaClock.Now;
        RunPosted(now);
        foreach (var peer in _peers.Keys.ToArray()) RemovePeer(now, peer);
        _socket.Send(_toSend);
        _tcp?.Flush();
    }

    private void RequestTurn()
    {
        if (Interlocked.Exchange(ref _isWaking, 1) != 0) return;
        try
        {
            _socket.Wake();
        }
        catch (ObjectDisposedException)
        {
            // The thread has stopped.
        }
    }
}
