using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Answers;
using Tocsin.Testing;

namespace Tocsin.Alerting.Tests.Answers;

public sealed class AnswerTokenTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly AlertId Alert = new(new Guid("0198a5b0-0000-7000-8000-000000000001"));
    private static readonly AlertId OtherAlert = new(new Guid("0198a5b0-0000-7000-8000-000000000002"));

    private static readonly Gen<long> Recipients =
        from bits in Gen.Choose(0, 62)
        from low in Gen.Choose(0, int.MaxValue)
        select (1L << bits) + (low % (1L << bits));

    [Fact]
    public void A_token_comes_back_from_its_text_and_is_valid_for_its_alert_and_generation() =>
        Property.HoldsFor(Recipients, recipient =>
        {
            var issued = AnswerToken.Issue(Secret, Alert, new RecipientId(recipient), 1);

            Assert.True(AnswerToken.TryParse(issued.Encode(), out var parsed));
            Assert.Equal(new RecipientId(recipient), parsed.Recipient);
            Assert.True(parsed.IsFor(Secret, Alert, 1));
        });

    [Fact]
    public void The_hash_covers_the_documented_bytes()
    {
        byte[] message =
        [
            .. "tocsin.answer.1"u8, .. Alert.Value.ToByteArray(bigEndian: true), 0, 0, 0, 0, 0, 0, 0x01, 0x2C, 0, 0, 0, 7,
        ];
        byte[] expected = [0xAC, 0x02, .. HMACSHA256.HashData(Secret, message)[..16]];

        var text = AnswerToken.Issue(Secret, Alert, new RecipientId(300), 7).Encode();

        Assert.Equal(System.Buffers.Text.Base64Url.EncodeToString(expected), text);
    }

    [Fact]
    public void A_token_is_worth_nothing_for_another_alert_generation_secret_or_recipient()
    {
        var token = AnswerToken.Issue(Secret, Alert, new RecipientId(5), 1);
        byte[] otherSecret = [.. Secret.Reverse()];
        var forged = Parse(Splice(AnswerToken.Issue(Secret, Alert, new RecipientId(6), 1).Encode(), token.Encode()));

        Assert.False(token.IsFor(Secret, OtherAlert, 1));
        Assert.False(token.IsFor(Secret, Alert, 2));
        Assert.False(token.IsFor(otherSecret, Alert, 1));
        Assert.Equal(new RecipientId(6), forged.Recipient);
        Assert.False(forged.IsFor(Secret, Alert, 1));
    }

    [Fact]
    public void A_token_with_any_character_changed_is_refused()
    {
        var text = AnswerToken.Issue(Secret, Alert, new RecipientId(123_456), 1).Encode();
        for (var i = 0; i < text.Length; i++)
        {
            foreach (var other in "Az09-_=+/ \0é")
            {
                var changed = text[..i] + other + text[(i + 1)..];
                if (changed != text)
                    Assert.False(AnswerToken.TryParse(changed, out var parsed) && parsed.IsFor(Secret, Alert, 1), "position " + i);
            }
        }
    }

    [Fact]
    public void One_token_has_one_spelling()
    {
        var text = AnswerToken.Issue(Secret, Alert, new RecipientId(1), 1).Encode();
        byte[] bytes = System.Buffers.Text.Base64Url.DecodeFromChars(text);
        byte[] longerVarint = [0x81, 0x00, .. bytes[1..]];

        Assert.False(AnswerToken.TryParse(text + "=", out _));
        Assert.False(AnswerToken.TryParse(text + "A", out _));
        Assert.False(AnswerToken.TryParse(System.Buffers.Text.Base64Url.EncodeToString(longerVarint), out _));
    }

    [Fact]
    public void Any_text_is_parsed_without_a_throw()
    {
        var random = TestSeed.Random();
        for (var i = 0; i < 20_000; i++)
        {
            var text = new char[random.Next(60)];
            for (var j = 0; j < text.Length; j++)
                text[j] = random.Next(4) == 0 ? (char)random.Next(0x250) : "ABCabc019-_"[random.Next(11)];
            if (AnswerToken.TryParse(text, out var token))
                Assert.False(token.IsFor(Secret, Alert, 1));
        }
    }

    [Fact]
    public void A_token_is_short_enough_for_an_sms()
    {
        Assert.InRange(AnswerToken.Issue(Secret, Alert, new RecipientId(0), 1).Encode().Length, 1, 23);
        Assert.InRange(AnswerToken.Issue(Secret, Alert, new RecipientId(long.MaxValue), 1).Encode().Length, 1, 34);
    }

    [Fact]
    public void A_token_written_to_a_log_by_mistake_gives_nothing_away()
    {
        var token = AnswerToken.Issue(Secret, Alert, new RecipientId(9), 1);

        Assert.DoesNotContain(token.Encode()[2..], token.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_secret_is_refused() =>
        Assert.Throws<ArgumentException>(() => AnswerToken.Issue(Secret.AsSpan(0, 31), Alert, new RecipientId(1), 1));

    private static AnswerToken Parse(string text) => AnswerToken.TryParse(text, out var token) ? token : throw new Xunit.Sdk.XunitException("not a token");

    /// <summary>The recipient of one token with the tag of another.</summary>
    private static string Splice(string recipientFrom, string tagFrom)
    {
        byte[] bytes = [System.Buffers.Text.Base64Url.DecodeFromChars(recipientFrom)[0], .. System.Buffers.Text.Base64Url.DecodeFromChars(tagFrom)[1..]];
        return System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }
}
