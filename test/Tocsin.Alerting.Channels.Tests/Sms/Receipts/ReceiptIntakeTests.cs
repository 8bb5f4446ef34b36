using Microsoft.Extensions.Logging.Abstractions;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Channels.Sms;
using Tocsin.Alerting.Channels.Sms.Receipts;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms.Receipts;

public sealed class ReceiptIntakeTests
{
    private readonly RecordingInbox inbox = new();
    private readonly ManualTimeProvider time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Receipts_that_came_just_after_a_restart_are_read_again_once_the_form_of_the_ids_is_known()
    {
        var intake = Intake(MessageIdForm.Detect);
        await TakeAsync(intake, "43794");
        await TakeAsync(intake, "43795");
        Assert.Equal(["43794", "43795"], Ids);

        // The first message after the restart, and its receipt.
        intake.Remember("0000ab14");
        await TakeAsync(intake, "43796");
        Assert.Equal(["43794", "43795", "0000ab14", "0000ab12", "0000ab13"], Ids);
    }

    [Fact]
    public async Task Receipts_misread_by_a_form_found_by_chance_are_read_again_when_it_is_revised()
    {
        var intake = Intake(MessageIdForm.Detect);
        intake.Remember("0000479a");
        await TakeAsync(intake, "00018330");
        await TakeAsync(intake, "00018331");
        Assert.Equal(["0000479a", "0000479b"], Ids);

        await TakeAsync(intake, "0001833a");
        Assert.Equal(["0001833a", "00018330", "00018331"], Ids.Skip(2));
    }

    [Fact]
    public async Task Receipts_that_the_inbox_could_not_keep_when_they_were_read_again_are_read_again_with_the_next()
    {
        var intake = Intake(MessageIdForm.Detect, new FailingOnce(inbox, "0000ab12"));
        await TakeAsync(intake, "43794");
        intake.Remember("0000ab14");
        Assert.False(await intake.TakeAsync(Receipt("43796"), Cancellation));
        Assert.DoesNotContain("0000ab12", Ids);

        await TakeAsync(intake, "43796");
        Assert.Contains("0000ab12", Ids);
    }

    [Fact]
    public async Task Configured_form_reads_nothing_again()
    {
        var intake = Intake(MessageIdForm.HexadecimalThenDecimal);
        await TakeAsync(intake, "171");
        intake.Remember("ac");
        await TakeAsync(intake, "172");
        await TakeAsync(intake, "ac");
        Assert.Equal(["AB", "ac", "ac"], Ids);
    }

    /// <summary>A kill between the two lost it: after the restart nobody knew the first part, and the carrier did not bring the last one again. The text stayed "sent" for ever.</summary>
    [Fact]
    public async Task Receipt_of_a_last_part_that_comes_first_is_acknowledged_only_once_that_of_the_whole_text_is_kept()
    {
        var intake = Intake(MessageIdForm.Same);
        AddTextOfTwoParts(intake);
        var last = intake.TakeAsync(Receipt("part-2"), Cancellation).AsTask();
        using (inbox.HoldUp())
        {
            var first = intake.TakeAsync(Receipt("part-1"), Cancellation).AsTask();
            await Eventually.HoldsAsync(() => inbox.Receipts.Count == 1);

            // However long that takes; the first part's receipt means nothing after a restart, so it need not wait.
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.True(await Eventually.CompletesAsync(first));
            Assert.False(last.IsCompleted);
        }

        Assert.True(await Eventually.CompletesAsync(last));
        Assert.Equal(["part-2"], Ids);
        Assert.Equal(ReceiptState.Delivered, inbox.Receipts[0].State);
    }

    [Fact]
    public async Task Receipt_of_a_last_part_waits_two_seconds_for_the_others_at_most()
    {
        var intake = Intake(MessageIdForm.Same);
        AddTextOfTwoParts(intake);
        var last = intake.TakeAsync(Receipt("part-2"), Cancellation).AsTask();
        Assert.False(last.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await Eventually.CompletesAsync(last));
        Assert.Empty(Ids);

        await TakeAsync(intake, "part-1");
        Assert.Equal(["part-2"], Ids);
    }

    /// <summary>It was taken for a stranger's; the text then waited for it for ever.</summary>
    [Fact]
    public async Task Receipt_of_a_part_that_overtakes_the_answer_to_that_part_counts()
    {
        var intake = Intake(MessageIdForm.Same);
        await TakeAsync(intake, "part-1");
        AddTextOfTwoParts(intake);
        await TakeAsync(intake, "part-2");
        Assert.Equal(["part-1", "part-2"], Ids);
    }

    private static void AddTextOfTwoParts(ReceiptIntake intake)
    {
        var text = new SplitText(2);
        intake.Add(text, 0, "part-1");
        intake.Add(text, 1, "part-2");
        intake.End(text, accepted: true);
    }

    private IEnumerable<string?> Ids => inbox.Receipts.Select(receipt => receipt.ProviderMessageId);

    private ReceiptIntake Intake(MessageIdForm form, IChannelInbox? into = null) =>
        new(new SmsProviderOptions { Id = "sms-1", MessageIdForm = form }, into ?? inbox, time, NullLogger.Instance);

    private static CarrierReceipt Receipt(string id) => new(id, MessageState.Delivered, null, null);

    private static async Task TakeAsync(ReceiptIntake intake, string id) => Assert.True(await intake.TakeAsync(Receipt(id), Cancellation));

    /// <summary>As a full disk would, the first time that it is given this id.</summary>
    private sealed class FailingOnce(IChannelInbox inner, string messageId) : IChannelInbox
    {
        private bool failed;

        public ValueTask TakeReceiptAsync(DeliveryReceipt receipt, CancellationToken cancellationToken)
        {
            if (failed || receipt.ProviderMessageId != messageId)
                return inner.TakeReceiptAsync(receipt, cancellationToken);
            failed = true;
            throw new IOException("The test made this inbox fail.");
        }

        public ValueTask TakeReplyAsync(InboundReply reply, CancellationToken cancellationToken) => inner.TakeReplyAsync(reply, cancellationToken);
    }
}
