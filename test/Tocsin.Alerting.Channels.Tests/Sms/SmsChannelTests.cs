using System.Text;
using Tocsin.Alerting.Channels.Sms;
using Tocsin.Alerting.Channels.Sms.Smpp;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms;

public sealed class SmsChannelTests : SmsChannelFixture
{
    private static readonly string LongBody = string.Concat(Enumerable.Repeat("Quittez le bloc par la sortie nord. ", 10));

    [Fact]
    public async Task Submission_says_who_sends_how_long_it_is_of_use_and_asks_for_a_receipt()
    {
        AddCentre();
        await StartReadyAsync();

        await AcceptedAsync(Message(1));

        var submission = Assert.Single(Centre.Submissions);
        Assert.Equal(("38000", (byte)3, "+33600000001"), (submission.From, submission.FromTon, submission.To));
        Assert.Equal(("000000020000000R", (byte)1, (byte)0), (submission.Validity, submission.RegisteredDelivery, submission.DataCoding));
    }

    [Fact]
    public async Task Long_text_arrives_in_parts_that_make_it_up_again()
    {
        AddCentre();
        await StartReadyAsync();

        await AcceptedAsync(Message(1, LongBody));

        Assert.Equal(3, Centre.Submissions.Count);
        Assert.All(Centre.Submissions, part => Assert.Equal(EsmClass.UserDataHeader, part.EsmClass));
        Assert.Equal($"ALERTE CHU: Incendie\n{LongBody.Trim()}", (await Centre.TextsAsync()).Single());
    }

    [Fact]
    public async Task Text_that_needs_it_goes_in_ucs2()
    {
        AddCentre();
        await StartReadyAsync();

        await AcceptedAsync(Message(1, "Fenêtres fermées 🔥"));

        Assert.Equal(8, Centre.Submissions.Single().DataCoding);
        Assert.Equal("ALERTE CHU: Incendie\nFenêtres fermées 🔥", (await Centre.TextsAsync()).Single());
    }

    [Fact]
    public async Task Text_in_parts_is_accepted_only_once_all_parts_are()
    {
        AddCentre();
        await StartReadyAsync();
        await Centre.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.Accept, CarrierAnswer.StaySilent, CarrierAnswer.Accept);

        var sending = Channel.SendAsync(Message(1, LongBody), CancellationToken.None).AsTask();
        await Eventually.HoldsAsync(() => Centre.Submissions.Count == 3, "all parts are there");
        Assert.False(sending.IsCompleted);
        await Centre.BreakSilenceAsync();

