using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>RFC 5321 section 4.1.2, RFC 6531 section 3.3.</summary>
public sealed class MailboxTests
{
    [Theory]
    [InlineData("camille@chu.example", "camille@chu.example", false)]
    [InlineData("c.o'neil+tag@sub.chu.example", "c.o'neil+tag@sub.chu.example", false)]
    [InlineData("camille@CHU.Example", "camille@chu.example", false)]
    [InlineData("camille@hôpital.example", "camille@xn--hpital-ixa.example", false)]
    [InlineData("aurélie@chu.example", "aurélie@chu.example", true)]
    [InlineData("\"a b\\\"@c\"@chu.example", "\"a b\\\"@c\"@chu.example", false)]
    [InlineData("root@localhost", "root@localhost", false)]
    public void Address_is_read(string text, string expected, bool needsSmtpUtf8)
    {
        Assert.True(Mailbox.TryParse(text, out var mailbox));

        Assert.Equal((expected, needsSmtpUtf8), (mailbox.ToString(), mailbox.NeedsSmtpUtf8));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("camille")]
    [InlineData("@chu.example")]
    [InlineData("camille@")]
    [InlineData("camille@chu..example")]
    [InlineData("camille@-chu.example")]
    [InlineData("camille@chu.example.")]
    [InlineData("cam ille@chu.example")]
    [InlineData(".camille@chu.example")]
    [InlineData("camille..x@chu.example")]
    [InlineData("camille@chu.example\r\nRCPT TO:<x@y.example>")]
    [InlineData("camille>\r\n@chu.example")]
    [InlineData("a>b@chu.example")]
    [InlineData("camille@[192.0.2.1]")]
    [InlineData("\"@chu.example")]
    [InlineData("\"\"@chu.example")]
    [InlineData("\"a\"b\"@chu.example")]
    [InlineData("\"a\\\"@chu.example")]
    [InlineData("\u202Eelimac@chu.example")]
    [InlineData("a,b@chu.example")]
    [InlineData("Camille <camille@chu.example>")]
    public void What_is_no_address_is_refused(string? text) => Assert.False(Mailbox.TryParse(text, out _));

    [Fact]
    public void Address_that_is_too_long_is_refused()
    {
        Assert.True(Mailbox.TryParse($"{new string('a', 64)}@chu.example", out _));
        Assert.False(Mailbox.TryParse($"{new string('a', 65)}@chu.example", out _));
        Assert.False(Mailbox.TryParse($"{new string('é', 33)}@chu.example", out _));
        Assert.False(Mailbox.TryParse($"a@{string.Concat(Enumerable.Repeat("aaaaaaaaa.", 26))}example", out _));
    }

    [Fact]
    public void Whatever_is_read_can_not_break_out_of_a_command()
    {
        var random = TestSeed.Random();
        const string Alphabet = "ab.@\"\\<> \r\n\t;,:+é\u2028\0";
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => Alphabet[random.Next(Alphabet.Length)])) + (random.Next(2) == 0 ? "@b.example" : "");
            if (!Mailbox.TryParse(text, out var mailbox))
                continue;
            var written = mailbox.ToString();
            Assert.DoesNotContain(written, c => char.IsControl(c) || c is '\u2028');
            if (written[0] != '"')
                Assert.DoesNotContain(written, c => c is '<' or '>' or ' ' or ',' or ';');
        }
    }
}
