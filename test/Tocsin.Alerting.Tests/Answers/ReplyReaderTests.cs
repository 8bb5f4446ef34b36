using Tocsin.Alerting.Answers;
using Tocsin.Alerting.Content;
using Tocsin.Testing;

namespace Tocsin.Alerting.Tests.Answers;

public sealed class ReplyReaderTests
{
    private static readonly ReplyReader Standard = new(StandardAnswers.All);

    [Theory]
    [InlineData("1", "safe")]
    [InlineData("1.", "safe")]
    [InlineData(" 1 ", "safe")]
    [InlineData("1 - merci", "safe")]
    [InlineData("1 merci beaucoup", "safe")]
    [InlineData("1. Je suis chez moi", "safe")]
    [InlineData("1) Je suis en sécurité", "safe")]
    [InlineData("2", "need-help")]
    [InlineData("3, thanks", "coming")]
    [InlineData("4", "not-available")]
    [InlineData("Je suis en sécurité", "safe")]
    [InlineData("JE SUIS EN SECURITE !!!", "safe")]
    [InlineData("je suis en se\u0301curite\u0301", "safe")]
    [InlineData("ok", "safe")]
    [InlineData("OK.", "safe")]
    [InlineData("oui", "safe")]
    [InlineData("Oui merci", "safe")]
    [InlineData("yes", "safe")]
    [InlineData("bien reçu", "safe")]
    [InlineData("D’accord", "safe")]
    [InlineData("Tout va bien ici", "safe")]
    [InlineData("I'm safe", "safe")]
    [InlineData("I’m safe", "safe")]
    [InlineData("aide", "need-help")]
    [InlineData("J’ai besoin d’aide", "need-help")]
    [InlineData("Au secours", "need-help")]
    [InlineData("help", "need-help")]
    [InlineData("can you help me", "need-help")]
    [InlineData("SOS", "need-help")]
    [InlineData("ok mais j'ai besoin d'aide", "need-help")]
    [InlineData("Je suis blessée", "need-help")]
    [InlineData("J'arrive", "coming")]
    [InlineData("j arrive dans 10 minutes", "coming")]
    [InlineData("oui, j'arrive", "coming")]
    [InlineData("On my way", "coming")]
    [InlineData("Pas disponible", "not-available")]
    [InlineData("Désolé, je ne suis pas dispo", "not-available")]
    [InlineData("je ne peux pas", "not-available")]
    [InlineData("Je suis en congés", "not-available")]
    [InlineData("I can't come", "not-available")]
    [InlineData("not available", "not-available")]
    public void Usual_replies_are_understood(string reply, string expected) => Assert.Equal(new AnswerReading.Chosen(expected), Standard.Read(reply));

    [Theory]
    [InlineData("1 ou 2 ?")]
    [InlineData("1 2")]
    [InlineData("1 blessé grave")]
    [InlineData("1 person trapped")]
    [InlineData("Je suis en sécurité mais Paul a besoin d'aide")]
    [InlineData("j'arrive, besoin d'aide")]
    public void Two_answers_in_one_reply_are_ambiguous(string reply) => Assert.IsType<AnswerReading.Ambiguous>(Standard.Read(reply));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("?")]
    [InlineData("5")]
    [InlineData("0")]
    [InlineData("11")]
    [InlineData("12h30")]
    [InlineData("1 mort")]
    [InlineData("1 dead")]
    [InlineData("qui êtes-vous ?")]
    [InlineData("non")]
    [InlineData("STOP")]
    public void What_is_no_answer_is_left_to_a_person(string reply) => Assert.IsType<AnswerReading.Unknown>(Standard.Read(reply));

    [Theory]
    [InlineData("Je ne suis pas en sécurité")]
    [InlineData("pas en sécurité")]
    [InlineData("I'm not safe")]
    [InlineData("I am NOT safe")]
    [InlineData("not ok")]
    [InlineData("pas ok")]
    [InlineData("ok non")]
    [InlineData("isn't safe")]
    [InlineData("personne n'est en sécurité")]
    [InlineData("1 non")]
    [InlineData("1 pas vraiment")]
    public void A_negation_is_never_read_as_safe(string reply) => Assert.IsNotType<AnswerReading.Chosen>(Standard.Read(reply));

    [Fact]
    public void A_no_need_for_help_is_not_a_call_for_help() =>
        Assert.IsType<AnswerReading.Unknown>(Standard.Read("Je n'ai pas besoin d'aide"));

    [Fact]
    public void Assent_and_refusal_mean_coming_or_not_where_safety_is_not_asked()
    {
        var callOut = new ReplyReader([StandardAnswers.Coming, StandardAnswers.NotAvailable]);

        Assert.Equal(new AnswerReading.Chosen("coming"), callOut.Read("Oui"));
        Assert.Equal(new AnswerReading.Chosen("not-available"), callOut.Read("non"));
    }

    [Fact]
    public void Choices_of_the_organisations_own_are_understood_by_digit_and_by_label()
    {
        var own = new ReplyReader(
        [
            new AnswerChoice("day", AnswerMeaning.Other, new LocalizedText("Équipe de jour", "Day shift")),
            new AnswerChoice("night", AnswerMeaning.Other, new LocalizedText("Équipe de nuit", "Night shift")),
        ]);

        Assert.Equal(new AnswerReading.Chosen("night"), own.Read("2"));
        Assert.Equal(new AnswerReading.Chosen("day"), own.Read("equipe de jour"));
        Assert.Equal(new AnswerReading.Chosen("night"), own.Read("NIGHT SHIFT please"));
        Assert.IsType<AnswerReading.Unknown>(own.Read("ok"));
    }

    [Theory]
    [InlineData("2\n\nLe mar. 3 mars 2026 à 10:00, Hôpital <alerte@exemple.fr> a écrit :\n> 1 - Je suis en sécurité\n> 2 - J'ai besoin d'aide", "need-help")]
    [InlineData("J'arrive\n-- \nPaul\nAide-soignant", "coming")]
    [InlineData("> 1 - Je suis en sécurité\n> 2 - J'ai besoin d'aide\n\nI'm safe", "safe")]
    [InlineData("Safe\r\n\r\nOn Tue, Mar 3, 2026, Hospital wrote:\r\n> I need help", "safe")]
    [InlineData("Coming\n\n-----Original Message-----\nFrom: Hospital\n1 - I'm safe", "coming")]
    public void A_mail_is_read_without_what_it_quotes(string reply, string expected) =>
        Assert.Equal(new AnswerReading.Chosen(expected), Standard.Read(reply));

    [Fact]
    public void Any_text_is_read_without_a_throw()
    {
        var random = TestSeed.Random();
        string[] bits = ["1", "9", "aide", "ok", " ", "\n", "pas", "\uD800", "\u0301", "œ", ">", "\0", "Le ", " :", "--", "é", "🙂"];
        for (var i = 0; i < 5_000; i++)
        {
            var reply = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => bits[random.Next(bits.Length)]));
            Assert.NotNull(Standard.Read(reply));
        }
    }
}
