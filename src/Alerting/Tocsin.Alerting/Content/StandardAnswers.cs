namespace Tocsin.Alerting.Content;

/// <summary>The four answers that need no thinking, in the order in which they are offered.</summary>
public static class StandardAnswers
{
    public static AnswerChoice Safe { get; } = new("safe", AnswerMeaning.Safe, new LocalizedText("Je suis en sécurité", "I’m safe"));

    public static AnswerChoice NeedHelp { get; } = new("need-help", AnswerMeaning.NeedHelp, new LocalizedText("J’ai besoin d’aide", "I need help"));

    public static AnswerChoice Coming { get; } = new("coming", AnswerMeaning.Coming, new LocalizedText("J’arrive", "I’m coming"));

    public static AnswerChoice NotAvailable { get; } =
        new("not-available", AnswerMeaning.NotAvailable, new LocalizedText("Pas disponible", "Not available"));

    public static IReadOnlyList<AnswerChoice> All { get; } = [Safe, NeedHelp, Coming, NotAvailable];
}
