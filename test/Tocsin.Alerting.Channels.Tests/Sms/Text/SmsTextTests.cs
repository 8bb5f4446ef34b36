using Tocsin.Alerting.Channels.Sms.Text;
using Tocsin.Alerting.Content;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms.Text;

public sealed class SmsTextTests
{
    private static readonly OutboundMessage Evacuation = new(
        new DeliveryId(1),
        1,
        "delivery-1",
        new AlertId(Guid.Empty),
        42,
        "+33612345678",
        "CHU Saint-Gilles",
        ContentLanguage.Fr,
        MessagePurpose.Alert,
        AlertMode.Real,
        Severity.Extreme,
        "Incendie au bloc B",
        "Quittez le bloc par la sortie nord.\nN’utilisez pas les ascenseurs.",
        [new OfferedAnswer("safe", "En sécurité"), new OfferedAnswer("need-help", "Besoin d'aide")],
        new Uri("https://tocsin.example/a/7fK2"),
        ManualTimeProvider.DefaultStart,
        ManualTimeProvider.DefaultStart.AddHours(4));

    [Fact]
    public void French_alert_says_what_it_is_what_to_do_how_to_answer_and_where() => Assert.Equal(
        """
        ALERTE CHU Saint-Gilles: Incendie au bloc B
        Quittez le bloc par la sortie nord.
        N'utilisez pas les ascenseurs.
        Répondez 1 En sécurité, 2 Besoin d'aide
        https://tocsin.example/a/7fK2
        """,
        SmsText.Compose(Evacuation, 8));

    [Fact]
    public void English_exercise_begins_with_its_mark() => Assert.Equal(
        """
        EXERCISE - ALERT CHU Saint-Gilles: Fire in block B
        Leave by the north exit.
        Reply 1 I'm safe
        https://tocsin.example/a/7fK2
        """,
        SmsText.Compose(
            Evacuation with
            {
                Language = ContentLanguage.En,
                Mode = AlertMode.Exercise,
                Title = "Fire in block B",
                Body = "Leave by the north exit.",
                Answers = [new OfferedAnswer("safe", "I'm safe")],
            },
            8));

    [Theory]
    [InlineData(MessagePurpose.Reminder, ContentLanguage.Fr, "RAPPEL ")]
    [InlineData(MessagePurpose.Update, ContentLanguage.Fr, "MISE A JOUR ")]
    [InlineData(MessagePurpose.AllClear, ContentLanguage.Fr, "FIN D'ALERTE ")]
    [InlineData(MessagePurpose.Cancellation, ContentLanguage.Fr, "ANNULATION ")]
    [InlineData(MessagePurpose.Reminder, ContentLanguage.En, "REMINDER ")]
    [InlineData(MessagePurpose.Update, ContentLanguage.En, "UPDATE ")]
    [InlineData(MessagePurpose.AllClear, ContentLanguage.En, "ALL CLEAR ")]
    [InlineData(MessagePurpose.Cancellation, ContentLanguage.En, "CANCELLED ")]
    public void Purpose_is_the_first_word(MessagePurpose purpose, ContentLanguage language, string start) =>
        Assert.StartsWith(start, SmsText.Compose(Evacuation with { Purpose = purpose, Language = language }, 8), StringComparison.Ordinal);

    [Fact]
    public void A_verification_code_says_who_sends_it_and_is_called_no_alert() =>
        Assert.Equal(
            "CHU Saint-Gilles: Code de vérification\n123456",
            SmsText.Compose(Evacuation with { Purpose = MessagePurpose.VerificationCode, Title = "Code de vérification", Body = "123456", Answers = [], AnswerLink = null }, 8));

    [Fact]
    public void A_change_of_contact_details_is_called_no_alert_and_costs_no_other_letters() =>
        Assert.Equal(
            "CHU Saint-Gilles: Vos coordonnées ont changé\nAjout de ---- 96",
            SmsText.Compose(Evacuation with { Purpose = MessagePurpose.ContactChange, Title = "Vos coordonnées ont changé", Body = "Ajout de •••• 96", Answers = [], AnswerLink = null }, 8));

