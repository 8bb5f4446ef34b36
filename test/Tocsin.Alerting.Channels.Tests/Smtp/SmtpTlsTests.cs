using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>TLS and authentication against the lab's mail server, with a certificate made for the test.</summary>
public sealed class SmtpTlsTests : IDisposable
{
    private const string UserName = "tocsin";
    private const string Password = "à l'abri 42";

    private readonly ScratchDirectory directory = new();
    private readonly RecordedLog log = new();
    private readonly ManualTimeProvider time = new();
    private readonly TestCertificate certificate;

    public SmtpTlsTests() => certificate = new TestCertificate(directory, "relay");

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(SmtpSecurity.StartTls, "PLAIN")]
    [InlineData(SmtpSecurity.StartTls, "LOGIN")]
    [InlineData(SmtpSecurity.Opportunistic, "PLAIN")]
    [InlineData(SmtpSecurity.Implicit, "PLAIN")]
    [InlineData(SmtpSecurity.Implicit, "LOGIN")]
    public async Task Mail_goes_through_tls_to_a_relay_that_a_known_authority_vouches_for(SmtpSecurity security, string method)
    {
        await using var server = await StartAsync(security, method);
        await using var channel = Channel(server, security, relay => relay.CertificateAuthorityFile = certificate.CertificateFile);

        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));

        Assert.Equal("Incendie au bloc opératoire B", (await server.MailsAsync()).Single().Subject);
    }

    [Fact]
    public async Task Pinned_key_alone_is_enough()
    {
        await using var server = await StartAsync(SmtpSecurity.StartTls, "PLAIN");
        await using var channel = Channel(server, SmtpSecurity.StartTls, relay => relay.PinnedPublicKeySha256 = certificate.PublicKeySha256);

        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));
    }

    [Fact]
    public async Task Relay_that_shows_another_certificate_gets_neither_password_nor_mail()
    {
        var stranger = new TestCertificate(directory, "stranger");
        await using var server = await StartAsync(SmtpSecurity.StartTls, "PLAIN");
        await using var pinned = Channel(server, SmtpSecurity.StartTls, relay => relay.PinnedPublicKeySha256 = stranger.PublicKeySha256);
        await using var signed = Channel(server, SmtpSecurity.StartTls, relay => relay.CertificateAuthorityFile = stranger.CertificateFile);
        await using var systems = Channel(server, SmtpSecurity.StartTls, _ => { });
        await using var otherName = Channel(server, SmtpSecurity.StartTls, relay =>
        {
            relay.CertificateAuthorityFile = certificate.CertificateFile;
            relay.Host = "localhost";
        });

        foreach (var channel in (SmtpChannel[])[pinned, signed, systems, otherName])
        {
            var retry = Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(channel));
            Assert.Equal(FailureCodes.CarrierUnavailable, retry.Reason.Code);
            Assert.Equal(new ChannelHealth(ChannelHealthState.Down, "tls-refused"), channel.Health);
        }
        Assert.Empty(await server.MailsAsync());
    }

    [Fact]
    public async Task Where_tls_is_required_and_not_offered_nothing_is_said()
    {
        await using var server = await ScriptableMailServer.StartAsync();
        await using var channel = Channel(server, SmtpSecurity.StartTls, relay => relay.UserName = "");

        Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(channel));

        Assert.Equal("tls-not-offered", channel.Health.ReasonCode);
        Assert.Empty(await server.MailsAsync());
    }

    [Fact]
    public async Task Where_tls_is_opportunistic_and_not_offered_the_password_stays_but_mail_without_one_goes()
    {
        await using var server = await ScriptableMailServer.StartAsync();
        await using var withPassword = Channel(server, SmtpSecurity.Opportunistic, _ => { });
        await using var without = Channel(server, SmtpSecurity.Opportunistic, relay => relay.UserName = "");

        Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(withPassword));
        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(without));
    }

    [Fact]
    public async Task Wrong_password_is_the_relays_refusal_and_not_the_recipients()
    {
        await using var server = await StartAsync(SmtpSecurity.StartTls, "PLAIN");
        await using var channel = Channel(server, SmtpSecurity.StartTls, relay =>
        {
            relay.CertificateAuthorityFile = certificate.CertificateFile;
            relay.Password = "not the password";
        });

        var retry = Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(channel));

        Assert.StartsWith("535", retry.Reason.CarrierCode, StringComparison.Ordinal);
        Assert.Equal("authentication-refused", channel.Health.ReasonCode);
        Assert.Empty(log.Containing("not the password"));
    }

    private static async Task<DeliveryOutcome> SendAsync(SmtpChannel channel) =>
        await Eventually.CompletesAsync(channel.SendAsync(Messages.French, CancellationToken.None).AsTask());

    private Task<ScriptableMailServer> StartAsync(SmtpSecurity security, string method) => ScriptableMailServer.StartAsync(
        "--tls", security == SmtpSecurity.Implicit ? "implicit" : "starttls",
        "--certificate", certificate.CertificateFile,
        "--key", certificate.KeyFile,
        "--user", UserName,
        "--password", Password,
        "--auth-method", method);

    private SmtpChannel Channel(ScriptableMailServer server, SmtpSecurity security, Action<SmtpRelayOptions> adjust)
    {
        var relay = new SmtpRelayOptions { Host = "127.0.0.1", Port = server.Port, Security = security, UserName = UserName, Password = Password };
        adjust(relay);
        return new SmtpChannel(new SmtpChannelOptions { From = "alerte@tocsin.example", Relays = { relay } }, time, log);
    }
}
