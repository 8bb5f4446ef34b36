using System.Globalization;
using Tocsin.Alerting.Channels.Sms;
using Tocsin.Alerting.Channels.Sms.Receipts;

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
}
