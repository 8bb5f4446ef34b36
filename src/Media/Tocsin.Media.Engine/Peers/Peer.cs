using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Srtp;
using Tocsin.Media.Wire;

namespace Tocsin.Media.Engine.Peers;

/// <summary>One WebRTC transport of one participant: tells its datagrams apart, and lets ICE, DTLS and SRTP each do their part.</summary>
/// <remarks>
/// RFC 7983, RFC 8829. Media thread only, but for the step of a handshake (<see cref="DtlsServer"/>). Once connected, no call allocates.
/// Nothing that anybody sends makes a call throw.
/// </remarks>
public sealed class Peer : IMediaSender, IDtlsOutput, IDisposable
{
    private readonly IceLiteAgent _ice;
    private readonly DtlsServer _dtls;
    private readonly IPeerMedia _media;
    private readonly IDatagramOutput _output;
    private readonly IPeerEvents _events;
    private SrtpReceiver? _receiver;
    private SrtpSender? _sender;
    private long _datagramsIn;
    private long _bytesIn;
    private long _datagramsOut;
    private long _bytesOut;
    private long _strangers;
    private long _tooEarly;

    public Peer(DtlsContext context, IceCredentials credentials, IPeerMedia media, IDatagramOutput output, IPeerEvents events)
    {
        _ice = new(credentials);
        _dtls = new(context);
        (_media, _output, _events) = (media, output, events);
    }

    public PeerState State { get; private set; }

    /// <summary>Why it failed, where it has.</summary>
    public DtlsFailure Failure => _dtls.Failure;

    /// <summary>What signalling gave to the participant last; the host finds the peer of a check by its fragment.</summary>
    public IceCredentials Credentials => _ice.Credentials;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called.</summary>
    public Instant NextWakeUp => IsOver ? Instant.Never : Instant.Earlier(_ice.NextWakeUp, _dtls.NextWakeUp);

    /// <summary>Bytes that protection adds to an RTP packet; 0 before there are keys.</summary>
    public int RtpOverhead => _sender?.RtpOverhead ?? 0;

    /// <inheritdoc/>
    public int PathChanges => _ice.PathChanges;

    public PeerStatistics Statistics => new()
    {
        DatagramsIn = _datagramsIn,
        SizeIn = new(_bytesIn),
        DatagramsOut = _datagramsOut,
        SizeOut = new(_bytesOut),
        Strangers = _strangers,
        TooEarly = _tooEarly,
        Checks = _ice.Statistics,
        MediaIn = _receiver?.Statistics ?? default,
        MediaOut = _sender?.Statistics ?? default,
    };

    private bool IsOver => State is PeerState.Failed or PeerState.Closed;

    /// <summary>The path that media are sent on; packets to one peer that are to leave together share it.</summary>
    public bool TryGetSelectedPath(out NetworkPath path) => _ice.TryGetSelectedPath(out path);

    /// <summary>Whether the host may deliver datagrams of this path here without looking at their contents.</summary>
    public bool IsValidated(in NetworkPath path) => _ice.IsValidated(path);

    /// <summary>Handles one datagram, of any content, from anybody.</summary>
    /// <param name="datagram">Decrypted in place.</param>
    public void HandleDatagram(Instant now, Span<byte> datagram, in NetworkPath from)
    {
        _datagramsIn++;
        _bytesIn += datagram.Length;
        if (IsOver) return;
        var kind = Datagram.Classify(datagram);
        if (kind == DatagramKind.Stun) HandleCheck(now, datagram, from);
        else if (kind == DatagramKind.Unknown || !_ice.IsValidated(from)) _strangers++;
        else if (kind == DatagramKind.Dtls) HandleDtls(now, datagram);
        else HandleMedia(now, datagram, kind);
    }

