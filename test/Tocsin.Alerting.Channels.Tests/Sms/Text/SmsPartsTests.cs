using System.Text;
using Tocsin.Alerting.Channels.Sms.Replies;
using Tocsin.Alerting.Channels.Sms.Text;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms.Text;

public sealed class SmsPartsTests
{
    private const string Gsm7Letters = "abcdefghij éèàùÇ\n€[]{}^~|\\@$_";

    private static readonly string[] Ucs2Letters = ["a", "ê", "œ", "日", "🔥", "👩", "\u200D", "é"];

    [Fact]
    public void Header_says_which_part_of_which_text_it_is()
    {
        var parts = SmsParts.Cut(new string('a', 200), SmsEncoding.Gsm7, reference: 0xA7);

        Assert.Equal(2, parts.Length);
        Assert.Equal([0x05, 0x00, 0x03, 0xA7, 0x02, 0x01], parts[0].UserData[..6]);
        Assert.Equal([0x05, 0x00, 0x03, 0xA7, 0x02, 0x02], parts[1].UserData[..6]);
        Assert.Equal((6 + 153, 6 + 47), (parts[0].UserData.Length, parts[1].UserData.Length));
    }

    [Fact]
    public void Text_of_one_part_has_no_header()
    {
        var part = Assert.Single(SmsParts.Cut("é€", SmsEncoding.Gsm7, 1));
        Assert.False(part.HasHeader);
        Assert.Equal([0x05, 0x1B, 0x65], part.UserData);
    }

    [Fact]
    public void Parts_joined_again_are_the_text_and_none_begins_or_ends_within_a_character()
    {
        var random = TestSeed.Random();
        for (var i = 0; i < 2_000; i++)
        {
            var gsm7 = random.Next(2) == 0;
            var text = Make(random, gsm7);
            var parts = SmsParts.Cut(text, gsm7 ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2, (byte)i);

            Assert.Equal(Math.Max(1, SmsMeasure.OfPlain(text).Parts), parts.Length);
            Assert.Equal(text, string.Concat(parts.Select(part => Read(part, gsm7))));
            Assert.All(parts, part => Assert.InRange(part.UserData.Length, 0, gsm7 && !part.HasHeader ? 160 : gsm7 ? 159 : 140));
        }
    }

    [Fact]
    public void Every_septet_is_read_as_the_character_that_is_written_with_it()
    {
        Span<byte> septets = stackalloc byte[2];
        foreach (var character in "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡AZÄÖÑÜ§¿azäöñüà\f^{}\\[~]|€")
        {
            var length = Gsm7Alphabet.Encode([character], septets);
            Assert.Equal(character.ToString(), Gsm7Alphabet.Decode(septets[..length]));
        }
    }

    private static string Make(Random random, bool gsm7)
    {
        var text = new StringBuilder();
        for (var length = random.Next(700); length > 0; length--)
            text.Append(gsm7 ? Gsm7Letters[random.Next(Gsm7Letters.Length)].ToString() : Ucs2Letters[random.Next(Ucs2Letters.Length)]);

        // One letter that settles the encoding, so that the measure chooses the same.
        return gsm7 ? text.ToString() : text.Append('ê').ToString();
    }

    /// <summary>Reads one part alone: an escape or a surrogate that was cut off would not come out whole.</summary>
    private static string Read(SmsPart part, bool gsm7)
    {
        var words = part.UserData.AsSpan();
        if (part.HasHeader)
        {
            Assert.True(UserDataHeader.TryParse(words, out var length, out var number));
            Assert.True(number is { IsSound: true });
            words = words[length..];
        }

        return gsm7 ? Gsm7Alphabet.Decode(words) : new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true).GetString(words);
    }
}
