using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms;

public sealed class SmsOverTlsTests : SmsChannelFixture
{
    [Fact]
    public async Task Carrier_whose_certificate_the_given_authority_signed_is_spoken_to_over_tls()
    {
        using var directory = new ScratchDirectory();
        using var certificate = MakeCertificate();
        await File.WriteAllTextAsync(directory.File("authority.pem"), certificate.ExportCertificatePem());
        var provider = AddCentre(new StandInSmsCentre(certificate));
        provider.Tls = true;
        provider.TlsAuthorityFile = directory.File("authority.pem");
        await StartReadyAsync();

        await AcceptedAsync(Message(1));

        Assert.True(await Centre.SendReplyAsync("+33600000001", "1"));
    }

    [Fact]
    public async Task Carrier_whose_certificate_nobody_vouches_for_gets_neither_password_nor_message()
    {
        using var certificate = MakeCertificate();
        AddCentre(new StandInSmsCentre(certificate)).Tls = true;
        Start();

        await Eventually.HoldsAsync(() => Channel.Health == new ChannelHealth(ChannelHealthState.Down, "tls-failed"));

        Assert.Equal(0, Centre.BindsSeen);
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sms.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        // Through PKCS #12, because TLS on some systems cannot use a key that is in memory only.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }
}
