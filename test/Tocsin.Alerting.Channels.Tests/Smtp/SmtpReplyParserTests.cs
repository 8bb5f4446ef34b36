using System.Text;
using Tocsin.Alerting.Channels.Smtp.Relays;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>RFC 5321 section 4.2, RFC 3463 section 2.</summary>
public sealed class SmtpReplyParserTests
{
    [Theory]
    [InlineData("250 OK\r\n", 250, null, "OK")]
    [InlineData("250\r\n", 250, null, "")]
    [InlineData("550 5.1.1 <camille@chu.example> unknown\r\n", 550, "5.1.1", "5.1.1 <camille@chu.example> unknown")]
    [InlineData("450-4.7.1 Greylisted\r\n450 4.7.1 come again\r\n", 450, "4.7.1", "4.7.1 Greylisted|4.7.1 come again")]
    [InlineData("250 5.1.1 of another class\r\n", 250, null, "5.1.1 of another class")]
    [InlineData("250 2.1.1234 too long\r\n", 250, null, "2.1.1234 too long")]
    [InlineData("250 2.0.0\n", 250, "2.0.0", "2.0.0")]
    public void Reply_is_read(string octets, int code, string? enhanced, string lines)
    {
        Assert.Equal(ReplyParse.Complete, SmtpReplyParser.TryParse(Encoding.UTF8.GetBytes(octets), keepText: true, out var consumed, out var reply));

        Assert.Equal((octets.Length, code, enhanced, lines), (consumed, reply.Code, reply.Enhanced?.ToString(), string.Join('|', reply.Lines)));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("25\r\n")]
    [InlineData("250OK\r\n")]
    [InlineData("2x0 OK\r\n")]
    [InlineData("650 OK\r\n")]
    [InlineData("\r\n")]
    [InlineData("250-a\r\n251 b\r\n")]
    [InlineData("SSH-2.0")]
    public void What_is_not_smtp_is_known_at_once(string octets) =>
        Assert.Equal(ReplyParse.Malformed, SmtpReplyParser.TryParse(Encoding.UTF8.GetBytes(octets), keepText: false, out _, out _));

    [Fact]
    public void Reply_cut_at_any_octet_is_incomplete_and_what_follows_it_is_left()
    {
        var octets = "250-first line\r\n250-SIZE 1000\r\n250 2.1.0 last\r\n"u8.ToArray();

        for (var length = 0; length < octets.Length; length++)
            Assert.Equal(ReplyParse.Incomplete, SmtpReplyParser.TryParse(octets.AsSpan(0, length), keepText: true, out _, out _));
        Assert.Equal(ReplyParse.Complete, SmtpReplyParser.TryParse([.. octets, .. "354 next"u8], keepText: true, out var consumed, out _));
        Assert.Equal(octets.Length, consumed);
    }

    [Fact]
    public void Reply_without_end_is_given_up()
    {
        Assert.Equal(ReplyParse.Malformed, SmtpReplyParser.TryParse(Encoding.ASCII.GetBytes($"250 {new string('x', 5000)}"), keepText: true, out _, out _));
        Assert.Equal(ReplyParse.Malformed, SmtpReplyParser.TryParse(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("250-x\r\n", 200))), keepText: true, out _, out _));
    }

    /// <summary>The oracle writes replies; whatever is in their lines, the parser must find codes, lines and length again, alone and in a stream.</summary>
    [Fact]
    public void Every_reply_that_a_relay_can_write_is_read_as_it_was_meant()
    {
        var random = TestSeed.Random();
        const string Alphabet = "aé 09.-<>@\t";
        for (var round = 0; round < 5_000; round++)
        {
            var code = random.Next(200, 560);
            var lines = Enumerable.Range(0, random.Next(1, 6)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]))).ToList();
            var written = Encoding.UTF8.GetBytes(string.Concat(lines.Select((line, i) => $"{code}{(i == lines.Count - 1 ? ' ' : '-')}{line}\r\n")));

            Assert.Equal(ReplyParse.Complete, SmtpReplyParser.TryParse([.. written, .. "250 x"u8], keepText: true, out var consumed, out var reply));

            Assert.Equal((written.Length, code), (consumed, reply.Code));
            Assert.Equal(lines, reply.Lines);
        }
    }

    /// <summary>The oracle is the same reply with less of it there: a whole reply is found at the same place however much follows, and never before it has come.</summary>
    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_replies_are_read_alike_however_much_of_them_has_come()
    {
        byte[][] samples = [.. new[] { "250 2.1.0 Ok\r\n", "250-relay.example\r\n250-SIZE 1000\r\n250 DSN\r\n", "451 4.7.1 later\n", "554\r\n", "250-a\r\n251 b\r\n" }.Select(Encoding.ASCII.GetBytes)];
        Fuzz.Readings(samples, input =>
        {
            var parse = SmtpReplyParser.TryParse(input, keepText: true, out var consumed, out var reply);
            Assert.InRange(consumed, 0, input.Length);
            var way = default(HashCode);
            way.Add((parse, reply.Lines?.Count, reply.Enhanced is null));
            if (parse != ReplyParse.Complete)
                return way;
            Assert.InRange(reply.Code, 200, 599);
            Assert.Equal(ReplyParse.Incomplete, SmtpReplyParser.TryParse(input[..(consumed - 1)], keepText: true, out _, out _));
            Assert.Equal(ReplyParse.Complete, SmtpReplyParser.TryParse(input[..consumed], keepText: false, out var alone, out var bare));
            Assert.Equal((consumed, reply.Code, reply.Enhanced), (alone, bare.Code, bare.Enhanced));
            return way;
        });
    }

    [Fact]
    public void Noise_never_throws_and_never_reads_past_its_end()
    {
        var random = TestSeed.Random();
        var alphabet = "25\r\n -45.x\0\xFF"u8.ToArray();
        for (var round = 0; round < 50_000; round++)
        {
            var octets = new byte[random.Next(0, 24)];
            for (var i = 0; i < octets.Length; i++)
                octets[i] = alphabet[random.Next(alphabet.Length)];

            var parse = SmtpReplyParser.TryParse(octets, keepText: true, out var consumed, out var reply);

            Assert.InRange(consumed, 0, octets.Length);
            if (parse == ReplyParse.Complete)
                Assert.InRange(reply.Code, 200, 599);
        }
    }

    [Fact]
    public void Capabilities_are_read_whatever_their_case_and_order()
    {
        var ehlo = new SmtpReply(250, Enhanced: null, ["relay.example greets", "Pipelining", "SIZE 35882577", "starttls", "AUTH PLAIN LOGIN", "AUTH=LOGIN SCRAM-SHA-256", "8BITMIME", "SMTPUTF8", "DSN", "X-UNKNOWN 1", ""]);

        var capabilities = SmtpCapabilities.Read(ehlo);

        Assert.True(capabilities is { Pipelining: true, Size: true, StartTls: true, EightBitMime: true, SmtpUtf8: true, DeliveryStatusNotifications: true });
        Assert.Equal(35_882_577, capabilities.MaximumMessageOctets);
        Assert.Equal(["PLAIN", "LOGIN", "SCRAM-SHA-256"], capabilities.Authentication);
    }

    [Theory]
    [InlineData("SIZE")]
    [InlineData("SIZE 0")]
    [InlineData("SIZE -1")]
    [InlineData("SIZE 99999999999999999999")]
    public void Size_without_a_number_is_no_limit(string line)
    {
        var capabilities = SmtpCapabilities.Read(new SmtpReply(250, Enhanced: null, ["relay", line]));

        Assert.True(capabilities is { Size: true, MaximumMessageOctets: null });
    }
}