    /// <summary>Encrypts and sends one RTP packet.</summary>
    /// <param name="header">With CSRCs and extensions.</param>
    /// <returns>False where it was not sent: not connected, or an index that was already used (<see cref="SrtpSender"/>).</returns>
    public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        if (!CanSend(out var sender, out var path)) return false;
        var destination = _output.Reserve(header.Length + payload.Length + sender.RtpOverhead);
        return sender.ProtectRtp(header, payload, destination, out var written) == SrtpResult.Ok && Send(path, written);
    }

    /// <inheritdoc/>
    public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> copy, out int length)
    {
        length = 0;
        if (!CanSend(out var sender, out var path)) return false;
        var destination = _output.Reserve(header.Length + payload.Length + sender.RtpOverhead);
        if (sender.ProtectRtp(header, payload, destination, out var written) != SrtpResult.Ok) return false;
        destination[..written].CopyTo(copy);
        length = written;
        return Send(path, written);
    }

    /// <inheritdoc/>
    public bool Repeat(ReadOnlySpan<byte> protectedPacket)
    {
        if (!CanSend(out _, out var path)) return false;
        protectedPacket.CopyTo(_output.Reserve(protectedPacket.Length));
        return Send(path, protectedPacket.Length);
    }

    /// <summary>Encrypts and sends one compound RTCP packet.</summary>
    /// <returns>False where it was not sent.</returns>
    public bool SendRtcp(ReadOnlySpan<byte> packet)
    {
        if (!CanSend(out var sender, out var path)) return false;
        var destination = _output.Reserve(packet.Length + sender.RtcpOverhead);
        return sender.ProtectRtcp(packet, destination, out var written) == SrtpResult.Ok && Send(path, written);
    }

    /// <summary>What signalling says the participant's certificate is (<c>connect</c>): before or after its first datagrams.</summary>
    public void ExpectFingerprint(Instant now, DtlsFingerprint fingerprint)
    {
        if (IsOver) return;
        _dtls.ExpectFingerprint(fingerprint, this);
        UpdateState(now);
    }

    /// <summary>New credentials for signalling to take to the participant; media go on meanwhile.</summary>
    public void RestartIce(IceCredentials credentials) => _ice.Restart(credentials);

    /// <summary>Takes back a step that <see cref="IPeerEvents.OnHandshakeStep"/> gave, after it was run. Also after <see cref="Dispose"/>, and then frees it.</summary>
    public void FinishHandshakeStep(Instant now, DtlsStep step)
    {
        _dtls.FinishStep(now, step, this);
        BeginHandshakeStep();
        UpdateState(now);
    }

    /// <summary>A TCP connection of this peer's has ended.</summary>
    public void RemovePath(Instant now, in NetworkPath path)
    {
        _ice.RemovePath(path);
        UpdateState(now);
    }

    /// <summary>To be called when <see cref="NextWakeUp"/> has come; earlier, it does nothing.</summary>
    public void HandleTimeout(Instant now)
    {
        if (IsOver) return;
        _ice.HandleTimeout(now);
        _dtls.HandleTimeout(now, this);
        UpdateState(now);
    }

    /// <summary>Says goodbye (close_notify). Final.</summary>
    public void Close(Instant now)
    {
        if (IsOver) return;
        _dtls.Close(this);
        Enter(now, PeerState.Closed);
    }

    /// <summary>Wipes the keys and frees what is OpenSSL's.</summary>
    public void Dispose()
    {
        _dtls.Dispose();
        _receiver?.Dispose();
        _sender?.Dispose();
        if (!IsOver) State = PeerState.Closed;
    }

    void IDtlsOutput.SendDtls(ReadOnlySpan<byte> datagram)
    {
        if (!_ice.TryGetSelectedPath(out var path)) return;
        datagram.CopyTo(_output.Reserve(datagram.Length));
        Send(path, datagram.Length);
    }

    private void HandleCheck(Instant now, ReadOnlySpan<byte> datagram, in NetworkPath from)
    {
        Span<byte> answer = stackalloc byte[IceLiteAgent.MaximumAnswerLength];
        var check = _ice.HandleDatagram(now, datagram, from, answer, out var length);
        if (length > 0)
        {
            answer[..length].CopyTo(_output.Reserve(length));
            Send(from, length);
        }
        if (check == IceCheck.Accepted) UpdateState(now);
    }

    private void HandleDtls(Instant now, ReadOnlySpan<byte> datagram)
    {
        _dtls.HandleDatagram(now, datagram);
        BeginHandshakeStep();
        UpdateState(now);
    }

    private void HandleMedia(Instant now, Span<byte> datagram, DatagramKind kind)
    {
        if (_receiver is null)
        {
            _tooEarly++;
        }
        else if (kind == DatagramKind.Rtcp)
        {
            if (_receiver.UnprotectRtcp(datagram, datagram, out var length) != SrtpResult.Ok) return;
            _dtls.Confirm();
            _media.OnRtcp(now, this, datagram[..length]);
        }
        else if (_receiver.UnprotectRtp(datagram, datagram, out var length) == SrtpResult.Ok)
        {
            _dtls.Confirm();
            _media.OnRtp(now, this, datagram[..length]);
        }
    }

    private bool CanSend(out SrtpSender sender, out NetworkPath path)
    {
        sender = _sender!;
        path = default;
        if (_sender is not null && !IsOver && _ice.TryGetSelectedPath(out path)) return true;
        _tooEarly++;
        return false;
    }

    private bool Send(in NetworkPath path, int length)
    {
        _datagramsOut++;
        _bytesOut += length;
        _output.Send(path, length);
        return true;
    }

    private void BeginHandshakeStep()
    {
        if (_dtls.TryBeginStep(out var step)) _events.OnHandshakeStep(this, step);
    }

    private void UpdateState(Instant now)
    {
        if (IsOver) return;
        if (_dtls.TakeKeys() is { } keys)
        {
            _receiver = new(keys.Inbound);
            _sender = new(keys.Outbound);
            keys.Inbound.Dispose();
            keys.Outbound.Dispose();
        }
        Enter(now, Judge());
    }

    private PeerState Judge() => _dtls.State switch
    {
        DtlsState.Failed => PeerState.Failed,
        DtlsState.Closed => PeerState.Closed,
        _ when !_ice.TryGetSelectedPath(out _) => State == PeerState.New ? PeerState.New : PeerState.Disconnected,
        DtlsState.Connected => PeerState.Connected,
        _ => PeerState.Connecting,
    };

    private void Enter(Instant now, PeerState state)
    {
        if (state == State) return;
        State = state;
        _events.OnStateChanged(now, this);
    }
}
