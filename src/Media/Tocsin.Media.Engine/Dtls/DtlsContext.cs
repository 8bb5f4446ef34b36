using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tocsin.Media.Engine.OpenSsl;

namespace Tocsin.Media.Engine.Dtls;

/// <summary>What all handshakes of a host share: the certificate, and what may be negotiated. Made once.</summary>
/// <remarks>
/// DTLS 1.2 (RFC 6347) with forward secrecy and AEAD ciphers only; use_srtp (RFC 5764) with AES-GCM preferred; the client must have a certificate, which is
/// only held against the fingerprint from signalling. No renegotiation, tickets, sessions or compression. Any thread, at any time, may begin a handshake.
/// </remarks>
public sealed unsafe class DtlsContext : SafeHandle
{
    private const string Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305";
    private const string SrtpProfiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";

    // A self-signed certificate has some 300 bytes with ECDSA, 1,500 with the longest RSA keys in use.
    private const int MaximumCertificateBytes = 8_192;

    public DtlsContext(DtlsCertificate certificate)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        Fingerprint = certificate.Fingerprint;
        SetHandle(LibSsl.SSL_CTX_new(LibSsl.DTLS_server_method()));
        Configure();
        UseCertificate(certificate);
    }

    /// <summary>What signalling tells the peer.</summary>
    public DtlsFingerprint Fingerprint { get; }

    public override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }

    private void Configure()
    {
        Require(Control(LibSsl.ControlSetMinProtocol, LibSsl.Dtls12) == 1);
        Require(Control(LibSsl.ControlSetMaxProtocol, LibSsl.Dtls12) == 1);
        LibSsl.SSL_CTX_set_options(handle, LibSsl.OptionNoQueryMtu | LibSsl.OptionNoTicket | LibSsl.OptionNoCompression
            | LibSsl.OptionCipherServerPreference | LibSsl.OptionNoRenegotiation);
        Control(LibSsl.ControlSetSessionCacheMode, 0);
        Control(LibSsl.ControlSetMaxCertificateList, MaximumCertificateBytes);
        fixed (byte* groups = "X25519:P-256:P-384\0"u8)
        {
            Require(LibSsl.SSL_CTX_ctrl(handle, LibSsl.ControlSetGroupsList, new(0), groups).Value == 1);
        }
        Require(LibSsl.SSL_CTX_set_cipher_list(handle, Ciphers) == 1);
        Require(LibSsl.SSL_CTX_set_tlsext_use_srtp(handle, SrtpProfiles) == 0);
        LibSsl.SSL_CTX_set_verify(handle, LibSsl.VerifyPeer | LibSsl.VerifyFailIfNoPeerCertificate, 0);
        LibSsl.SSL_CTX_set_cert_verify_callback(handle, &AcceptAnyCertificate, 0);
    }

    private void UseCertificate(DtlsCertificate certificate)
    {
        fixed (byte* der = certificate.Certificate)
        {
            Require(LibSsl.SSL_CTX_use_certificate_ASN1(handle, certificate.Certificate.Length, der) == 1);
        }
        fixed (byte* der = certificate.PrivateKey)
        {
            Require(LibSsl.SSL_CTX_use_PrivateKey_ASN1(LibSsl.KeyTypeEc, handle, der, new(certificate.PrivateKey.Length)) == 1);
        }
    }

    private nint Control(int command, int argument) => LibSsl.SSL_CTX_ctrl(handle, command, new(argument), null).Value;

    /// <summary>Anybody may sign for himself: who it is, the fingerprint says, after the handshake.</summary>
    [UnmanagedCallersOnly]
    private static int AcceptAnyCertificate(nint storeContext, nint argument) => 1;

    private static void Require(bool succeeded)
    {
        if (!succeeded) throw new CryptographicException("This OpenSSL refuses what WebRTC needs: DTLS 1.2, use_srtp, ECDSA on P-256. OpenSSL 3.0 or later has it.");
    }
}
