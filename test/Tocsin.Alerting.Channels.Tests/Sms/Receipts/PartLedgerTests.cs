using System.Globalization;
using Tocsin.Alerting.Channels.Sms.Receipts;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms.Receipts;

public sealed class PartLedgerTests
{
    private const int Rounds = 50;
    private const int PartsOfAText = 2;

    /// <summary>Of a part, in octets: its share of the text. The dictionary and the queue keep some 50 more for its place, and the id as many as it is long.</summary>
    private const int MostForAPart = 220;

    [Fact]
    public void A_full_ledger_forgets_the_oldest_and_keeps_no_more_for_a_part_than_is_documented()
    {
        const int most = 1_000;
        var ledger = new PartLedger(most);
        string[] ids = [.. Enumerable.Range(0, 10 * most).Select(i => i.ToString("x16", CultureInfo.InvariantCulture))];
        var next = 0;
        while (next < 5 * most) AddText();
        Assert.Equal(most, ledger.Count);

        var octets = Allocation.Of(AddText) / (Rounds * PartsOfAText);
        TestContext.Current.TestOutputHelper?.WriteLine($"{octets} octets a part");
        Assert.InRange(octets, 1, MostForAPart);
        Assert.Equal(most, ledger.Count);
        Assert.Null(ledger.Find(ids[0]));

        void AddText()
        {
            var text = new SplitText(PartsOfAText);
            for (var part = 0; part < PartsOfAText; part++)
            {
                text.PartIds[part] = ids[next++ % ids.Length];
                ledger.Add(text, part, text.PartIds[part]!);
            }
        }
    }
}
