using Tocsin.Media.Engine.Dtls;

namespace Tocsin.Media.Engine.Peers;

/// <summary>Where a peer's media go, decrypted. The spans are the buffer that the datagram came in, valid and the receiver's to change during the call.</summary>
public interface IPeerMedia
{
    /// <summary>One authentic RTP packet, not yet parsed beyond its header.</summary>
    void OnRtp(Instant now, Peer peer, Span<byte> packet);

    /// <summary>One authentic compound RTCP packet, not yet parsed: reduced-size packets come alone (RFC 5506).</summary>
    void OnRtcp(Instant now, Peer peer, Span<byte> packet);
}

/// <summary>Where datagrams to peers are written: the host's batch of datagrams to send.</summary>
public interface IDatagramOutput
{
    /// <summary>Room for a datagram of that length, until <see cref="Send"/> or the next call; its contents are undefined.</summary>
    Span<byte> Reserve(int length);

    /// <summary>Sends the first bytes of what was reserved last.</summary>
    void Send(in NetworkPath path, int length);
}

/// <summary>What the host must know of a peer, beside its datagrams. Called on the media thread, from within a call of the peer.</summary>
public interface IPeerEvents
{
    /// <summary><see cref="Peer.State"/> has changed.</summary>
    void OnStateChanged(Instant now, Peer peer);

    /// <summary>
    /// A step of the handshake is to be run, on a thread that is no media thread, and then handed to <see cref="Peer.FinishHandshakeStep"/> on the media thread;
    /// not from within this call. <see cref="DtlsServer"/> has the whole contract.
    /// </summary>
    void OnHandshakeStep(Peer peer, DtlsStep step);
}
