using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.AlertsApi;

internal static class AlertRefusals
{
    public static readonly Refusal Ended = new("alert-ended", 409, "This alert has ended: nothing can follow it any more.");
    public static readonly Refusal ScenarioDisabled = new("scenario-disabled", 409, "This scenario is switched off: enable it before raising it.");
    public static readonly Refusal OnlyAsPrepared = new("only-as-prepared", 403, "You may raise this scenario only as it was prepared.");
    public static readonly Refusal OnlyPrepared = new("only-prepared", 403, "You may raise prepared scenarios only.");
    public static readonly Refusal PublicByDirector = new("public-by-director", 403, "Only a crisis director decides that the public is shown an alert.");
    public static readonly Refusal AsksNoAnswer = new("asks-no-answer", 409, "This alert asks for no answer, so nobody is silent.");
    public static readonly Refusal NobodySilent = new("nobody-silent", 409, "Everybody has answered: there is nobody to remind.");
    public static readonly Refusal AnswerUnknown = new("answer-unknown", 400, "This is not one of the alert's answers.");
    public static readonly Refusal AnswerEmpty = new("answer-empty", 400, "An answer is a choice, some words, or both.");
    public static readonly Refusal NotRaiser = new("not-the-raiser", 403, "Only a crisis director, or whoever raised the alert, can end or change it.");
}
