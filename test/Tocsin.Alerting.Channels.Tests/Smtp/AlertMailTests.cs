using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Channels.Smtp.Inbound;
using Tocsin.Alerting.Channels.Smtp.Mime;
using Tocsin.Alerting.Content;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

public sealed partial class AlertMailTests
{
    [Fact]
    public void Header_says_who_what_how_urgent_and_that_no_person_wrote_it()
    {
        var mail = Read(Messages.French);

        Assert.Equal("Mon, 02 Mar 2026 08:00:00 +0000", mail.Field("Date"));
        Assert.Equal("=?UTF-8?B?Q0hVIGRlIFNhaW50LcOJbm9nYXQ=?= <alerte@tocsin.example>", mail.Field("From"));
        Assert.Equal("<camille.garnier@chu.example>", mail.Field("To"));
        Assert.Equal("<delivery-4711.tocsin@tocsin.example>", mail.Field("Message-ID"));
        Assert.Equal("auto-generated", mail.Field("Auto-Submitted"));
        Assert.Equal(("high", "1", "urgent", "first-class"), (mail.Field("Importance"), mail.Field("X-Priority"), mail.Field("Priority"), mail.Field("Precedence")));
        Assert.Equal("fr", mail.Field("Content-Language"));
        Assert.Null(mail.Field("Reply-To"));
        Assert.Equal(["text/plain", "text/html"], mail.Parts.Select(part => part.MediaType));
    }

    /// <remarks>RFC 5322 section 3.3: days and months have English names. A server in France wrote "lun., 02 mars 2026".</remarks>
    [Theory]
    [InlineData("fr-FR")]
    [InlineData("fi-FI")]
    [InlineData("ar-SA")]
    public void Header_is_the_same_on_a_machine_of_any_language(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal("Mon, 02 Mar 2026 08:00:00 +0000", Read(Messages.French).Field("Date"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(Severity.Info, AlertMode.Real, "normal", "3")]
    [InlineData(Severity.Advisory, AlertMode.Real, "high", "2")]
    [InlineData(Severity.Extreme, AlertMode.Real, "high", "1")]
    [InlineData(Severity.Extreme, AlertMode.Exercise, "normal", "3")]
    public void Priority_follows_the_severity_and_an_exercise_has_none(Severity severity, AlertMode mode, string importance, string priority)
    {
        var mail = Read(Messages.French with { Severity = severity, Mode = mode });

        Assert.Equal((importance, priority), (mail.Field("Importance"), mail.Field("X-Priority")));
    }

    [Fact]
    public void Plain_text_has_the_words_the_answers_and_the_link()
    {
        Assert.Equal(
            """
            Grave — CHU de Saint-Énogat
            Incendie au bloc opératoire B

            Quittez le bloc par la sortie nord.

            N’utilisez pas les ascenseurs.

            Réponses proposées :
            1. Je suis en sécurité
            2. J’ai besoin d’aide

            Répondez ici :
            https://tocsin.example/a/kqzv7w3m

            --·
            Alerte n° 42 · lancée le 2 mars 2026 à 09:00 (UTC+1)
            Ce lien est personnel : ne transférez pas ce message.
            Message automatique : une réponse à cette adresse ne serait pas lue.
            """.Replace("--·", "-- ", StringComparison.Ordinal).Replace(" :", "\u00A0:", StringComparison.Ordinal).Replace("n° ", "n°\u00A0", StringComparison.Ordinal).Replace("2 mars", "2\u00A0mars", StringComparison.Ordinal),
            Text(Messages.French));
    }

    [Theory]
    [InlineData(ContentLanguage.Fr, "EXERCICE — Ceci est un exercice, pas une alerte réelle.")]
    [InlineData(ContentLanguage.En, "EXERCISE — This is an exercise, not a real alert.")]
    public void Exercise_is_marked_first_in_the_subject_and_at_the_top_of_both_bodies(ContentLanguage language, string first)
    {
        var message = Messages.French with { Language = language, Mode = AlertMode.Exercise, Title = "Fire" };

        Assert.StartsWith(first, Text(message), StringComparison.Ordinal);
        Assert.StartsWith(first[..8], Visible(Html(message)).TrimStart(), StringComparison.Ordinal);
        Assert.Contains("repeating-linear-gradient", Html(message), StringComparison.Ordinal);
        Assert.Contains("#6B2FA0", Html(message), StringComparison.Ordinal);
        Assert.DoesNotContain("#6B2FA0", Html(message with { Mode = AlertMode.Real }), StringComparison.Ordinal);
        Assert.Equal($"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{first[..8]} — Fire"))}?=", Read(message).Field("Subject"));
    }

