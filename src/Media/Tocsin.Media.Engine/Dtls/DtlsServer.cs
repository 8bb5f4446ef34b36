using Tocsin.Media.Engine.Srtp;

namespace Tocsin.Media.Engine.Dtls;

/// <summary>Where datagrams to the peer go. The span is only valid during the call.</summary>
public interface IDtlsOutput
{
    void SendDtls(ReadOnlySpan<byte> datagram);
}

/// <summary>The DTLS association of one peer, which is always the client: limits, retransmission, and the comparison of fingerprints.</summary>
/// <remarks>
/// RFC 6347, RFC 5764, RFC 8842. Owned by the media thread, and every method is called on it. The public-key cryptography is in a <see cref="DtlsStep"/>,
/// which any other thread may run: <see cref="TryBeginStep"/> on the media thread, <see cref="DtlsStep.Run"/> on one thread of any kind,
/// <see cref="FinishStep"/> on the media thread again. Handing the step over and back must be a synchronising act (a queue is); between the two only the
/// step touches OpenSSL, and everything else may go on being called here. There is at most one step at a time.
/// Datagrams are only to be given that come from an address which ICE has validated: that takes the place of HelloVerifyRequest.
/// </remarks>
public sealed class DtlsServer : IDisposable
{
    /// <summary>Longer ones are dropped: nothing in a handshake is sent over a path that does not fragment.</summary>
    public const int MaximumDatagramLength = 2_048;

    /// <summary>Waiting for a step; those past it are dropped, and the peer repeats them.</summary>
    public const int MaximumWaiting = 16;

    /// <summary>A handshake needs 3 to 6; every flight lost ten times over is still under this.</summary>
    public const int MaximumHandshakeDatagrams = 200;

    /// <summary>From the first datagram on. Browsers give up earlier.</summary>
    public static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(30);

    // Loopback to intercontinental paths take 0 to 300 ms; OpenSSL's 1 s would make one lost datagram the longest part of joining.
    private static readonly TimeSpan FirstRetransmission = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetransmission = TimeSpan.FromSeconds(3.2);

    private readonly DtlsSession _session;
    private readonly DtlsRecordNumbers _recordNumbers = new();
    private readonly DatagramBatch _flight = new(MaximumWaiting, MaximumWaiting * 1_500);
    private DatagramBatch _waiting = new(MaximumWaiting, MaximumWaiting * MaximumDatagramLength);
    private DtlsStep? _step;
    private readonly DtlsStep _spare;
    private DtlsFingerprint? _expected;
    private (SrtpMasterKey Inbound, SrtpMasterKey Outbound)? _keys;
    private int _handshakeDatagrams;
    private Instant _deadline = Instant.Never;
    private Instant _retransmitAt = Instant.Never;
    private TimeSpan _retransmission;
    private bool _isConfirmed;
    private bool _closing;
    private bool _disposed;

    public DtlsServer(DtlsContext context)
    {
        _session = new(context.Pointer, isServer: true);
        GC.KeepAlive(context);
        _spare = new(_session, new(MaximumWaiting, MaximumWaiting * MaximumDatagramLength));
    }

    public DtlsState State { get; private set; }

