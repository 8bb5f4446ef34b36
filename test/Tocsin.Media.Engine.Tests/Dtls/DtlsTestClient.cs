using System.Runtime.InteropServices;
using System.Text;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.OpenSsl;
using Tocsin.Media.Engine.Srtp;

namespace Tocsin.Media.Engine.Tests.Dtls;

/// <summary>A DTLS client of OpenSSL's, as a browser would be: with a certificate of its own, and a ClientHello of the length that a test wants.</summary>
internal sealed unsafe partial class DtlsTestClient : IDisposable
{
    /// <summary>As the server's: doubling without end, as browsers do, a client would try nine times in half a minute, and a network that loses every second datagram defeats that.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(3.2);

    private const int ControlGetTimeout = 73;
    private const int ControlHandleTimeout = 74;
    private const int LongestDatagram = 1_200;
    private readonly nint _context;
    private readonly DtlsSession _session;

    /// <param name="srtpProfiles">As OpenSSL names them; null: no use_srtp.</param>
    /// <param name="helloPadding">Bytes of protocol names by which the ClientHello grows: browsers' have 1,413 to 1,461 and are fragmented.</param>
    public DtlsTestClient(
        string? srtpProfiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80", int helloPadding = 1_200, bool hasCertificate = true, DtlsCertificate? certificate = null)
    {
        Certificate = certificate ?? DtlsCertificate.Create(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _context = LibSsl.SSL_CTX_new(DTLS_client_method());
        LibSsl.SSL_CTX_set_options(_context, LibSsl.OptionNoQueryMtu);
        if (srtpProfiles is not null) Assert.Equal(0, LibSsl.SSL_CTX_set_tlsext_use_srtp(_context, srtpProfiles));
        if (hasCertificate) UseCertificate();
        if (helloPadding > 0) Pad(helloPadding);
        _session = new(_context, isServer: false);
        LibSsl.DTLS_set_timer_cb(_session.Pointer, &NextTimeout);
    }

    public DtlsCertificate Certificate { get; }

    public bool IsConnected => _session.Progress == DtlsProgress.Connected;

    public DtlsProgress Progress => _session.Progress;

    public DtlsFingerprint? ServerFingerprint => _session.PeerFingerprint;

    public SrtpProfile? Profile => _session.Profile;

    /// <summary>Sends the ClientHello.</summary>
    public List<byte[]> Start()
    {
        _session.Drive();
        return TakeOutput();
    }

    public List<byte[]> Receive(byte[] datagram)
    {
        _session.Receive(datagram);
        return TakeOutput();
    }

    /// <summary>
    /// Repeats the last flight, in as few datagrams as browsers do: OpenSSL makes one of each message. Its client asks the wall clock, so this waits until that agrees: 20 ms at most.
    /// </summary>
    public List<byte[]> ExpireTimer()
    {
        var left = stackalloc CLong[2];
        while (LibSsl.SSL_ctrl(_session.Pointer, ControlGetTimeout, new(0), left).Value == 1 && (left[0].Value != 0 || left[1].Value != 0)) Thread.Sleep(1);
        LibSsl.SSL_ctrl(_session.Pointer, ControlHandleTimeout, new(0), null);
        return Pack(TakeOutput());
    }

    public List<byte[]> SayGoodbye()
    {
        _session.SayGoodbye();
        return TakeOutput();
    }

    public (SrtpMasterKey Client, SrtpMasterKey Server) ExportKeys() => _session.ExportKeys();

    public void Dispose()
    {
        _session.Dispose();
        LibSsl.SSL_CTX_free(_context);
    }

    private List<byte[]> TakeOutput()
    {
        var datagrams = new List<byte[]>();
        for (var i = 0; i < _session.Output.Count; i++) datagrams.Add(_session.Output[i].ToArray());
        _session.Output.Clear();
        return datagrams;
    }

    private static List<byte[]> Pack(List<byte[]> records)
    {
        var datagrams = new List<byte[]>();
        foreach (var record in records)
        {
            if (datagrams.Count > 0 && datagrams[^1].Length + record.Length <= LongestDatagram) datagrams[^1] = [.. datagrams[^1], .. record];
            else datagrams.Add(record);
        }
        return datagrams;
    }

    private void UseCertificate()
    {
        fixed (byte* certificate = Certificate.Certificate, key = Certificate.PrivateKey)
        {
            Assert.Equal(1, LibSsl.SSL_CTX_use_certificate_ASN1(_context, Certificate.Certificate.Length, certificate));
            Assert.Equal(1, LibSsl.SSL_CTX_use_PrivateKey_ASN1(LibSsl.KeyTypeEc, _context, key, new(Certificate.PrivateKey.Length)));
        }
    }

    private void Pad(int length)
    {
        const int NameLength = 99;
        var names = new List<byte>();
        for (var i = 0; i < length / (NameLength + 1); i++) names.AddRange([NameLength, .. Encoding.ASCII.GetBytes(new string('p', NameLength))]);
        fixed (byte* pointer = names.ToArray())
        {
            Assert.Equal(0, SSL_CTX_set_alpn_protos(_context, pointer, (uint)names.Count));
        }
    }

    // OpenSSL takes what is left under 15 ms for nothing, so 35 run out after 20. That long, no test takes between two calls; and if, a flight goes twice.
    [UnmanagedCallersOnly]
    private static uint NextTimeout(nint ssl, uint previousMicroseconds) => 35_000;

    [LibraryImport("libssl.so.3")]
    private static partial nint DTLS_client_method();

    [LibraryImport("libssl.so.3")]
    private static partial int SSL_CTX_set_alpn_protos(nint context, byte* protocols, uint length);
}
