using System.Text;
using Tocsin.Alerting.Channels.Sms;
using Tocsin.Alerting.Channels.Sms.Replies;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms.Replies;

public sealed class ReplyTests
{
    private readonly ManualTimeProvider time = new();

    [Theory]
    [InlineData(0x00, new byte[] { 0x31, 0x20, 0x05, 0x1B, 0x65 }, "1 é€")]
    [InlineData(0x01, new byte[] { 0x31, 0x20, 0x7F }, "1 à")]
    [InlineData(0x01, new byte[] { 0x31, 0x20, 0x40 }, "1 @")]
    [InlineData(0x03, new byte[] { 0x31, 0x20, 0xEA }, "1 ê")]
    [InlineData(0x08, new byte[] { 0x00, 0x31, 0xD8, 0x3D, 0xDD, 0x25 }, "1🔥")]
    [InlineData(0x08, new byte[] { 0x00, 0x31, 0xD8 }, "1\uFFFD")]
    [InlineData(0xF1, new byte[] { 0x31, 0x05 }, "1é")]
    [InlineData(0x18, new byte[] { 0x00, 0x31 }, "1")]
    [InlineData(0x04, new byte[] { 0x31 }, "")]
    [InlineData(0xF5, new byte[] { 0x31 }, "")]
    public void Words_are_read_in_the_alphabet_that_the_carrier_names(byte dataCoding, byte[] octets, string text) => Assert.Equal(text, ReplyText.Decode(dataCoding, octets));

    [Fact]
    public void Words_past_the_bound_are_left_out() => Assert.Equal(ReplyText.Longest, ReplyText.Decode(0, Enumerable.Repeat((byte)'a', 5_000).ToArray()).Length);

    [Theory]
    [InlineData("33612345678", 1, "+33612345678")]
    [InlineData("0612345678", 0, "+33612345678")]
    [InlineData("612345678", 2, "+33612345678")]
    [InlineData("0692123456", 2, "+262692123456")]
    [InlineData("0033612345678", 0, "+33612345678")]
    [InlineData("+4915112345678", 0, "+4915112345678")]
    [InlineData("4915112345678", 0, "+4915112345678")]
    [InlineData("38000", 3, "38000")]
    [InlineData("Orange", 5, "Orange")]
    public void Sender_gets_the_form_of_our_addresses(string value, byte ton, string address) =>
        Assert.Equal(address, SmppNumber.FromCarrier(Encoding.ASCII.GetBytes(value), ton, "FR"));

    [Fact]
    public void Header_of_either_kind_says_which_part_it_is()
    {
        Assert.True(UserDataHeader.TryParse([0x05, 0x00, 0x03, 0xA7, 0x02, 0x01, 0x31], out var length, out var part));
        Assert.Equal((6, new PartNumber(0xA7, 2, 1)), (length, part));
        Assert.True(UserDataHeader.TryParse([0x09, 0x24, 0x01, 0x00, 0x08, 0x04, 0x12, 0x34, 0x03, 0x02, 0x31], out length, out part));
        Assert.Equal((10, new PartNumber(0x1234, 3, 2)), (length, part));
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x05 })]
    [InlineData(new byte[] { 0x05, 0x00, 0x03, 0xA7, 0x02 })]
    [InlineData(new byte[] { 0x02, 0x00, 0x09 })]
    [InlineData(new byte[] { 0x01, 0x00 })]
    public void Header_that_is_cut_short_is_refused(byte[] userData) => Assert.False(UserDataHeader.TryParse(userData, out _, out _));

    [Fact]
    public void Parts_in_any_order_make_one_text_and_a_pair_that_was_cut_in_two_is_joined()
    {
        var assembly = new ReplyAssembly(time);
        var octets = Encoding.BigEndianUnicode.GetBytes("1 🔥 feu");
        Assert.False(assembly.Add("p", Part(8, octets.AsSpan(6), 1, 2, 2)).IsWhole);

        var text = assembly.Add("p", Part(8, octets.AsSpan(0, 6), 1, 2, 1));

        Assert.True(text.IsWhole);
        Assert.Equal("1 🔥 feu", text.Text);
    }

    [Fact]
    public void Texts_of_different_people_and_references_are_not_mixed()
    {
        var assembly = new ReplyAssembly(time);
        assembly.Add("p", Part(0, "a"u8, 1, 2, 1));
        Assert.False(assembly.Add("p", Part(0, "b"u8, 2, 2, 2)).IsWhole);
        Assert.False(assembly.Add("p", Part(0, "b"u8, 1, 2, 2) with { From = "+33600000002" }).IsWhole);
        Assert.False(assembly.Add("q", Part(0, "b"u8, 1, 2, 2)).IsWhole);
        Assert.True(assembly.Add("p", Part(0, "b"u8, 1, 2, 2)).IsWhole);
    }

    [Fact]
    public void Text_whose_part_never_comes_is_overdue_with_what_there_is()
    {
        var assembly = new ReplyAssembly(time);
        assembly.Add("p", Part(0, "je suis "u8, 1, 2, 1));
        Assert.Empty(assembly.Overdue());

        time.Advance(TimeSpan.FromMinutes(3));

        var overdue = Assert.Single(assembly.Overdue());
        Assert.Equal("je suis [...]", overdue.Text);
        assembly.Remove(overdue);
        Assert.Empty(assembly.Overdue());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(2, 3)]
    [InlineData(200, 7)]
    public void Part_that_cannot_be_joined_goes_on_alone(byte total, byte number)
    {
        var assembly = new ReplyAssembly(time);
        var text = assembly.Add("p", Part(0, "1"u8, 1, total, number));
        Assert.True(text.IsWhole);
        Assert.Equal("1", text.Text);
        Assert.Empty(assembly.All());
    }

    [Fact]
    public void Texts_past_the_bound_are_not_held_but_go_on_part_by_part()
    {
        var assembly = new ReplyAssembly(time);
        for (var n = 0; n < 5_000; n++)
            assembly.Add("p", Part(0, "a"u8, n, 2, 1));

        Assert.Equal(1_000, assembly.All().Count);
        Assert.True(assembly.Add("p", Part(0, "a"u8, 9_999, 2, 1)).IsWhole);
    }

    [Fact]
    public void Same_words_again_are_a_repetition_only_where_the_carrier_had_a_reason_to_repeat()
    {
        var keys = new ReplyKeys(time);
        var first = keys.For("+33600000001", "1", session: 7);

        Assert.Equal(first.Key, keys.For("+33600000001", "1", session: 7).Key);
        keys.Acknowledge(first);
        Assert.Equal(first.Key, keys.For("+33600000001", "1", session: 8).Key);
        Assert.NotEqual(first.Key, keys.For("+33600000001", "1", session: 8).Key);
    }

    [Fact]
    public void Late_acknowledgement_leaves_room_for_a_repetition_and_ten_minutes_do_not()
    {
        var keys = new ReplyKeys(time);
        var first = keys.For("+33600000001", "1", session: 7);
        time.Advance(TimeSpan.FromSeconds(8));
        keys.Acknowledge(first);
        Assert.Equal(first.Key, keys.For("+33600000001", "1", session: 7).Key);

        time.Advance(TimeSpan.FromMinutes(11));
        Assert.NotEqual(first.Key, keys.For("+33600000001", "1", session: 7).Key);
    }

    private static ReplyPart Part(byte dataCoding, ReadOnlySpan<byte> octets, int reference, byte total, byte number) =>
        new("+33600000001", "38000", dataCoding, octets.ToArray(), new PartNumber(reference, total, number));
}
