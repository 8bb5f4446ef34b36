using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tocsin.Media.Engine.OpenSsl;
using Tocsin.Media.Engine.Srtp;

namespace Tocsin.Media.Engine.Dtls;

/// <summary>OpenSSL's side of one DTLS association: datagrams in, datagrams out. It has no timer of its own and knows nothing of fingerprints that should be.</summary>
/// <remarks>
/// Any thread, but one at a time, and no <c>await</c> inside: OpenSSL's queue of errors belongs to the thread.
/// A handshake costs about a millisecond, so it is run off the media threads.
/// </remarks>
internal sealed unsafe class DtlsSession : SafeHandle
{
    /// <summary>Every network carries 1,280 bytes of IPv6; less 48 of headers and a little for tunnels.</summary>
    private const int LinkMtu = 1_200;

    private const int MaximumFlightDatagrams = 16;
    private const int MaximumRecordsPerDatagram = 64;
    private const uint TimerNeverMicroseconds = 3_600_000_000;

    private readonly nint _readBio;
    private readonly GCHandle<DatagramBatch> _outputHandle;

    /// <param name="context">An SSL_CTX, which OpenSSL keeps alive from here on.</param>
    public DtlsSession(nint context, bool isServer)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _outputHandle = new(Output);
        SetHandle(LibSsl.SSL_new(context));
        _readBio = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        // An empty BIO is one with nothing yet, not one at its end.
        LibCrypto.BIO_ctrl(_readBio, LibCrypto.BioControlSetEofReturn, new(-1), null);
        LibSsl.SSL_set_bio(handle, _readBio, DatagramBio.Create(_outputHandle));
        LibSsl.SSL_ctrl(handle, LibSsl.ControlSetLinkMtu, new(LinkMtu), null);
        LibSsl.DTLS_set_timer_cb(handle, &Never);
        if (isServer) LibSsl.SSL_set_accept_state(handle);
        else LibSsl.SSL_set_connect_state(handle);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>What OpenSSL wrote, until the caller clears it.</summary>
    public DatagramBatch Output { get; } = new(MaximumFlightDatagrams, MaximumFlightDatagrams * 1_500);

    public DtlsProgress Progress { get; private set; } = DtlsProgress.Handshaking;

    /// <summary>How many datagrams of <see cref="Output"/> were there when the handshake ended: what follows them repeats them.</summary>
    public int LastFlight { get; private set; }

    /// <summary>Of the certificate that the peer has proved to hold; null until the handshake has ended well.</summary>
    public DtlsFingerprint? PeerFingerprint { get; private set; }

    /// <summary>Null until the handshake has ended well, or where no profile of ours was offered.</summary>
    public SrtpProfile? Profile { get; private set; }

    internal nint Pointer => handle;