    [Theory]
    [InlineData(ContentLanguage.Fr)]
    [InlineData(ContentLanguage.En)]
    public void A_message_that_tries_a_channel_begins_with_the_mark_of_a_test(ContentLanguage language) =>
        Assert.Equal(
            "TEST CHU Saint-Gilles: No alert\nIt works.",
            SmsText.Compose(Evacuation with { Purpose = MessagePurpose.Test, Language = language, Title = "No alert", Body = "It works.", Answers = [], AnswerLink = null }, 8));

    /// <summary>What a phone would obey rather than show, and what would end a message early in somebody's program.</summary>
    [Theory]
    [InlineData("a\0b\u0007\u001B[31m\u009Dc")]
    [InlineData("\u202Egnp.exe\u202C \u2066x\u2069 \u200F")]
    [InlineData("👩🏽‍🚒🇫🇷 <script>alert(1)</script>")]
    [InlineData("E\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301")]
    [InlineData("\uD83D lone")]
    [InlineData("\r\nREMINDER other: \u2028x\u2029")]
    public void Hostile_words_are_shown_and_not_obeyed(string hostile)
    {
        var text = SmsText.Compose(Evacuation with { Title = hostile, Organisation = hostile, Body = hostile + new string('\u0301', 200) }, 3);

        Assert.DoesNotContain(text, c => c != '\n' && char.IsControl(c));
        Assert.DoesNotContain(text, c => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u2028' or '\u2029' or '\u200E' or '\u200F');
        Assert.StartsWith("ALERTE ", text, StringComparison.Ordinal);
        Assert.InRange(SmsMeasure.OfPlain(text).Parts, 1, 3);
    }

    [Fact]
    public void Fixed_words_never_force_the_costly_encoding()
    {
        foreach (var language in Enum.GetValues<ContentLanguage>())
        {
            foreach (var purpose in Enum.GetValues<MessagePurpose>())
            {
                foreach (var mode in Enum.GetValues<AlertMode>())
                    Assert.Empty(SmsText.Measure(Evacuation with { Language = language, Purpose = purpose, Mode = mode }, 8).CharactersForcingUcs2);
            }
        }
    }

    [Fact]
    public void Long_body_is_cut_and_the_answers_and_the_link_are_kept()
    {
        var text = SmsText.Compose(Evacuation with { Body = string.Join(' ', Enumerable.Repeat("évacuation", 400)) }, 3);

        Assert.Equal(3, SmsMeasure.Of(text).Parts);
        Assert.Contains("...\nRépondez 1 En sécurité, 2 Besoin d'aide\nhttps://tocsin.example/a/7fK2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_body_answers_and_link_leave_no_empty_lines() =>
        Assert.Equal("ALERTE CHU Saint-Gilles: Incendie au bloc B", SmsText.Compose(Evacuation with { Body = " \n", Answers = [], AnswerLink = null }, 8));

    [Fact]
    public void Title_of_several_lines_takes_one() =>
        Assert.StartsWith("ALERTE CHU Saint-Gilles: a b\n", SmsText.Compose(Evacuation with { Title = "a\r\nb" }, 8), StringComparison.Ordinal);

    [Fact]
    public void Whatever_the_words_the_bound_is_kept_and_the_link_is_whole()
    {
        var random = TestSeed.Random();
        string[] letters = ["a", "é", "ê", "€", "🔥", "\n", " ", "’", "日", "\u0007"];
        for (var i = 0; i < 3_000; i++)
        {
            var message = Evacuation with
            {
                Title = Words(random, 120),
                Body = Words(random, 1_000),
                Organisation = Words(random, 60),
                Mode = (AlertMode)random.Next(2),
                Answers = [.. Enumerable.Range(0, random.Next(9)).Select(n => new OfferedAnswer($"k{n}", Words(random, 40)))],
            };
            var parts = random.Next(1, 9);
            var text = SmsText.Compose(message, parts);

            Assert.InRange(SmsMeasure.OfPlain(text).Parts, 1, parts);
            Assert.EndsWith("https://tocsin.example/a/7fK2", text, StringComparison.Ordinal);
            if (message.Mode == AlertMode.Exercise)
                Assert.StartsWith("EXERCICE", text, StringComparison.Ordinal);
        }

        string Words(Random from, int longest) => string.Concat(Enumerable.Range(0, from.Next(longest)).Select(_ => letters[from.Next(letters.Length)]));
    }
}
