using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tocsin.Media.Engine.Dtls;

/// <summary>A self-signed certificate with its key, ECDSA on P-256. Its name and dates mean nothing: its fingerprint goes by signalling.</summary>
/// <remarks>RFC 8827 section 6.5. Made anew at each start of the host, and never written anywhere.</remarks>
public sealed class DtlsCertificate
{
    private DtlsCertificate(byte[] certificate, byte[] privateKey)
    {
        Certificate = certificate;
        PrivateKey = privateKey;
        Fingerprint = DtlsFingerprint.OfCertificate(certificate);
    }

    public DtlsFingerprint Fingerprint { get; }

    /// <summary>DER.</summary>
    internal byte[] Certificate { get; }

    /// <summary>DER, RFC 5915.</summary>
    internal byte[] PrivateKey { get; }

    /// <param name="today">From when on it is valid, less a day; and for a year.</param>
    public static DtlsCertificate Create(DateTimeOffset today)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tocsin", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(today.AddDays(-1), today.AddYears(1));
        return new(certificate.RawData, key.ExportECPrivateKey());
    }
}
