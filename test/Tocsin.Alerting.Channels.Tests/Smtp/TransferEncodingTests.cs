using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Channels.Smtp.Inbound;
using Tocsin.Alerting.Channels.Smtp.Mime;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>RFC 2045 sections 6.7 and 6.8.</summary>
public sealed class TransferEncodingTests
{
    [Theory]
    [InlineData("déjà", "d=C3=A9j=C3=A0\r\n")]
    [InlineData("a=b", "a=3Db\r\n")]
    [InlineData("end \nnext\t", "end=20\r\nnext=09\r\n")]
    [InlineData(".\n..\na.b", "=2E\r\n=2E.\r\na.b\r\n")]
    [InlineData("a\r\nb", "a\r\nb\r\n")]
    [InlineData("a\n", "a\r\n")]
    [InlineData("", "\r\n")]
    public void Quoted_printable_is_written(string text, string expected) => Assert.Equal(expected, Write(text));

    [Fact]
    public void Whatever_the_text_it_comes_back_the_same_in_lines_that_any_relay_carries() => Property.HoldsFor(
        Texts(),
        text =>
        {
            var written = Write(text);

            Assert.EndsWith("\r\n", written, StringComparison.Ordinal);
            foreach (var line in written[..^2].Split("\r\n"))
            {
                Assert.True(line.Length <= 76, line);
                Assert.True(Ascii.IsValid(line) && !line.Contains('\n', StringComparison.Ordinal) && !line.Contains('\r', StringComparison.Ordinal));
                Assert.False(line.StartsWith('.') || line.EndsWith(' ') || line.EndsWith('\t'), line);
            }
            Assert.DoesNotContain("=_", written, StringComparison.Ordinal);
            Assert.Equal(Canonical(text), Encoding.UTF8.GetString(QuotedPrintable.Decode(Encoding.ASCII.GetBytes(written))));
        },
        cases: 500);

    [Fact]
    public void Smaller_form_is_taken_and_a_reader_finds_the_text_in_either() => Property.HoldsFor(
        Texts(),
        text =>
        {
            var output = new ArrayBufferWriter<byte>();
            output.Write("Content-Type: text/plain; charset=utf-8\r\n"u8);
            TransferEncoding.WriteEntityBody(output, text);

            var part = MimePart.Read(output.WrittenMemory);

            var octets = Encoding.UTF8.GetBytes(text);
            Assert.Equal(octets.Count(octet => octet > 127) * 6 > octets.Length ? "base64" : "quoted-printable", part.Field("Content-Transfer-Encoding"));
            Assert.Equal(Canonical(text).TrimEnd('\r', '\n'), part.DecodeText().Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal).TrimEnd('\r', '\n'));
        });

    private static string Write(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        TransferEncoding.WriteQuotedPrintable(output, Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Lines end with CRLF, and so does the text.</summary>
    private static string Canonical(string text)
    {
        var lines = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        return lines.EndsWith("\r\n", StringComparison.Ordinal) ? lines : lines + "\r\n";
    }

    private static Gen<string> Texts() => Gen.Elements("a", "word ", " ", "\t", "\n", ".", "=", "é", "’", "🔥", "=_tocsin", "--", "\u0001", new string('x', 75), new string('é', 40))
        .ListOf()
        .Select(pieces => string.Concat(pieces));
}
