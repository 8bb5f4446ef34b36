using System.Buffers;
using System.Text;
using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Channels.Smtp.Inbound;
using Tocsin.Alerting.Channels.Smtp.Mime;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>What comes back by mail, as real servers and people's programs write it. RFC 3464, RFC 3834, RFC 2045 to 2047.</summary>
public sealed class ReturnedMailTests
{
    private const string PostfixReport =
        """
        From: MAILER-DAEMON@relay.example (Mail Delivery System)
        To: retour+b3mv-aaaaaaaaaaaaaaaa@tocsin.example
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        	boundary="4D3C2B1A.1700000000/relay.example"

        This is a MIME-encapsulated message.

        --4D3C2B1A.1700000000/relay.example
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.

        --4D3C2B1A.1700000000/relay.example
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; relay.example
        X-Postfix-Queue-ID: 4D3C2B1A
        Arrival-Date: Mon,  2 Mar 2026 08:00:00 +0000 (UTC)

        Final-Recipient: rfc822; camille@chu.example
        Original-Recipient: rfc822;camille@chu.example
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mx.chu.example
        Diagnostic-Code: smtp; 550 5.1.1 <camille@chu.example>: unknown

        --4D3C2B1A.1700000000/relay.example
        Content-Type: text/rfc822-headers

        Subject: Incendie

        --4D3C2B1A.1700000000/relay.example--

        """;

    [Fact]
    public void Report_of_postfix_is_read()
    {
        var report = Assert.IsType<ReturnedMail.Report>(Read(PostfixReport));

        Assert.Equal(new DeliveryStatusReport(ReceiptState.Failed, new FailureReason(FailureCodes.AddressUnknown, "5.1.1")), report.Status);
    }

    [Theory]
    [InlineData("failed", "5.2.2", ReceiptState.Failed, FailureCodes.Undeliverable)]
    [InlineData("failed", "5.1.3", ReceiptState.Failed, FailureCodes.AddressInvalid)]
    [InlineData("failed", "5.7.1", ReceiptState.Failed, FailureCodes.CarrierRefused)]
    [InlineData("FAILED", "5.1.10 (RecipientNotFound)", ReceiptState.Failed, FailureCodes.AddressUnknown)]
    [InlineData("failed", "nonsense", ReceiptState.Failed, FailureCodes.Undeliverable)]
    [InlineData("failed", "4.4.7", ReceiptState.Expired, FailureCodes.Expired)]
    [InlineData("delayed", "4.4.1", ReceiptState.Enroute, null)]
    [InlineData("relayed", "2.0.0", ReceiptState.Enroute, null)]
    [InlineData("delivered", "2.0.0", ReceiptState.Delivered, null)]
    public void Action_and_status_say_how_far_it_got(string action, string status, ReceiptState state, string? code)
    {
        var report = Assert.IsType<ReturnedMail.Report>(Read(PostfixReport
            .Replace("Action: failed", $"Action: {action}", StringComparison.Ordinal)
            .Replace("Status: 5.1.1", $"Status: {status}", StringComparison.Ordinal)));

        Assert.Equal((state, code), (report.Status.State, report.Status.Reason?.Code));
    }

    [Fact]
    public void Report_without_an_action_that_we_know_is_nothing() =>
        Assert.IsType<ReturnedMail.Nothing>(Read(PostfixReport.Replace("Action: failed", "Action: vanished", StringComparison.Ordinal)));

    [Theory]
    [InlineData("1\n\nLe lun. 2 mars 2026 à 08:05, CHU <alerte@tocsin.example> a écrit :\n> Incendie", "1")]
    [InlineData("\n\n  Je suis à l'abri. \n\n-- \nCamille", "Je suis à l'abri.")]
    [InlineData("ok\r\n\r\nOn Mon, 2 Mar 2026 at 08:05, CHU wrote:\r\n> Fire", "ok")]
    [InlineData("2", "2")]
    public void Reply_is_the_first_line_of_what_the_person_wrote(string body, string expected)
    {
        var reply = Assert.IsType<ReturnedMail.Reply>(Read(Reply(body)));

        Assert.Equal(("camille@chu.example", expected), (reply.From, reply.Text));
        Assert.Matches("^mail-[0-9a-f]{64}$", reply.Key);
    }

