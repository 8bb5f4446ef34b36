using System.Runtime.InteropServices;

namespace Tocsin.Media.Engine.OpenSsl;

/// <summary>The functions of libssl that we call, under their own names; macros as the control they stand for.</summary>
internal static unsafe partial class LibSsl
{
    public const int ErrorNone = 0;
    public const int ErrorWantRead = 2;
    public const int ErrorZeroReturn = 6;

    public const int VerifyPeer = 1;
    public const int VerifyFailIfNoPeerCertificate = 2;

    public const ulong OptionNoQueryMtu = 1UL << 12;
    public const ulong OptionNoTicket = 1UL << 14;
    public const ulong OptionNoCompression = 1UL << 17;
    public const ulong OptionCipherServerPreference = 1UL << 22;
    public const ulong OptionNoRenegotiation = 1UL << 30;

    public const int ControlSetSessionCacheMode = 44;
    public const int ControlSetMaxCertificateList = 51;
    public const int ControlSetGroupsList = 92;
    public const int ControlSetLinkMtu = 120;
    public const int ControlSetMinProtocol = 123;
    public const int ControlSetMaxProtocol = 124;

    public const int Dtls12 = 0xFEFD;
    public const int KeyTypeEc = 408;

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial nint DTLS_server_method();

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial CLong SSL_CTX_ctrl(nint context, int command, CLong argument, void* pointer);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_CTX_set_verify(nint context, int mode, nint callback);

    /// <summary>Replaces all of OpenSSL's own verification of the chain.</summary>
    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_CTX_set_cert_verify_callback(nint context, delegate* unmanaged<nint, nint, int> callback, nint argument);

    [LibraryImport(OpenSslLibrary.Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_cipher_list(nint context, string ciphers);

    /// <summary>0 on success, unlike its neighbours.</summary>
    [LibraryImport(OpenSslLibrary.Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_tlsext_use_srtp(nint context, string profiles);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_CTX_use_certificate_ASN1(nint context, int length, byte* der);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_CTX_use_PrivateKey_ASN1(int keyType, nint context, byte* der, CLong length);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial nint SSL_new(nint context);

    /// <summary>Frees its two BIOs too.</summary>
    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial CLong SSL_ctrl(nint ssl, int command, CLong argument, void* pointer);

    /// <summary>Takes both BIOs over.</summary>
    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_set_bio(nint ssl, nint readBio, nint writeBio);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void DTLS_set_timer_cb(nint ssl, delegate* unmanaged<nint, uint, uint> callback);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_read(nint ssl, byte* buffer, int length);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_get_error(nint ssl, int result);

    /// <summary>The caller frees it.</summary>
    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial nint SSL_get1_peer_certificate(nint ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial SrtpProtectionProfile* SSL_get_selected_srtp_profile(nint ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_export_keying_material(
        nint ssl, byte* output, nuint outputLength, byte* label, nuint labelLength, byte* context, nuint contextLength, int useContext);

    /// <summary>struct srtp_protection_profile_st.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SrtpProtectionProfile
    {
        public nint Name;
        public CULong Id;
    }
}