        Assert.IsType<DeliveryOutcome.Accepted>(await Eventually.CompletesAsync(sending));
    }

    [Fact]
    public async Task Text_one_part_of_which_is_refused_is_refused()
    {
        AddCentre();
        await StartReadyAsync();
        await Centre.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.Accept, CarrierAnswer.Refuse);

        Assert.IsType<DeliveryOutcome.Rejected>(await SendAsync(Message(1, LongBody)));
    }

    [Fact]
    public async Task Text_is_delivered_once_all_its_parts_are_and_goes_by_the_id_of_the_last()
    {
        AddCentre();
        await StartReadyAsync();
        var accepted = await AcceptedAsync(Message(1, LongBody));
        Assert.Equal("m3", accepted.ProviderMessageId);

        // The last part's is acknowledged with the whole text's: it is the only one that still means something after a restart.
        var last = Centre.SendReceiptAsync("m3", "DELIVRD").AsTask();
        Assert.True(await Centre.SendReceiptAsync("m1", "DELIVRD"));
        Assert.Empty(Inbox.Receipts);
        Assert.True(await Centre.SendReceiptAsync("m2", "DELIVRD"));
        Assert.True(await Eventually.CompletesAsync(last));

        var receipt = Assert.Single(Inbox.Receipts);
        Assert.Equal(("sms-1", "m3", ReceiptState.Delivered), (receipt.ProviderId, receipt.ProviderMessageId, receipt.State));
    }

    [Fact]
    public async Task Text_has_failed_as_soon_as_one_of_its_parts_has()
    {
        AddCentre();
        await StartReadyAsync();
        await AcceptedAsync(Message(1, LongBody));

        Assert.True(await Centre.SendReceiptAsync("m1", "UNDELIV"));
        Assert.True(await Centre.SendReceiptAsync("m2", "DELIVRD"));
        Assert.True(await Centre.SendReceiptAsync("m3", "DELIVRD"));

        Assert.NotEmpty(Inbox.Receipts);
        Assert.All(Inbox.Receipts, receipt => Assert.Equal(("m3", ReceiptState.Failed), (receipt.ProviderMessageId, receipt.State)));
    }

    [Fact]
    public async Task Receipt_of_the_last_part_still_speaks_for_the_text_after_a_restart()
    {
        AddCentre();
        await StartReadyAsync();
        var accepted = await AcceptedAsync(Message(1, LongBody));
        await StopAsync();
        await StartReadyAsync();

        Assert.True(await Centre.SendReceiptAsync(accepted.ProviderMessageId!, "DELIVRD"));

        var receipt = Assert.Single(Inbox.Receipts);
        Assert.Equal((accepted.ProviderMessageId, ReceiptState.Delivered), (receipt.ProviderMessageId, receipt.State));
    }

    [Fact]
    public async Task Receipt_of_a_part_that_overtakes_the_answer_to_another_waits_for_it()
    {
        AddCentre();
        await StartReadyAsync();
        await Centre.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.Accept, CarrierAnswer.Accept, CarrierAnswer.StaySilent);
        var sending = Channel.SendAsync(Message(1, LongBody), CancellationToken.None).AsTask();
        await Eventually.HoldsAsync(() => Centre.Submissions.Count == 3);
        var first = Centre.SendReceiptAsync("m1", "UNDELIV").AsTask();
        Assert.True(await Centre.SendReceiptAsync("unrelated", "DELIVRD"));
        Assert.False(first.IsCompleted);

        await Centre.BreakSilenceAsync();

        Assert.IsType<DeliveryOutcome.Accepted>(await Eventually.CompletesAsync(sending));
        Assert.True(await Eventually.CompletesAsync(first));
        Assert.Contains(Inbox.Receipts, receipt => (receipt.ProviderMessageId, receipt.State) == ("m3", ReceiptState.Failed));
    }

    [Fact]
    public async Task Ids_that_are_hexadecimal_in_answers_and_decimal_in_receipts_are_matched()
    {
        AddCentre(new StandInSmsCentre { NameMessage = n => $"{0xABC0 + n:X8}" });
        await StartReadyAsync();
        var accepted = await AcceptedAsync(Message(1));

        Assert.True(await Centre.SendReceiptAsync($"{0xABC1}", "DELIVRD"));

        Assert.Equal(accepted.ProviderMessageId, Inbox.Receipts.Single().ProviderMessageId);
    }

    [Fact]
    public async Task Reply_in_parts_is_one_reply_and_no_part_is_acknowledged_before_it_is_kept()
    {
        AddCentre();
        await StartReadyAsync();
        Inbox.FailNext(1);
        byte[] first = [0x05, 0x00, 0x03, 0x09, 0x02, 0x01, .. "1 je suis "u8], second = [0x05, 0x00, 0x03, 0x09, 0x02, 0x02, .. "au garage"u8];

        var firstAnswer = Centre.DeliverAsync(EsmClass.UserDataHeader, "+33600000007", 0, first);
        Assert.Equal(CommandStatus.TemporaryApplicationError, await Centre.DeliverAsync(EsmClass.UserDataHeader, "+33600000007", 0, second));
        Assert.False(firstAnswer.IsCompleted);
        Assert.Equal(CommandStatus.Ok, await Centre.DeliverAsync(EsmClass.UserDataHeader, "+33600000007", 0, second));

        Assert.Equal(CommandStatus.Ok, await Eventually.CompletesAsync(firstAnswer));
        Assert.Equal(["1 je suis au garage", "1 je suis au garage"], Inbox.Replies.Select(reply => reply.Text));
        Assert.Single(Inbox.Replies.Select(reply => reply.DeduplicationKey).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Carrier_that_sends_one_part_at_a_time_is_not_kept_waiting_for_ever()
    {
        AddCentre();
        await StartReadyAsync();
        var answer = Centre.DeliverAsync(EsmClass.UserDataHeader, "+33600000007", 0, [0x05, 0x00, 0x03, 0x09, 0x02, 0x01, .. "1 je"u8]);

        await Time.AdvanceUntilAsync(() => answer.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.Equal(CommandStatus.Ok, await answer);
        Assert.Empty(Inbox.Replies);

        await Time.AdvanceUntilAsync(() => Inbox.Replies.Count == 1, TimeSpan.FromSeconds(10), "what there is of the reply goes on");
        Assert.Equal("1 je[...]", Inbox.Replies[0].Text);
    }

    [Fact]
    public async Task Message_goes_to_the_next_provider_at_once_where_the_first_did_not_take_it()
    {
        AddCentre().Weight = 1000;
        AddCentre();
        await StartReadyAsync();

        foreach (var answer in (CarrierAnswer[])[CarrierAnswer.Refuse, CarrierAnswer.Throttle])
        {
            await Centres[0].ScriptAsync(CarrierAnswer.Accept, answer);
            Assert.Equal("sms-2", (await AcceptedAsync(Message(1))).ProviderId);
        }

        Assert.Equal(2, Centres[1].Submissions.Count);
    }

    [Fact]
    public async Task Message_that_the_first_provider_may_have_taken_goes_to_no_other()
    {
        AddCentre().Weight = 1000;
        AddCentre();
        await StartReadyAsync();
        await Centres[0].ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.HangUp);

        Assert.IsType<DeliveryOutcome.OutcomeUnknown>(await SendAsync(Message(1)));

        Assert.Empty(Centres[1].Submissions);
    }

    [Fact]
    public async Task Provider_that_is_down_is_passed_over_and_shows()
    {
        AddCentre().Weight = 1000;
        AddCentre();
        await StartReadyAsync();
        await Centres[0].GoDownAsync();
        await StateAsync(ChannelHealthState.Degraded);

        Assert.Equal("sms-2", (await AcceptedAsync(Message(1))).ProviderId);
        Assert.Equal(new ChannelHealth(ChannelHealthState.Degraded, "some-providers-down"), Channel.Health);

        await Centres[0].ComeBackAsync();
        await StateAsync(ChannelHealthState.Ready);
        Assert.Equal("sms-1", (await AcceptedAsync(Message(2))).ProviderId);
    }

    [Fact]
    public async Task Messages_are_shared_by_weight()
    {
        AddCentre().Weight = 3;
        AddCentre().Weight = 1;
        await StartReadyAsync();

        for (var n = 1; n <= 40; n++)
            await AcceptedAsync(Message(n));

        Assert.Equal((30, 10), (Centres[0].Submissions.Count, Centres[1].Submissions.Count));
    }

    [Fact]
    public async Task Throttled_provider_is_left_alone_for_as_long_as_it_says()
    {
        AddCentre();
        await StartReadyAsync();
        await Centre.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.Throttle);
        await SendAsync(Message(1));

        var told = Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(Message(2)));
        Assert.InRange(told.After!.Value.TotalSeconds, 0.9, 1.25);
        Assert.Single(Centre.Submissions);
        Assert.Equal(new ChannelHealth(ChannelHealthState.Degraded, "throttled"), Channel.Health);

        Time.Advance(told.After.Value);
        await AcceptedAsync(Message(2));
        Assert.Equal(ChannelHealthState.Ready, Channel.Health.State);
    }

    [Fact]
    public async Task Contracts_throughput_is_kept()
    {
        AddCentre().ThroughputPerSecond = 10;
        await StartReadyAsync();
        var sends = Enumerable.Range(1, 6).Select(n => Channel.SendAsync(Message(n), CancellationToken.None).AsTask()).ToList();

        var started = Time.GetTimestamp();
        await Time.AdvanceUntilAsync(() => sends.TrueForAll(send => send.IsCompleted), TimeSpan.FromMilliseconds(10));

        // Two may go at once (a tenth of a second's worth and the one that is due); four more take a tenth each. The clock may run ahead of the socket, so only far too slow is told from right.
        Assert.InRange(Time.GetElapsedTime(started).TotalSeconds, 0.39, 20);
        Assert.Equal(6, Centre.Submissions.Count);
    }

    [Fact]
    public async Task Refused_bind_is_said_and_tried_again_slowly()
    {
        AddCentre(new StandInSmsCentre { BindStatus = CommandStatus.InvalidPassword });
        Start();

        await Eventually.HoldsAsync(() => Channel.Health == new ChannelHealth(ChannelHealthState.Down, "bind-refused"));
        Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(1, Centre.BindsSeen);

        Centre.BindStatus = CommandStatus.Ok;
        await StateAsync(ChannelHealthState.Ready);
    }

    [Fact]
    public async Task Silent_connection_is_tried_and_given_up_where_nobody_answers()
    {
        AddCentre();
        await StartReadyAsync();
        Time.Advance(TimeSpan.FromSeconds(31));
        await Eventually.HoldsAsync(() => Centre.EnquireLinksSeen == 1, "the link is tried");

        Centre.IgnoresEnquireLink = true;
        await Time.AdvanceUntilAsync(() => Channel.Health.State == ChannelHealthState.Down, TimeSpan.FromSeconds(5), "the link is given up");

        Centre.IgnoresEnquireLink = false;
        await StateAsync(ChannelHealthState.Ready);
        Assert.Equal(2, Centre.BindsSeen);
    }

    [Fact]
    public async Task Late_answer_of_a_message_that_timed_out_confuses_nothing()
    {
        AddCentre().Window = 1;
        await StartReadyAsync();
        await Centre.ScriptAsync(CarrierAnswer.Accept, CarrierAnswer.StaySilent);
        var late = Channel.SendAsync(Message(1), CancellationToken.None).AsTask();
        await Eventually.HoldsAsync(() => Centre.Submissions.Count == 1);
        Time.Advance(TimeSpan.FromSeconds(16));
        Assert.IsType<DeliveryOutcome.OutcomeUnknown>(await Eventually.CompletesAsync(late));

        await Centre.BreakSilenceAsync();

        Assert.Equal("m2", (await AcceptedAsync(Message(2))).ProviderMessageId);
        Assert.Equal(ChannelHealthState.Ready, Channel.Health.State);
    }

    [Fact]
    public async Task Channel_that_stops_unbinds()
    {
        AddCentre();
        await StartReadyAsync();
        await StopAsync();
        Assert.Equal(1, Centre.UnbindsSeen);
    }

    [Fact]
    public async Task Answer_to_a_message_under_way_is_waited_for_when_the_channel_stops()
    {
        AddCentre();
        await StartReadyAsync();
        await Centre.ScriptAsync(CarrierAnswer.StaySilent);
        var sending = Channel.SendAsync(Message(1), CancellationToken.None).AsTask();
        await Eventually.HoldsAsync(() => Centre.Submissions.Count == 1);

        var closing = Channel.DisposeAsync().AsTask();
        await Centre.BreakSilenceAsync();

        Assert.IsType<DeliveryOutcome.Accepted>(await Eventually.CompletesAsync(sending));
        await Eventually.CompletesAsync(closing);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 4, 0, 0, 0, 5 })]
    [InlineData(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1 })]
    [InlineData(new byte[] { (byte)'G', (byte)'E', (byte)'T', (byte)' ', (byte)'/', (byte)' ', (byte)'H', (byte)'T', (byte)'T', (byte)'P', (byte)'/', (byte)'1', (byte)'.', (byte)'1', (byte)'\r', (byte)'\n' })]
    public async Task Octets_that_are_no_pdu_end_the_session_and_nothing_else(byte[] octets)
    {
        AddCentre();
        await StartReadyAsync();

        await Centre.WriteAsync([.. octets, .. new byte[16]]);
        await Eventually.HoldsAsync(() => Channel.Health.State == ChannelHealthState.Down, "the session ends");

        await StateAsync(ChannelHealthState.Ready);
        await AcceptedAsync(Message(1));
    }

    [Fact]
    public async Task Unknown_request_and_malformed_delivery_are_refused_and_the_session_goes_on()
    {
        AddCentre();
        await StartReadyAsync();

        await Centre.WriteAsync([0, 0, 0, 16, 0, 0, 0x77, 0x77, 0, 0, 0, 0, 0, 0, 0, 1]);
        await Centre.WriteAsync([0, 0, 0, 18, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]);
        await Centre.WriteAsync([0, 0, 0, 16, 0x80, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0x99, 0x99]);

        await AcceptedAsync(Message(1));
        Assert.Equal(1, Centre.BindsSeen);
    }

    [Fact]
    public async Task Receipt_of_an_unknown_message_and_binary_content_are_acknowledged()
    {
        AddCentre();
        await StartReadyAsync();

        Assert.True(await Centre.SendReceiptAsync("never-given", "DELIVRD"));
        Assert.Equal(CommandStatus.Ok, await Centre.DeliverAsync(EsmClass.DeliveryReceipt, "+33600000001", 0, Encoding.ASCII.GetBytes("no receipt at all")));
        Assert.Equal("never-given", Inbox.Receipts.Single().ProviderMessageId);
    }

    [Fact]
    public async Task Flood_of_receipts_is_put_off_past_a_bound_while_messages_go_on()
    {
        AddCentre();
        await StartReadyAsync();
        using var keeping = Inbox.HoldUp();

        var answers = Enumerable.Range(0, 1_500).Select(n => Centre.DeliverAsync(EsmClass.DeliveryReceipt, "+33600000001", 0, Encoding.ASCII.GetBytes($"id:r{n} stat:DELIVRD"))).ToList();
        await Eventually.HoldsAsync(() => answers.Count(answer => answer.IsCompleted) == 1_500 - 1_024, "what is past the bound is put off");
        await AcceptedAsync(Message(1));

        keeping.Dispose();
        var statuses = await Eventually.CompletesAsync(Task.WhenAll(answers));
        Assert.Equal((1_024, 476), (statuses.Count(status => status == CommandStatus.Ok), statuses.Count(status => status == CommandStatus.MessageQueueFull)));
    }

    [Fact]
    public async Task Without_providers_the_channel_says_that_it_is_not_configured()
    {
        Start();
        Assert.Equal(new ChannelHealth(ChannelHealthState.NotConfigured, "not-configured"), Channel.Health);
        Assert.Equal(FailureCodes.NotConfigured, Assert.IsType<DeliveryOutcome.RetryAfter>(await SendAsync(Message(1))).Reason.Code);
    }
}