    [Fact]
    public void Each_answer_is_a_button_to_the_personal_page()
    {
        var html = Html(Messages.French);

        Assert.Contains("href=\"https://tocsin.example/a/kqzv7w3m#answer-safe\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://tocsin.example/a/kqzv7w3m#answer-need-help\"", html, StringComparison.Ordinal);
        Assert.Contains(">J’ai besoin d’aide</a>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_fetched_when_it_is_opened()
    {
        var html = Html(Messages.French with { Mode = AlertMode.Exercise });

        Assert.DoesNotMatch("(?i)<(img|script|link|iframe|object|embed|video|audio|form|input)|url\\(|@import|@font-face|src=|background=", html);
    }

    [Fact]
    public void Words_can_not_become_markup()
    {
        var hostile = "</p><script>alert(1)</script>\" onclick=\"x";
        var html = Html(Messages.French with { Title = hostile, Body = hostile, Organisation = hostile, Answers = [new OfferedAnswer("x\"><b>", hostile)] });

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\" onclick", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_can_not_become_headers_or_commands()
    {
        const string Hostile = "x\r\nBcc: all@chu.example\r\n\r\n.\r\nMAIL FROM:<a@b.example>\r\n";
        var written = Encoding.UTF8.GetString(Write(Messages.French with { Title = Hostile, Organisation = Hostile, Body = Hostile, IdempotencyKey = "k\r\nBcc: x" }));

        Assert.Null(MimePart.Read(Encoding.UTF8.GetBytes(written)).Field("Bcc"));
        Assert.DoesNotContain("\r\n.", written, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", written.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u202Egnp.exe\u202C \u2066x\u2069 renversé")]
    [InlineData("👩🏽‍🚒🇫🇷 <script>alert(1)</script>")]
    [InlineData("E\u0301\u0301\u0301\u0301 accents")]
    [InlineData("x\u2028Bcc: all@chu.example\u2029")]
    [InlineData("=?UTF-8?B?QmNjOg==?= \"quoted\" <a@b.example>, (comment)")]
    [InlineData("\u0085Bcc: all@chu.example\u000B\u000C\0")]
    public void Hostile_words_stay_in_their_header_field_in_short_ASCII_lines(string hostile)
    {
        hostile += new string('\u0301', 200);
        var written = Encoding.UTF8.GetString(Write(Messages.French with { Title = hostile, Organisation = hostile, Body = hostile }));
        var header = written[..written.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");

        Assert.All(header, line => Assert.True(line.Length <= 78 && line.All(c => c is >= ' ' and <= '~'), line));
        var fields = header.Where(line => line[0] != ' ').Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]).ToList();
        Assert.Equal(fields.Count, fields.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.DoesNotContain("Bcc", fields, StringComparer.OrdinalIgnoreCase);
        var from = MimePart.Read(Encoding.UTF8.GetBytes(written)).Field("From")!;
        Assert.EndsWith("<alerte@tocsin.example>", from, StringComparison.Ordinal);
        Assert.Equal(1, from.Count(c => c == '<'));
    }

    [Fact]
    public void A_mail_that_tries_a_channel_begins_with_the_mark_of_a_test_and_looks_like_no_alert()
    {
        var test = Messages.French with { Purpose = MessagePurpose.Test, Severity = Severity.Info, Title = "Ceci n’est pas une alerte", Answers = [], AnswerLink = null, AlertId = default, AlertNumber = 0 };
        var mail = Read(test);
        Assert.StartsWith("TEST — ", AlertMail.Subject(test), StringComparison.Ordinal);
        Assert.Null(mail.Field("References"));
        Assert.Null(mail.Field("X-Tocsin-Alert"));
        foreach (var text in (string[])[Text(test), Html(test)])
        {
            Assert.Contains("TEST — Ceci n’est pas une alerte", text, StringComparison.Ordinal);
            Assert.DoesNotContain("lerte n°", text, StringComparison.Ordinal);
        }
    }

    /// <summary>It is no alert: nothing in it may look like one, and its subject is written into relays' logs.</summary>
    [Fact]
    public void A_verification_code_is_a_plain_mail_that_looks_like_no_alert()
    {
        var code = Messages.French with
        {
            Purpose = MessagePurpose.VerificationCode,
            Severity = Severity.Info,
            Title = "Code de vérification",
            Body = "123456\nSaisissez-le.",
            Answers = [],
            AnswerLink = null,
            AlertId = default,
            AlertNumber = 0,
        };
        var mail = Read(code);
        Assert.Equal("Verification code", Read(code with { Title = "Verification code" }).Field("Subject"));
        Assert.Null(mail.Field("References"));
        Assert.Null(mail.Field("X-Tocsin-Alert"));
        Assert.Equal("normal", mail.Field("Importance"));
        foreach (var text in (string[])[Text(code), Html(code)])
        {
            Assert.Contains("123456", text, StringComparison.Ordinal);
            Assert.DoesNotContain("lerte n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Information", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(MessagePurpose.Update, ContentLanguage.Fr, "Mise à jour\u00A0: ")]
    [InlineData(MessagePurpose.AllClear, ContentLanguage.Fr, "Fin d’alerte\u00A0: ")]
    [InlineData(MessagePurpose.Cancellation, ContentLanguage.En, "Cancelled: ")]
    public void What_follows_an_alert_says_so_and_stands_under_it(MessagePurpose purpose, ContentLanguage language, string prefix)
    {
        var first = Read(Messages.French);
        var later = Messages.French with { Purpose = purpose, Language = language, IdempotencyKey = "other" };

        Assert.Contains($"\n{prefix}Incendie", Text(later), StringComparison.Ordinal);
        Assert.Equal(first.Field("References"), Read(later).Field("References"));
        Assert.NotEqual(first.Field("Message-ID"), Read(later).Field("Message-ID"));
    }

    [Fact]
    public void Reply_address_is_given_where_replies_are_read()
    {
        Assert.True(Mailbox.TryParse("reponse+rx-y@tocsin.example", out var replyTo));
        var text = Read(Messages.French, replyTo).Parts[0].DecodeText();

        Assert.EndsWith("<reponse+rx-y@tocsin.example>", Read(Messages.French, replyTo).Field("Reply-To"), StringComparison.Ordinal);
        Assert.Contains("répondre à ce message", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ne serait pas lue", text, StringComparison.Ordinal);
    }

    private static string Text(OutboundMessage message) => Read(message).Parts[0].DecodeText().Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string Html(OutboundMessage message) => Read(message).Parts[1].DecodeText().Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string Visible(string html) => Tag().Replace(html[html.IndexOf("<body", StringComparison.Ordinal)..], "");

    private static MimePart Read(OutboundMessage message, Mailbox? replyTo = null) => MimePart.Read(Write(message, replyTo));

    private static byte[] Write(OutboundMessage message, Mailbox? replyTo = null)
    {
        Assert.True(Mailbox.TryParse(message.Address, out var recipient));
        Assert.True(Mailbox.TryParse("alerte@tocsin.example", out var from));
        var output = new ArrayBufferWriter<byte>();
        AlertMail.Write(output, message with { RaisedAt = message.RaisedAt.ToOffset(TimeSpan.FromHours(1)) }, recipient, new MailIdentity(from, replyTo), ManualTimeProvider.DefaultStart);
        return output.WrittenSpan.ToArray();
    }

    [GeneratedRegex("<[^>]*>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
