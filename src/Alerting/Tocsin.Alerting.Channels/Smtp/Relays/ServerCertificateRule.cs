using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>Which certificates a relay may show: the pinned key alone, else those of one authority, else those of the system's.</summary>
/// <remarks>Nothing is fetched to decide: no revocation list and no missing intermediate. The machine calls only hosts that the administrator named.</remarks>
internal static class ServerCertificateRule
{
    public static SslClientAuthenticationOptions For(SmtpRelayOptions relay, TimeProvider time)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = time.GetLocalNow().DateTime,
        };
        policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (relay.CertificateAuthorityFile.Length > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPemFile(relay.CertificateAuthorityFile);
        }
        return new SslClientAuthenticationOptions
        {
            TargetHost = relay.Host,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = relay.PinnedPublicKeySha256.Length == 0 ? null : (_, certificate, _, _) => IsPinned(certificate, relay.PinnedPublicKeySha256),
        };
    }

    private static bool IsPinned(X509Certificate? certificate, string pin) =>
        certificate is X509Certificate2 shown
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(shown.PublicKey.ExportSubjectPublicKeyInfo()), Convert.FromHexString(pin));
}
