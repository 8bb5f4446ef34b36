using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Raising;
using Tocsin.Alerting.Scenarios;

namespace Tocsin.Server.Features.AlertsApi.Raising;

/// <summary>An alert to be raised: from a scenario, of which whatever is given here is changed for this once, or free.</summary>
/// <param name="ScenarioId">The scenario, by id or by <paramref name="ScenarioKey"/>; neither: a free alert.</param>
/// <param name="Mode">Absent: as the scenario says; real for a free alert.</param>
/// <param name="Title">From a scenario, with its variables between braces; in a free alert a brace is a brace.</param>
/// <param name="Public">Shows it to the public, as page, feed and CAP: a decision of the crisis director's. Absent: it is not shown.</param>
/// <param name="Variables">Values by variable's name.</param>
internal sealed record RaiseRequest(
    ScenarioId? ScenarioId = null,
    string? ScenarioKey = null,
    AlertMode? Mode = null,
    Severity? Severity = null,
    LocalizedText? Title = null,
    LocalizedText? Body = null,
    IReadOnlyDictionary<string, string?>? Variables = null,
    AudienceExpression? Audience = null,
    ChannelPlan? Plan = null,
    IReadOnlyList<AnswerChoice>? Answers = null,
    IReadOnlyList<EscalationRule>? Escalation = null,
    Attachment? Attachment = null,
    PublicNotice? Public = null)
{
    public bool IsFree => ScenarioId is null && ScenarioKey is null;
}
