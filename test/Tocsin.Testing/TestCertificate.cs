using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tocsin.Testing;

/// <summary>A certificate made for this test, for 127.0.0.1, and its key, as PEM files that only their owner reads. It signs itself, so it is its own authority.</summary>
public sealed class TestCertificate
{
    public TestCertificate(ScratchDirectory directory, string name)
    {
        ArgumentNullException.ThrowIfNull(directory);
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        // From before the tests' clock begins until long after the real one: real servers look at theirs.
        using var certificate = request.CreateSelfSigned(ManualTimeProvider.DefaultStart.AddYears(-1), ManualTimeProvider.DefaultStart.AddYears(50));
        PublicKeySha256 = Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        CertificateFile = directory.File($"{name}.pem");
        KeyFile = directory.File($"{name}.key");
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    public string PublicKeySha256 { get; }
}
