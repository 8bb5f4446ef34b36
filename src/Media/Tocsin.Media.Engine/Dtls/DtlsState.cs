namespace Tocsin.Media.Engine.Dtls;

/// <summary>Where a <see cref="DtlsServer"/> stands.</summary>
public enum DtlsState
{
    /// <summary>Nothing has come yet.</summary>
    New,

    /// <summary>The peer has begun.</summary>
    Handshaking,

    /// <summary>The handshake is complete, and signalling has not yet said whose certificate it should be with.</summary>
    AwaitingFingerprint,

    /// <summary>The peer is who signalling said, and there are keys.</summary>
    Connected,

    /// <summary>Final; <see cref="DtlsServer.Failure"/> says why.</summary>
    Failed,

    /// <summary>Final: one side said goodbye.</summary>
    Closed,
}

/// <summary>Why there is no association.</summary>
public enum DtlsFailure
{
    None,

    /// <summary>OpenSSL broke it off: nothing in common, or a broken message.</summary>
    HandshakeRefused,

    /// <summary>The peer's certificate is not the one that signalling announced.</summary>
    FingerprintMismatch,

    /// <summary>The peer offered no SRTP profile of ours.</summary>
    NoSrtpProfile,

    /// <summary>The handshake took longer than <see cref="DtlsServer.HandshakeLimit"/>.</summary>
    TimedOut,

    /// <summary>More datagrams than any handshake needs.</summary>
    TooManyDatagrams,
}
