using Tocsin.Alerting.Channels.Sms.Receipts;

namespace Tocsin.Alerting.Channels.Tests.Sms.Receipts;

public sealed class SplitTextTests
{
    private static readonly FailureReason Undeliverable = new(FailureCodes.Undeliverable, "UNDELIV 1");

    [Fact]
    public void Text_is_delivered_once_all_parts_are_in_any_order()
    {
        var text = new SplitText(3);
        Assert.Equal(new WholeText(ReceiptState.Enroute, null, false), text.Report(2, ReceiptState.Delivered, null));
        Assert.Equal(new WholeText(ReceiptState.Enroute, null, false), text.Report(2, ReceiptState.Delivered, null));
        Assert.Equal(new WholeText(ReceiptState.Enroute, null, false), text.Report(0, ReceiptState.Delivered, null));
        Assert.Equal(new WholeText(ReceiptState.Delivered, null, true, IsLeftToLast: true), text.Report(1, ReceiptState.Delivered, null));
    }

    [Fact]
    public void Part_that_completes_a_text_speaks_for_it_unless_the_last_part_waits()
    {
        var inOrder = new SplitText(2);
        inOrder.Report(0, ReceiptState.Delivered, null);
        Assert.Equal(new WholeText(ReceiptState.Delivered, null, true), inOrder.Report(1, ReceiptState.Delivered, null));

        var tooLate = new SplitText(2);
        tooLate.Report(1, ReceiptState.Delivered, null);
        Assert.Equal(new WholeText(ReceiptState.Enroute, null, false), tooLate.EndWait());
        Assert.Equal(new WholeText(ReceiptState.Delivered, null, true), tooLate.Report(0, ReceiptState.Delivered, null));
    }

    [Fact]
    public void Text_has_failed_as_soon_as_a_part_has_and_stays_so()
    {
        var text = new SplitText(2);
        Assert.Equal(new WholeText(ReceiptState.Failed, Undeliverable, false), text.Report(0, ReceiptState.Failed, Undeliverable));
        Assert.Equal(new WholeText(ReceiptState.Failed, Undeliverable, false), text.Report(0, ReceiptState.Delivered, null));
        Assert.Equal(new WholeText(ReceiptState.Failed, Undeliverable, true), text.Report(1, ReceiptState.Delivered, null));
    }

    [Fact]
    public void Ledger_forgets_the_oldest_parts_first_and_those_of_a_text_when_asked()
    {
        var ledger = new PartLedger(mostParts: 4);
        var texts = Enumerable.Range(0, 3).Select(_ => new SplitText(2)).ToArray();
        for (var i = 0; i < texts.Length; i++)
        {
            for (var part = 0; part < 2; part++)
            {
                texts[i].PartIds[part] = $"{i}.{part}";
                ledger.Add(texts[i], part, $"{i}.{part}");
            }
        }

        Assert.Equal(4, ledger.Count);
        Assert.Null(ledger.Find("0.1"));
        Assert.Equal((texts[2], 1), ledger.Find("2.1"));

        ledger.Forget(texts[2]);
        Assert.Null(ledger.Find("2.1"));
        Assert.Equal((texts[1], 0), ledger.Find("1.0"));
        Assert.Equal(2, ledger.Count);
    }
}
