using System.Globalization;
using Tocsin.Alerting.Channels.Sms;
using Tocsin.Alerting.Channels.Sms.Receipts;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms.Receipts;

public sealed class MessageIdMatcherTests
{
    private readonly MessageIdMatcher detecting = new(MessageIdForm.Detect);

    [Theory]
    [InlineData("1A2B3C", "1A2B3C", "1A2B3C")]
    [InlineData("1A2B3C", "1a2b3c", "1A2B3C")]
    [InlineData("1A2B3C", "001A2B3C", "1A2B3C")]
    [InlineData("0000000042", "42", "0000000042")]
    [InlineData("1A2B3C", "1715004", "1A2B3C")]
    [InlineData("00001a2b", "6699", "00001a2b")]
    [InlineData("1715004", "1A2B3C", "1715004")]
    [InlineData("01957a10-0000-7000", "01957a10-0000-7000", "01957a10-0000-7000")]
    public void Id_in_a_receipt_is_matched_with_the_one_that_was_given(string given, string receipted, string matched)
    {
        detecting.Remember(given);
        Assert.Equal(matched, detecting.Match(receipted));
    }

    [Fact]
    public void Id_that_was_never_given_stays_as_it_is() => Assert.Equal("777", detecting.Match("777"));

    [Fact]
    public void Digits_alone_are_never_taken_for_another_message()
    {
        // 10 in hexadecimal is 16: a carrier that counts 10, 11 ... 16 must not have its receipts moved about.
        for (var id = 10; id < 40; id++)
            detecting.Remember(id.ToString(CultureInfo.InvariantCulture));
        for (var id = 10; id < 80; id++)
            Assert.Equal(id.ToString(CultureInfo.InvariantCulture), detecting.Match(id.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Form_once_found_serves_for_ids_that_are_forgotten()
    {
        detecting.Remember("0000ab12");
        Assert.Equal("0000ab12", detecting.Match("43794"));

        Assert.Equal(MessageIdForm.HexadecimalThenDecimal, detecting.Form);
        Assert.Equal("00001000", detecting.Match("4096"));
    }

    [Fact]
    public void Form_once_found_counts_for_digits_alone_too()
    {
        detecting.Remember("ab12");
        detecting.Remember("10");
        detecting.Remember("16");
        detecting.Match("43794");
        Assert.Equal("10", detecting.Match("16"));
    }

    [Fact]
    public void Configured_form_needs_no_memory()
    {
        Assert.Equal("FF", new MessageIdMatcher(MessageIdForm.HexadecimalThenDecimal).Match("255"));
        Assert.Equal("255", new MessageIdMatcher(MessageIdForm.DecimalThenHexadecimal).Match("FF"));
        Assert.Equal("255", new MessageIdMatcher(MessageIdForm.Same).Match("255"));
    }

    [Fact]
    public void Memory_is_bounded()
    {
        detecting.Remember("first");
        for (var id = 0; id < 20_000; id++)
            detecting.Remember($"{id}");
        Assert.Equal("FIRST", detecting.Match("FIRST"));
        Assert.Equal("19999", detecting.Match("019999"));
        Assert.Equal("01", detecting.Match("01"));
    }

    /// <summary>A carrier that counts in hexadecimal in both. A receipt of a forgotten id happened to be the decimal or the hexadecimal of a remembered one, and all after it were misread.</summary>
    [Theory]
    [InlineData("0000479a", "00018330")]
    [InlineData("00004796", "000012bc")]
    public void Late_receipt_that_happens_to_read_as_another_id_decides_nothing_for_good(string remembered, string late)
    {
        detecting.Remember("0000abcd");
        Forget("0000abcd");
        detecting.Remember(remembered);
        detecting.Match(late);

        Assert.Equal("000000af", detecting.Match("000000af"));
        Assert.Equal(MessageIdForm.Same, detecting.Form);
        Assert.Equal("00000123", detecting.Match("00000123"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public void Carrier_that_counts_in_hexadecimal_in_both_is_understood_however_late_its_receipts(int nodes)
    {
        // Each node is given only its share of the ids, and gets receipts of all: of its own, of forgotten ones, of the others'.
        var random = TestSeed.Random();
        const int Ids = 120_000;
        for (var id = 1; id <= Ids; id++)
        {
            if (nodes == 1 || random.Next(nodes) == 0)
                detecting.Remember(Hexadecimal(id));
        }

        // One letter is the most that it may take.
        var letter = false;
        for (var id = 1; id <= Ids; id++)
        {
            letter |= Hexadecimal(id).Any(char.IsAsciiLetter);
            var matched = detecting.Match(Hexadecimal(id));
            if (letter)
                Assert.Equal(Hexadecimal(id), matched);
        }
    }

    [Fact]
    public void Form_found_by_chance_just_after_a_restart_is_revised_by_the_first_id_with_a_letter()
    {
        detecting.Remember("00004796");
        Assert.Equal("00004796", detecting.Match("000012bc"));
        Assert.Equal(MessageIdForm.DecimalThenHexadecimal, detecting.Form);

        detecting.Remember("0000479a");
        Assert.Equal(MessageIdForm.Same, detecting.Form);
        Assert.Equal("00001111", detecting.Match("00001111"));
    }

    [Fact]
    public void One_strange_receipt_does_not_decide_for_good()
    {
        for (var id = 0xab00; id < 0xad00; id++)
            detecting.Remember(Hexadecimal(id));
        detecting.Match("UNKNOWN");
        Assert.Equal(MessageIdForm.Same, detecting.Form);

        for (var id = 0xab00; id < 0xac00; id++)
            detecting.Match(id.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(MessageIdForm.HexadecimalThenDecimal, detecting.Form);
        Assert.Equal("00001000", detecting.Match("4096"));
    }

    [Fact]
    public void Configured_form_is_not_revised()
    {
        var matcher = new MessageIdMatcher(MessageIdForm.HexadecimalThenDecimal);
        matcher.Remember("abc");
        matcher.Match("abc");
        Assert.Equal("FF", matcher.Match("255"));
        Assert.Equal(MessageIdForm.HexadecimalThenDecimal, matcher.Form);
    }

    private static string Hexadecimal(int id) => id.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>So many ids that this one is no longer remembered. None of them is a number.</summary>
    private void Forget(string id)
    {
        for (var i = 0; i < 16_384; i++)
            detecting.Remember($"{id}-{i}");
    }
}
