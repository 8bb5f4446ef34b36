namespace Tocsin.Alerting.Content;

/// <summary>What an answer means for the board, whatever its words.</summary>
public enum AnswerMeaning
{
    Safe,
    NeedHelp,
    Coming,
    NotAvailable,

    /// <summary>A choice of the organisation's own.</summary>
    Other,
}

/// <summary>One answer that is offered.</summary>
/// <param name="Key">Stable within the alert: 1 to 32 characters of a-z, 0-9 and '-'. The four standard keys are <c>safe</c>, <c>need-help</c>, <c>coming</c>, <c>not-available</c>.</param>
/// <param name="Meaning">What the board counts it as.</param>
/// <param name="Label">The words on the button, per language; 1 to 40 characters each.</param>
public sealed record AnswerChoice(string Key, AnswerMeaning Meaning, LocalizedText Label);
