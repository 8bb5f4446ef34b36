using System.Text;
using Tocsin.Alerting.Channels.Smtp.Inbound;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>RFC 5321 section 4.5.2.</summary>
public sealed class ContentReceiverTests
{
    [Theory]
    [InlineData(".\r\n", "")]
    [InlineData("a\r\n.\r\n", "a\r\n")]
    [InlineData("..a\r\n...\r\n.\r\n", ".a\r\n..\r\n")]
    [InlineData("a\r\n.b\r\n.\r\n", "a\r\nb\r\n")]
    [InlineData("a\r\r\n.\r\n", "a\r\r\n")]
    public void Content_ends_at_the_dot_and_loses_the_dots_that_were_added(string sent, string expected)
    {
        var content = new ContentReceiver(1000);

        Assert.Equal(sent.Length, content.Take(Encoding.ASCII.GetBytes(sent + "NOOP\r\n"), out var ended));

        Assert.True(ended);
        Assert.Equal(expected, Encoding.ASCII.GetString(content.Content.Span));
    }

    /// <summary>What a lenient server would take for the end, and the words behind it for commands ("SMTP smuggling").</summary>
    [Theory]
    [InlineData("a\n.\nMAIL FROM:<x@y.example>\n")]
    [InlineData("a\n.\r\nMAIL FROM:<x@y.example>\r\n")]
    [InlineData("a\r\n.\nMAIL FROM:<x@y.example>\r\n")]
    [InlineData("a\r.\rMAIL FROM:<x@y.example>\r")]
    [InlineData("a\r\n.\r\r\nMAIL FROM:<x@y.example>\r\n")]
    public void Dot_between_anything_but_proper_line_ends_ends_nothing(string sent)
    {
        var content = new ContentReceiver(1000);

        Assert.Equal(sent.Length, content.Take(Encoding.ASCII.GetBytes(sent), out var ended));

        Assert.False(ended);
    }

    [Fact]
    public void Content_that_is_too_long_is_dropped_but_its_end_is_found()
    {
        var content = new ContentReceiver(10);

        content.Take(Encoding.ASCII.GetBytes($"{new string('x', 100_000)}\r\n.\r\n"), out var ended);

        Assert.True(ended);
        Assert.True(content.IsTooLong);
        Assert.Equal(10, content.Content.Length);
    }

    [Fact]
    public void Content_cut_at_any_octet_is_the_same_and_so_is_what_a_proper_client_stuffed()
    {
        var random = TestSeed.Random();
        const string Alphabet = ".\r\na";
        for (var round = 0; round < 3_000; round++)
        {
            var body = string.Concat(Enumerable.Range(0, random.Next(0, 16)).Select(_ => Alphabet[random.Next(Alphabet.Length)])) + "\r\n";
            var stuffed = (body.StartsWith('.') ? "." : "") + body.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
            var octets = Encoding.ASCII.GetBytes($"{stuffed}.\r\n");
            var cut = random.Next(octets.Length);
            var content = new ContentReceiver(1000);

            Assert.Equal(cut, content.Take(octets.AsSpan(0, cut), out var early));
            content.Take(octets.AsSpan(cut), out var ended);

            Assert.False(early);
            Assert.True(ended);
            Assert.Equal(body, Encoding.ASCII.GetString(content.Content.Span));
        }
    }
}