    /// <summary>Processes one datagram; answers go to <see cref="Output"/>.</summary>
    /// <param name="datagram">Of at most 64 kB; never trusted.</param>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        if (Progress is DtlsProgress.Failed or DtlsProgress.Closed || datagram.IsEmpty) return;
        LibCrypto.BIO_ctrl(_readBio, LibCrypto.BioControlReset, new(0), null);
        fixed (byte* pointer = datagram)
        {
            _ = LibCrypto.BIO_write(_readBio, pointer, datagram.Length);
        }
        Drive();
    }

    /// <summary>Goes on as far as what was received allows; the first step of a client.</summary>
    public void Drive()
    {
        if (Progress == DtlsProgress.Handshaking) Handshake();
        // A repeated last flight is answered inside of SSL_read, so it is called although we expect no data.
        if (Progress == DtlsProgress.Connected) DiscardData();
    }

    /// <summary>Says goodbye (close_notify), where there is anybody to say it to.</summary>
    public void SayGoodbye()
    {
        if (Progress == DtlsProgress.Connected)
        {
            LibCrypto.ERR_clear_error();
            _ = LibSsl.SSL_shutdown(handle);
        }
        if (Progress != DtlsProgress.Failed) Progress = DtlsProgress.Closed;
    }

    /// <summary>The keys of both directions; only after the handshake, and with a <see cref="Profile"/>.</summary>
    /// <remarks>RFC 5764 section 4.2: client key, server key, client salt, server salt.</remarks>
    public (SrtpMasterKey Client, SrtpMasterKey Server) ExportKeys()
    {
        var profile = Profile ?? throw new InvalidOperationException("There are no keys before the handshake has ended.");
        const int KeyLength = SrtpProfileLengths.MasterKey;
        var saltLength = profile.SaltLength;
        Span<byte> material = stackalloc byte[2 * (KeyLength + saltLength)];
        ReadOnlySpan<byte> label = "EXTRACTOR-dtls_srtp"u8;
        fixed (byte* output = material, labelPointer = label)
        {
            if (LibSsl.SSL_export_keying_material(handle, output, (nuint)material.Length, labelPointer, (nuint)label.Length, null, 0, 0) != 1)
            {
                throw new CryptographicException("OpenSSL gave no keying material after a handshake that it had called complete.");
            }
        }
        var salts = material[(2 * KeyLength)..];
        var keys = (
            new SrtpMasterKey(profile, material[..KeyLength], salts[..saltLength]),
            new SrtpMasterKey(profile, material.Slice(KeyLength, KeyLength), salts[saltLength..]));
        CryptographicOperations.ZeroMemory(material);
        return keys;
    }

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_free(handle);
        _outputHandle.Dispose();
        return true;
    }

    private void Handshake()
    {
        LibCrypto.ERR_clear_error();
        var result = LibSsl.SSL_do_handshake(handle);
        if (result == 1)
        {
            PeerFingerprint = ReadPeerFingerprint();
            Profile = ReadProfile();
            Progress = DtlsProgress.Connected;
            LastFlight = Output.Count;
        }
        else if (LibSsl.SSL_get_error(handle, result) != LibSsl.ErrorWantRead)
        {
            Progress = DtlsProgress.Failed;
        }
    }

    private void DiscardData()
    {
        Span<byte> data = stackalloc byte[2_048];
        fixed (byte* pointer = data)
        {
            for (var records = 0; records < MaximumRecordsPerDatagram; records++)
            {
                LibCrypto.ERR_clear_error();
                var result = LibSsl.SSL_read(handle, pointer, data.Length);
                if (result > 0) continue;
                var error = LibSsl.SSL_get_error(handle, result);
                // A fatal alert of the peer ends the association as close_notify does.
                if (error is not (LibSsl.ErrorWantRead or LibSsl.ErrorNone)) Progress = DtlsProgress.Closed;
                return;
            }
        }
    }

    private DtlsFingerprint? ReadPeerFingerprint()
    {
        var certificate = LibSsl.SSL_get1_peer_certificate(handle);
        if (certificate == 0) return null;
        Span<byte> digest = stackalloc byte[64];
        uint length;
        int result;
        fixed (byte* pointer = digest)
        {
            result = LibCrypto.X509_digest(certificate, LibCrypto.EVP_sha256(), pointer, &length);
        }
        LibCrypto.X509_free(certificate);
        return result == 1 ? DtlsFingerprint.OfDigest(digest[..(int)length]) : null;
    }

    private SrtpProfile? ReadProfile()
    {
        var profile = LibSsl.SSL_get_selected_srtp_profile(handle);
        return profile is null ? null : (SrtpProfile)profile->Id.Value;
    }

    /// <summary>
    /// OpenSSL's timer reads the wall clock, and asks whether it has run out whenever it reads; ours runs in <see cref="DtlsServer"/>, on the time we are given.
    /// </summary>
    [UnmanagedCallersOnly]
    private static uint Never(nint ssl, uint previousMicroseconds) => TimerNeverMicroseconds;
}

/// <summary>How far a <see cref="DtlsSession"/> has come.</summary>
internal enum DtlsProgress
{
    Handshaking,

    /// <summary>Complete, with a peer whose certificate is yet to be compared.</summary>
    Connected,

    /// <summary>The handshake broke down.</summary>
    Failed,

    /// <summary>One of us said goodbye.</summary>
    Closed,
}