    [Theory]
    [InlineData("> 1. Je suis en sécurité")]
    [InlineData("Le lun. 2 mars 2026 à 08:05, CHU a écrit :\n> x")]
    [InlineData("-----Message d'origine-----\nDe : CHU")]
    [InlineData("-- \nCamille")]
    [InlineData("\n\n \n")]
    [InlineData("")]
    public void Reply_without_words_of_the_persons_own_is_nothing(string body) => Assert.IsType<ReturnedMail.Nothing>(Read(Reply(body)));

    [Theory]
    [InlineData("Auto-Submitted: auto-replied")]
    [InlineData("Auto-Submitted: auto-generated (vacation)")]
    [InlineData("Precedence: bulk")]
    [InlineData("Precedence: auto_reply")]
    [InlineData("X-Autoreply: yes")]
    public void Out_of_office_note_is_no_answer(string field) => Assert.IsType<ReturnedMail.Nothing>(Read($"{field}\n{Reply("1")}"));

    [Fact]
    public void Auto_submitted_no_is_a_person() => Assert.IsType<ReturnedMail.Reply>(Read($"Auto-Submitted: no\n{Reply("1")}"));

    [Fact]
    public void Reply_from_nobody_is_nothing() => Assert.IsType<ReturnedMail.Nothing>(Read(Reply("1"), sender: ""));

    [Fact]
    public void Reply_at_the_address_for_reports_is_nothing() => Assert.IsType<ReturnedMail.Nothing>(Read(Reply("1"), purpose: TagPurpose.Bounce));

    [Fact]
    public void Reply_of_a_program_that_writes_html_only_is_read()
    {
        const string Body =
            """
            From: camille@chu.example
            Content-Type: text/html; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            <html><head><title>x</title><style>p{color:red}</style></head><body><p class=3D"a>b">Je suis =E0 l&#8217;abri&nbsp;!</p>
            <blockquote><p>Incendie</p></blockquote></body></html>
            """;

        Assert.Equal("Je suis à l’abri\u00A0!", Assert.IsType<ReturnedMail.Reply>(Read(Body)).Text);
    }

