using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>What the specification suite does not ask: several relays, whose fault a refusal is, and what is said to a relay.</summary>
public sealed class SmtpChannelTests : IDisposable
{
    private readonly ManualTimeProvider time = new();
    private readonly RecordedLog log = new();

    public void Dispose() => log.Dispose();

    [Fact]
    public async Task Relay_that_refuses_us_is_passed_over_for_one_that_does_not()
    {
        await using var refusing = new ScriptedRelay(("", "554 5.7.1 Your address is on a list"));
        await using var working = new ScriptedRelay();
        await using var channel = Channel(refusing, working);

        var accepted = Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));

        Assert.Equal("relay-2", accepted.ProviderId);
        Assert.Equal(new ChannelHealth(ChannelHealthState.Degraded, "greeting-refused"), channel.Health);
    }

    [Theory]
    [InlineData("MAIL", "530 5.7.0 Authenticate first")]
    [InlineData("MAIL", "451 4.3.0 Out of order")]
    [InlineData("RCPT", "554 5.7.1 Relay access denied")]
    [InlineData("DATA", "503 5.5.1 Bad sequence")]
    [InlineData(".", "550 5.7.1 Policy")]
    [InlineData("EHLO", "421 4.3.2 Closing")]
    [InlineData("MAIL", "421 4.3.2 Closing")]
    [InlineData("", "SSH-2.0-OpenSSH_9.2p1")]
    [InlineData("MAIL", null)]
    [InlineData("DATA", null)]
    public async Task What_is_not_the_recipients_fault_fails_over(string command, string? reply)
    {
        await using var bad = new ScriptedRelay((command, reply));
        await using var good = new ScriptedRelay();
        await using var channel = Channel(bad, good);

        Assert.Equal("relay-2", Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel)).ProviderId);
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 Unknown", FailureCodes.AddressUnknown)]
    [InlineData(".", "554 5.6.0 Content refused", FailureCodes.CarrierRefused)]
    public async Task What_is_the_recipients_fault_does_not(string command, string reply, string code)
    {
        await using var first = new ScriptedRelay((command, reply));
        await using var second = new ScriptedRelay();
        await using var channel = Channel(first, second);

        var rejected = Assert.IsType<DeliveryOutcome.Rejected>(await SendAsync(channel));

        Assert.Equal(new FailureReason(code, reply[..9]), rejected.Reason);
        Assert.Empty(second.Heard);
    }

    [Fact]
    public async Task Greylisted_mail_is_tried_later_and_the_connection_goes_on()
    {
        await using var relay = new ScriptedRelay(("RCPT", "450 4.7.1 Greylisted"));
        await using var channel = Channel(relay);

        var retry = Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(channel));
        relay.Say("RCPT", "250 2.1.5 OK");
        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));

        Assert.Equal(new FailureReason(FailureCodes.CarrierThrottled, "450 4.7.1"), retry.Reason);
        Assert.Equal(1, relay.Connections);
        // The relay said 354 though it had no recipient, so it got an empty message, which ends the transaction (RFC 2920 section 3.1).
        Assert.Equal(["EHLO", "MAIL", "RCPT", "DATA", ".", "MAIL", "RCPT", "DATA", "."], Commands(relay));
    }

    [Fact]
    public async Task Transaction_that_was_refused_half_way_is_reset_before_the_next()
    {
        await using var relay = new ScriptedRelay(("RCPT", "450 4.7.1 Greylisted"), ("DATA", "554 5.5.1 No recipient"));
        await using var channel = Channel(relay);

        Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(channel));
        relay.Say("RCPT", "250 2.1.5 OK");
        relay.Say("DATA", "354 Go on");
        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));

        Assert.Equal(["EHLO", "MAIL", "RCPT", "DATA", "RSET", "MAIL", "RCPT", "DATA", "."], Commands(relay));
    }

    [Fact]
    public async Task Relay_without_pipelining_hears_one_command_at_a_time()
    {
        await using var relay = new ScriptedRelay(("EHLO", "250 relay.example"), ("RCPT", "550 5.1.1 Unknown"));
        await using var channel = Channel(relay);

        Assert.IsType<DeliveryOutcome.Rejected>(await SendAsync(channel));
        relay.Say("RCPT", "250 2.1.5 OK");
        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));

        Assert.Equal(["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA", "."], Commands(relay));
    }

    [Fact]
    public async Task Relay_that_knows_no_extension_is_greeted_the_old_way()
    {
        await using var relay = new ScriptedRelay(("EHLO", "502 5.5.1 Unknown"));
        await using var channel = Channel(relay);

        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));

        Assert.Equal(["EHLO", "HELO", "MAIL", "RCPT", "DATA", "."], Commands(relay));
    }

    [Fact]
    public async Task Envelope_sender_names_the_delivery_and_sizes_and_reports_are_asked_for_where_offered()
    {
        await using var relay = new ScriptedRelay(("EHLO", "250-relay.example\r\n250-SIZE\r\n250-DSN\r\n250 PIPELINING"));
        await using var channel = Channel(relay);

        await SendAsync(channel);

        Assert.Matches(@"^MAIL FROM:<retour\+b3mv-[a-z2-7]{16}@tocsin\.example> SIZE=[0-9]+ RET=HDRS ENVID=b3mv-[a-z2-7]{16}$", relay.Heard[1]);
        Assert.Equal("RCPT TO:<camille.garnier@chu.example> NOTIFY=FAILURE,DELAY", relay.Heard[2]);
    }

    [Fact]
    public async Task Address_in_another_script_needs_a_relay_that_carries_it()
    {
        await using var without = new ScriptedRelay();
        await using var with = new ScriptedRelay(("EHLO", "250-relay.example\r\n250 SMTPUTF8"));
        await using var both = Channel(without, with);
        await using var one = Channel(without);
        var message = Messages.French with { Address = "aurélie@chu.example" };

        var rejected = Assert.IsType<DeliveryOutcome.Rejected>(await SendAsync(one, message));
        Assert.Equal("relay-2", Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(both, message)).ProviderId);

        Assert.Equal(FailureCodes.AddressInvalid, rejected.Reason.Code);
        Assert.EndsWith(" SMTPUTF8", with.Heard[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_that_is_larger_than_a_relay_takes_is_not_sent_to_it()
    {
        await using var relay = new ScriptedRelay(("EHLO", "250-relay.example\r\n250 SIZE 100"));
        await using var channel = Channel(relay);

        var rejected = Assert.IsType<DeliveryOutcome.Rejected>(await SendAsync(channel));

        Assert.Equal(FailureCodes.MessageTooLarge, rejected.Reason.Code);
        Assert.Equal(["EHLO"], Commands(relay));
    }

    [Fact]
    public async Task Connection_that_the_relay_closed_while_it_was_idle_costs_nothing()
    {
        await using var relay = new ScriptedRelay();
        await using var channel = Channel(relay);
        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));

        relay.CloseConnections();

        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));
        Assert.Equal(2, relay.Connections);
    }

    [Fact]
    public async Task Idle_connection_is_closed_with_a_farewell()
    {
        await using var relay = new ScriptedRelay();
        await using var channel = Channel(relay);
        await SendAsync(channel);

        // In small steps: the farewell has two seconds of this clock, and a slow machine needs some of its own to write it.
        await time.AdvanceUntilAsync(() => relay.Heard.Contains("QUIT", StringComparer.Ordinal), what: "the connection is closed");

        Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));
        Assert.Equal(2, relay.Connections);
    }

    [Fact]
    public async Task Connection_ends_after_as_many_mails_as_the_relay_likes()
    {
        await using var relay = new ScriptedRelay();
        await using var channel = Channel([relay], options => options.MaximumMessagesPerConnection = 3);

        for (var i = 0; i < 7; i++)
            Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(channel));

        Assert.Equal(3, relay.Connections);
    }

    [Fact]
    public async Task Relay_that_is_down_rests_longer_each_time_and_is_not_asked_meanwhile()
    {
        await using var relay = new ScriptedRelay(("", "421 4.3.2 Not now"));
        await using var channel = Channel(relay);
        var rests = new List<double>();

        for (var i = 0; i < 8; i++)
        {
            var retry = Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(channel));
            rests.Add(retry.After!.Value.TotalSeconds);
            Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(channel));
            Assert.Equal(i + 1, relay.Connections);
            time.Advance(retry.After.Value);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], rests);
    }

    [Fact]
    public async Task Silence_before_the_content_is_a_retry_because_the_relay_can_not_have_it()
    {
        await using var relay = new ScriptedRelay(("RCPT", "250-"));
        await using var channel = Channel(relay);

        var sending = channel.SendAsync(Messages.French, CancellationToken.None).AsTask();
        await Eventually.HoldsAsync(() => relay.Heard.Count > 2, "the relay has the envelope");
        await time.AdvanceUntilAsync(() => sending.IsCompleted, TimeSpan.FromSeconds(31), "the send times out");

        var retry = Assert.IsType<DeliveryOutcome.RetryAfter>(await sending);
        Assert.Equal(FailureCodes.CarrierTimeout, retry.Reason.Code);
    }

    [Fact]
    public async Task Mails_that_wait_share_round_trips()
    {
        await using var relay = new ScriptedRelay();
        await using var channel = Channel([relay], options =>
        {
            options.MaximumConnections = 1;
            options.EnvelopesAhead = 1;
        });

        Assert.Equal(2, channel.MaximumInFlight);
        var outcomes = await Eventually.CompletesAsync(Task.WhenAll(Enumerable.Range(1, 50).Select(n => channel.SendAsync(
            Messages.French with { DeliveryId = new DeliveryId(n), IdempotencyKey = $"d-{n}" },
            CancellationToken.None).AsTask())));

        Assert.All(outcomes, outcome => Assert.IsType<DeliveryOutcome.Accepted>(outcome));
        Assert.Equal(50, relay.Heard.Count(line => line == "."));
        Assert.Equal(1, relay.Connections);
    }

    [Fact]
    public async Task Mail_whose_envelope_was_sent_ahead_survives_the_end_of_the_one_before()
    {
        await using var relay = new ScriptedRelay((".", null));
        await using var channel = Channel([relay], options =>
        {
            options.MaximumConnections = 1;
            options.EnvelopesAhead = 1;
        });

        var outcomes = await Eventually.CompletesAsync(Task.WhenAll(Enumerable.Range(1, 6).Select(n => channel.SendAsync(
            Messages.French with { DeliveryId = new DeliveryId(n), IdempotencyKey = $"d-{n}" },
            CancellationToken.None).AsTask())));

        // Every one had its content sent, each on a connection of its own, and none was lost or refused on the way.
        Assert.All(outcomes, outcome => Assert.Equal(FailureCodes.ConnectionLost, Assert.IsType<DeliveryOutcome.OutcomeUnknown>(outcome).Reason.Code));
        Assert.Equal(6, relay.Heard.Count(line => line == "."));
    }

    [Fact]
    public async Task Words_smuggled_in_behind_starttls_end_the_connection()
    {
        await using var relay = new ScriptedRelay(("EHLO", "250-relay.example\r\n250 STARTTLS"), ("STAR", "220 Go on\r\n250-relay.example\r\n250 AUTH PLAIN"));
        await using var channel = Channel([relay], options => options.Security = SmtpSecurity.StartTls);

        var retry = Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(channel));

        Assert.Equal("data before TLS", retry.Reason.CarrierCode);
    }

    [Theory]
    [InlineData("not an address", "127.0.0.1", 25, "email: 'from' is not a mail address")]
    [InlineData("a@b.example", "", 25, "email: relay 'relay-1' has no valid host")]
    [InlineData("a@b.example", "127.0.0.1", 0, "email: relay 'relay-1' has no valid port")]
    public void Configuration_that_can_not_be_meant_is_named(string from, string host, int port, string error)
    {
        var options = new SmtpChannelOptions { From = from, Relays = { new SmtpRelayOptions { Host = host, Port = port } } };

        Assert.Equal([error], options.FindErrors());
        Assert.Throws<ArgumentException>(() => new SmtpChannel(options, time, log));
    }

    [Fact]
    public void Password_in_clear_needs_the_administrators_word()
    {
        var relay = new SmtpRelayOptions { Host = "127.0.0.1", Security = SmtpSecurity.None, UserName = "tocsin", Password = "x" };
        var options = new SmtpChannelOptions { From = "a@b.example", Relays = { relay } };

        Assert.Single(options.FindErrors());
        relay.AllowAuthenticationWithoutTls = true;
        Assert.Empty(options.FindErrors());
    }

    [Fact]
    public async Task Without_a_relay_it_is_not_configured_and_says_so()
    {
        await using var channel = new SmtpChannel(new SmtpChannelOptions(), time, log);

        Assert.Equal(ChannelHealthState.NotConfigured, channel.Health.State);
        Assert.Equal(FailureCodes.NotConfigured, Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(channel)).Reason.Code);
    }

    private static IEnumerable<string> Commands(ScriptedRelay relay) => relay.Heard.Select(line => line[..Math.Min(4, line.Length)]);

    private static async Task<DeliveryOutcome> SendAsync(SmtpChannel channel, OutboundMessage? message = null) =>
        await Eventually.CompletesAsync(channel.SendAsync(message ?? Messages.French, CancellationToken.None).AsTask());

    private SmtpChannel Channel(params ScriptedRelay[] relays) => Channel(relays, _ => { });

    private SmtpChannel Channel(ScriptedRelay[] relays, Action<SmtpRelayOptions> adjust)
    {
        var options = new SmtpChannelOptions { From = "alerte@tocsin.example", BounceAddress = "retour@tocsin.example", TagKey = new byte[32] };
        foreach (var (relay, number) in relays.Select((relay, i) => (relay, i + 1)))
        {
            var relayOptions = new SmtpRelayOptions { Name = $"relay-{number}", Host = "127.0.0.1", Port = relay.Port, Security = SmtpSecurity.None };
            adjust(relayOptions);
            options.Relays.Add(relayOptions);
        }
        return new SmtpChannel(options, time, log);
    }
}