    public DtlsFailure Failure { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> wants to be called.</summary>
    public Instant NextWakeUp => Instant.Earlier(_retransmitAt, _deadline);

    /// <summary>Datagrams that were dropped: too long, or more than wait for a step.</summary>
    public long Dropped { get; private set; }

    /// <summary>The flights that were sent again because nothing came back; the last too, where <see cref="Confirm"/> is not called soon.</summary>
    public long Retransmissions { get; private set; }

    /// <summary>What we decrypt with and encrypt with, once <see cref="State"/> is Connected; the caller owns them. Null before, and after they were taken.</summary>
    public (SrtpMasterKey Inbound, SrtpMasterKey Outbound)? TakeKeys()
    {
        if (State != DtlsState.Connected) return null;
        var keys = _keys;
        _keys = null;
        return keys;
    }

    /// <summary>Keeps a copy of the datagram for the next step; the caller then asks for <see cref="TryBeginStep"/>.</summary>
    public void HandleDatagram(Instant now, ReadOnlySpan<byte> datagram)
    {
        if (State is DtlsState.Failed or DtlsState.Closed) return;
        if (State == DtlsState.New)
        {
            State = DtlsState.Handshaking;
            _deadline = now + HandshakeLimit;
        }
        if (State == DtlsState.Handshaking && ++_handshakeDatagrams > MaximumHandshakeDatagrams) Fail(DtlsFailure.TooManyDatagrams);
        else if (datagram.Length > MaximumDatagramLength || !_waiting.TryAdd(datagram)) Dropped++;
    }

    /// <summary>What signalling says the peer's certificate is: before, during or after the handshake. The last word counts until it was compared.</summary>
    public void ExpectFingerprint(DtlsFingerprint fingerprint, IDtlsOutput output)
    {
        _expected = fingerprint;
        if (_step is null) Judge(output);
    }

    /// <summary>True where datagrams wait and no step is under way.</summary>
    public bool TryBeginStep(out DtlsStep step)
    {
        step = _spare;
        if (_step is not null || _waiting.Count == 0 || _disposed) return false;
        _waiting = step.Exchange(_waiting);
        _step = step;
        return true;
    }

    /// <summary>Takes the step back, sends what it has written, and judges how far the handshake has come.</summary>
    public void FinishStep(Instant now, DtlsStep step, IDtlsOutput output)
    {
        if (!ReferenceEquals(step, _step)) throw new InvalidOperationException("This step is not under way.");
        _step = null;
        if (_disposed)
        {
            _session.Dispose();
            return;
        }
        if (State is DtlsState.Failed or DtlsState.Closed) _session.Output.Clear();
        else if (_session.Output.Count > 0) SendFlight(now, output);
        Judge(output);
        if (_closing) Close(output);
    }

    /// <summary>The peer has sent what only its end of this handshake can protect, so it has our last flight, which is not sent again from now on.</summary>
    public void Confirm()
    {
        if (_isConfirmed || State != DtlsState.Connected) return;
        _isConfirmed = true;
        StopRepeating();
    }

    /// <summary>To be called when <see cref="NextWakeUp"/> has come; earlier, it does nothing.</summary>
    public void HandleTimeout(Instant now, IDtlsOutput output)
    {
        if (now >= _deadline)
        {
            if (State == DtlsState.Connected) StopRepeating();
            else Fail(DtlsFailure.TimedOut);
        }
        else if (now >= _retransmitAt)
        {
            Retransmissions++;
            Emit(_flight, output);
            _retransmission = _retransmission * 2 < LongestRetransmission ? _retransmission * 2 : LongestRetransmission;
            _retransmitAt = now + _retransmission;
        }
    }

    /// <summary>Says goodbye. Final.</summary>
    public void Close(IDtlsOutput output)
    {
        _closing = true;
        if (_step is not null) return;
        _session.SayGoodbye();
        Emit(_session.Output, output);
        _session.Output.Clear();
        if (State != DtlsState.Failed) End(DtlsState.Closed);
    }

    /// <summary>Where a step is under way, OpenSSL's part is freed when it comes back.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        DropKeys();
        if (_step is null) _session.Dispose();
    }

    private void SendFlight(Instant now, IDtlsOutput output)
    {
        Emit(_session.Output, output);
        // The last flight too: a peer that has not got it repeats its own, and OpenSSL answers, but browsers wait twice as long each time without bound.
        var isLast = _session.Progress == DtlsProgress.Connected && State == DtlsState.Handshaking;
        if (isLast || _session.Progress == DtlsProgress.Handshaking)
        {
            _flight.Clear();
            var count = isLast ? _session.LastFlight : _session.Output.Count;
            for (var i = 0; i < count; i++) _flight.TryAdd(_session.Output[i]);
            _retransmission = FirstRetransmission;
            _retransmitAt = now + FirstRetransmission;
        }
        _session.Output.Clear();
    }

    private void Emit(DatagramBatch flight, IDtlsOutput output)
    {
        for (var i = 0; i < flight.Count; i++)
        {
            _recordNumbers.Renumber(flight[i]);
            output.SendDtls(flight[i]);
        }
    }

    private void Judge(IDtlsOutput output)
    {
        if (State is not (DtlsState.Handshaking or DtlsState.AwaitingFingerprint or DtlsState.Connected)) return;
        switch (_session.Progress)
        {
            case DtlsProgress.Failed:
                Fail(DtlsFailure.HandshakeRefused);
                break;
            case DtlsProgress.Closed:
                End(DtlsState.Closed);
                break;
            case DtlsProgress.Connected when State != DtlsState.Connected:
                JudgePeer(output);
                break;
        }
    }

    private void JudgePeer(IDtlsOutput output)
    {
        if (_session.Profile is null) Refuse(DtlsFailure.NoSrtpProfile, output);
        else if (_expected is null) State = DtlsState.AwaitingFingerprint;
        else if (_session.PeerFingerprint is not { } actual || !_expected.Matches(actual)) Refuse(DtlsFailure.FingerprintMismatch, output);
        else Connect();
    }

    private void Connect()
    {
        var (client, server) = _session.ExportKeys();
        _keys = (client, server);
        State = DtlsState.Connected;
        // A hundred kilobytes that only a handshake needs; what is left of it goes with the last flight.
        _waiting.Release();
        _spare.Release();
        _session.Output.Release();
    }

    private void StopRepeating()
    {
        _retransmitAt = Instant.Never;
        _deadline = Instant.Never;
        _flight.Release();
    }

    /// <summary>Sends the one alert that can be sent after a handshake.</summary>
    private void Refuse(DtlsFailure failure, IDtlsOutput output)
    {
        Fail(failure);
        Close(output);
    }

    private void Fail(DtlsFailure failure)
    {
        Failure = failure;
        End(DtlsState.Failed);
    }

    private void End(DtlsState state)
    {
        State = state;
        StopRepeating();
        _waiting.Clear();
        DropKeys();
    }

    private void DropKeys()
    {
        _keys?.Inbound.Dispose();
        _keys?.Outbound.Dispose();
        _keys = null;
    }
}