    [Fact]
    public void Plain_text_is_taken_before_html_and_base64_and_charset_are_undone()
    {
        var text = Convert.ToBase64String(CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-15")!.GetBytes("sécurité 5 €"));
        var body =
            $"""
            From: "Garnier, Camille" <camille@chu.example>
            Content-Type: multipart/alternative; boundary=outer

            --outer
            Content-Type: text/plain; charset="iso-8859-15"
            Content-Transfer-Encoding: base64

            {text}
            --outer
            Content-Type: text/html

            <p>other</p>
            --outer--
            """;

        Assert.Equal("sécurité 5 €", Assert.IsType<ReturnedMail.Reply>(Read(body)).Text);
    }

    [Fact]
    public void Same_reply_twice_has_one_key_and_two_replies_have_two()
    {
        var first = (ReturnedMail.Reply)Read($"Message-ID: <1@chu.example>\n{Reply("1")}");
        var again = (ReturnedMail.Reply)Read($"Received: from elsewhere\nMessage-ID: <1@chu.example>\n{Reply("1")}");
        var second = (ReturnedMail.Reply)Read($"Message-ID: <2@chu.example>\n{Reply("1")}");

        Assert.Equal(first.Key, again.Key);
        Assert.NotEqual(first.Key, second.Key);
    }

    [Fact]
    public void Reply_is_bounded_and_without_control_characters()
    {
        var reply = (ReturnedMail.Reply)Read(Reply($"a\u0007\u001b[2J{new string('x', 5000)}"));

        Assert.Equal(1600, reply.Text.Length);
        Assert.DoesNotContain(reply.Text, char.IsControl);
    }

    [Fact]
    public void Our_own_mail_comes_back_from_the_reader_as_it_was_written()
    {
        Assert.True(Mailbox.TryParse("camille@chu.example", out var mailbox));
        var output = new ArrayBufferWriter<byte>();
        AlertMail.Write(output, Messages.French, mailbox, new MailIdentity(mailbox, null), ManualTimeProvider.DefaultStart);

        var mail = MimePart.Read(output.WrittenMemory);

        Assert.Equal(AlertMailText.Write(Messages.French, repliesAreRead: false).TrimEnd(), mail.Parts[0].DecodeText().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Mail_in_mail_in_mail_is_read_to_a_depth_and_no_further()
    {
        var mail = new StringBuilder();
        for (var depth = 0; depth < 200; depth++)
            mail.Append($"Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n");
        mail.Append("Content-Type: text/plain\r\n\r\n1\r\n");

        Assert.InRange(MimePart.Read(Encoding.ASCII.GetBytes(mail.ToString())).Walk().Count(), 1, 10);
    }

    [Fact]
    public void Mail_of_ten_thousand_parts_is_read_in_part()
    {
        var mail = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\n\r\nx\r\n", 10_000));

        Assert.InRange(MimePart.Read(Encoding.ASCII.GetBytes(mail)).Walk().Count(), 1, 65);
    }

    /// <summary>Whatever comes, something is made of it, quickly: real mails with octets changed, cut out, doubled and moved.</summary>
    [Fact]
    public void Damaged_mail_never_throws()
    {
        var random = TestSeed.Random();
        var seeds = new[] { PostfixReport, Reply("1\n> x"), $"Content-Type: multipart/mixed; boundary=\"a\"\n\n--a\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String("word word"u8)}\n--a--" }
            .Select(Encoding.UTF8.GetBytes).ToArray();
        for (var round = 0; round < 5_000; round++)
        {
            var mail = new List<byte>(seeds[random.Next(seeds.Length)]);
            for (var change = random.Next(1, 8); change > 0 && mail.Count > 2; change--)
            {
                var at = random.Next(mail.Count);
                var length = Math.Min(random.Next(1, 60), mail.Count - at);
                switch (random.Next(4))
                {
                    case 0:
                        mail[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        mail.RemoveRange(at, length);
                        break;
                    case 2:
                        mail.InsertRange(random.Next(mail.Count), mail.GetRange(at, length));
                        break;
                    default:
                        mail.InsertRange(at, "\r\n--=\";:<>%\0"u8.ToArray());
                        break;
                }
            }

            Assert.NotNull(ReturnedMail.Read(mail.ToArray(), "x@y.example", random.Next(2) == 0 ? TagPurpose.Bounce : TagPurpose.Reply));
        }
    }

    /// <summary>The oracle is what callers rely on: one line of a bounded length without control characters, a bounded number of parts, and the same for the same mail.</summary>
    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_mail_is_read_within_its_bounds_and_alike_each_time()
    {
        byte[][] samples = [.. new[]
        {
            PostfixReport,
            Reply("1\n> x"),
            $"Content-Type: multipart/mixed; boundary=\"a\"\n\n--a\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String("word word"u8)}\n--a--",
            "From: =?utf-8?q?Ren=C3=A9?= <rene@chu.example>\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<style>x</style><p>Oui =E9<br></p><blockquote>q",
        }.Select(Encoding.UTF8.GetBytes)];
        Fuzz.Readings(samples, input =>
        {
            var mail = input.ToArray();
            var way = default(HashCode);
            var read = ReturnedMail.Read(mail, "x@y.example", TagPurpose.Reply);
            Assert.Equal(read, ReturnedMail.Read(mail, "x@y.example", TagPurpose.Reply));
            if (read is ReturnedMail.Reply reply)
            {
                Assert.InRange(reply.Text.Length, 0, 1_600);
                Assert.DoesNotContain(reply.Text, char.IsControl);
                Assert.True(Mailbox.TryParse(reply.From, out _));
            }

            var parts = MimePart.Read(mail).Walk().Take(1_000).ToList();
            Assert.InRange(parts.Count, 1, 65);
            way.Add((read.GetType(), (read as ReturnedMail.Report)?.Status.State, parts.Count));
            foreach (var part in parts)
                way.Add((part.Field("Content-Transfer-Encoding") is null, part.Field("Content-Type") is null));
            return way;
        });
    }

    private static string Reply(string body) => $"From: Camille Garnier <camille@chu.example>\nContent-Type: text/plain; charset=utf-8\n\n{body}";

    private static ReturnedMail Read(string mail, string sender = "camille@chu.example", TagPurpose purpose = TagPurpose.Reply) =>
        ReturnedMail.Read(Encoding.UTF8.GetBytes(mail), sender, purpose);
}
