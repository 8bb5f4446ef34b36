using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Channels.Smtp.Inbound;
using Tocsin.Alerting.Content;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>The channel and the inbox against a mail server of the real world.</summary>
public sealed class OpenSmtpdTests : IAsyncLifetime
{
    private static readonly byte[] TagKey = "a key for the tags of this test"u8.ToArray();

    private readonly RecordingInbox received = new();
    private readonly RecordedLog log = new();
    private MailInbox? inbox;
    private OpenSmtpd? server;

    private OpenSmtpd Server => server!;

    public async ValueTask InitializeAsync()
    {
        inbox = new MailInbox(
            new MailInboxOptions { Listen = "127.0.0.1:0", BounceAddress = "retour@tocsin.example", TagKey = TagKey },
            received,
            TimeProvider.System,
            log);
        inbox.Start();
        server = await OpenSmtpd.StartAsync(inbox.EndPoint!.Port);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        if (inbox is not null)
            await inbox.DisposeAsync();
    }

    [Fact]
    public async Task Mail_arrives_in_the_mailbox_as_it_was_meant()
    {
        await using var channel = Channel();

        Assert.IsType<DeliveryOutcome.Accepted>(await Eventually.CompletesAsync(channel.SendAsync(Message() with { Mode = AlertMode.Exercise }, CancellationToken.None).AsTask()));

        var mail = MimePart.Read((await Server.DeliveredAsync(1)).Single());
        Assert.Equal("multipart/alternative", mail.MediaType);
        Assert.StartsWith("<retour+b3mv-", mail.Field("Return-Path"), StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Field("Auto-Submitted"));
        var (text, html) = (mail.Parts[0].DecodeText(), mail.Parts[1].DecodeText());
        Assert.StartsWith("EXERCICE", text, StringComparison.Ordinal);
        Assert.Contains("N’utilisez pas les ascenseurs.", text, StringComparison.Ordinal);
        Assert.Contains("https://tocsin.example/a/kqzv7w3m#answer-safe", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hundred_mails_share_connections_and_all_arrive()
    {
        await using var channel = Channel();

        var outcomes = await Eventually.CompletesAsync(Task.WhenAll(Enumerable.Range(1, 100).Select(n => channel.SendAsync(
            Message() with { DeliveryId = new DeliveryId(n), IdempotencyKey = $"d-{n}", Address = $"personne.{n}@chu.example" },
            CancellationToken.None).AsTask())));

        Assert.All(outcomes, outcome => Assert.IsType<DeliveryOutcome.Accepted>(outcome));
        var ids = (await Server.DeliveredAsync(100)).Select(mail => MimePart.Read(mail).Field("Message-ID"));
        Assert.Equal(100, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Report_of_an_unknown_user_comes_back_to_its_delivery()
    {
        await using var channel = Channel();

        var sent = await Eventually.CompletesAsync(channel.SendAsync(Message() with { Address = "partie@gone.example" }, CancellationToken.None).AsTask());

        Assert.IsType<DeliveryOutcome.Accepted>(sent);
        await Eventually.HoldsAsync(() => received.Receipts.Count > 0, "the report has come back");
        var receipt = received.Receipts[0];
        Assert.Equal((new DeliveryId(4711), ReceiptState.Failed), (receipt.DeliveryId, receipt.State));
        Assert.NotNull(receipt.Reason);
        Assert.Empty(log.Containing("partie"));
    }

    private static OutboundMessage Message() => Messages.French with { ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1) };

    private SmtpChannel Channel()
    {
        var relay = new SmtpRelayOptions { Host = "127.0.0.1", Port = Server.Port, Security = SmtpSecurity.Opportunistic, MaximumConnections = 4 };
        var options = new SmtpChannelOptions { From = "alerte@tocsin.example", BounceAddress = "retour@tocsin.example", TagKey = TagKey, Relays = { relay } };
        return new SmtpChannel(options, TimeProvider.System, log);
    }
}
