using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Channels.Smtp.Mime;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>RFC 2047 and RFC 5322 section 2.2, with a decoder of the test's own as oracle.</summary>
public sealed partial class HeaderTextTests
{
    [Fact]
    public void Plain_text_stays_as_it_is() => Assert.Equal("Subject: Fire in block B\r\n", Write("Fire in block B"));

    [Fact]
    public void Accents_become_encoded_words() => Assert.Equal("Subject: =?UTF-8?B?SW5jZW5kaWUgw6AgbCfDqXRhZ2U=?=\r\n", Write("Incendie à l'étage"));

    [Theory]
    [InlineData("Fire\r\nBcc: everybody@chu.example")]
    [InlineData("Fire\nBcc: everybody@chu.example")]
    [InlineData("Fire\rBcc: everybody@chu.example")]
    [InlineData("Fire\r\n\r\nBody")]
    [InlineData("\0\u0085\u2028\u2029\r\n.\r\nMAIL FROM:<x@y.example>")]
    public void Text_can_not_become_another_header(string text)
    {
        var written = Write(text);

        Assert.Single(Unfold(written));
        Assert.DoesNotContain("\n\r\n", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_looks_encoded_is_not_decoded_by_readers() =>
        Assert.Equal("=?UTF-8?B?SGk=?=", Decode(Write("=?UTF-8?B?SGk=?=")));

    [Fact]
    public void Whatever_the_text_it_reads_the_same_and_its_lines_are_short_ascii() => Property.HoldsFor(
        Texts(),
        text =>
        {
            var written = Write(text);

            Assert.True(Ascii.IsValid(written));
            Assert.Single(Unfold(written));
            Assert.All(written.Split("\r\n"), line => Assert.True(line.Length <= 78, line));
            Assert.Equal(HeaderText.Clean(text), Decode(written));
        });

    [Fact]
    public void Name_beside_an_address_is_quoted_or_encoded_and_never_breaks_out() => Property.HoldsFor(
        Texts(),
        name =>
        {
            Assert.True(Mailbox.TryParse("alerte@chu.example", out var mailbox));
            var output = new ArrayBufferWriter<byte>();
            HeaderText.WriteMailbox(output, "From", name, mailbox);
            var written = Encoding.UTF8.GetString(output.WrittenSpan);

            var line = Unfold(written).Single();
            Assert.EndsWith(" <alerte@chu.example>", line, StringComparison.Ordinal);
            var shown = line["From: ".Length..^"<alerte@chu.example>".Length].Trim();
            if (shown.StartsWith('"'))
                shown = Regex.Unescape(shown[1..^1]);
            Assert.Equal(HeaderText.Clean(name), DecodeWords(shown));
        });

    private static string Write(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        HeaderText.WriteUnstructured(output, "Subject", text);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The logical lines: a line that begins with a space continues the one before.</summary>
    private static string[] Unfold(string written)
    {
        Assert.EndsWith("\r\n", written, StringComparison.Ordinal);
        return written[..^2].Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n");
    }

    private static string Decode(string written) => DecodeWords(Unfold(written).Single()["Subject: ".Length..]);

    /// <summary>RFC 2047 section 6.2: space between two encoded words is not shown.</summary>
    private static string DecodeWords(string text) =>
        EncodedWord().Replace(SpaceBetween().Replace(text, "?="), match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups["octets"].Value)));

    private static Gen<string> Texts() => Gen.Elements("a", "Fire", " ", "  ", "\r\n", "\n", "\t", "é", "’", "🔥", "=?", "?=", "\"", "\\", "<x@y>", ":", "\u0085", "\uD800", new string('w', 70))
        .ListOf()
        .Select(pieces => string.Concat(pieces));

    [GeneratedRegex(@"=\?UTF-8\?B\?(?<octets>[A-Za-z0-9+/=]*)\?=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\?= (?==\?UTF-8\?B\?)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SpaceBetween();
}
