using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Raising;
using Tocsin.Alerting.Scenarios;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Scenarios;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.AlertsApi.Raising;

/// <summary>Makes what is asked for into what is raised: the scenario, with what was changed for this once, and its variables filled in.</summary>
internal sealed class AskedAlert(IDbContextFactory<TocsinDbContext> contexts)
{
    /// <returns>Either the draft or why not.</returns>
    public async Task<(AlertDraft? Draft, ProblemHttpResult? Refused)> ToDraftAsync(RaiseRequest request, Actor actor, CancellationToken cancellationToken)
    {
        if (request.Public is { } notice)
        {
            if (!actor.Has(Roles.CrisisDirector)) return (null, AlertRefusals.PublicByDirector.ToProblem());
            if (notice.Validate() is { Count: > 0 } violations) return (null, violations.ToProblem());
        }

        var (draft, refused) = await DraftAsync(request, actor, cancellationToken);
        return (draft is null ? null : draft with { Public = request.Public }, refused);
    }

    private async Task<(AlertDraft? Draft, ProblemHttpResult? Refused)> DraftAsync(RaiseRequest request, Actor actor, CancellationToken cancellationToken)
    {
        if (request.IsFree) return actor.Has(Roles.CrisisDirector) ? Free(request) : (null, AlertRefusals.OnlyPrepared.ToProblem());
        var scenario = await FindAsync(request, cancellationToken);
        if (scenario is null) return (null, CommonRefusals.NotFound.ToProblem());
        if (!scenario.Enabled) return (null, AlertRefusals.ScenarioDisabled.ToProblem());
        var prepared = ScenarioSummary.DefinitionOf(scenario);
        var wanted = Change(prepared, request);
        if (!actor.Has(Roles.CrisisDirector) && !IsAsPrepared(prepared, wanted, actor)) return (null, AlertRefusals.OnlyAsPrepared.ToProblem());
        return FromScenario(scenario.Id, wanted, request);
    }

    private async Task<Scenario?> FindAsync(RaiseRequest request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var scenarios = db.Set<Scenario>().AsNoTracking();
        return request.ScenarioId is { } id
            ? await scenarios.FirstOrDefaultAsync(s => s.Id == id, cancellationToken)
            : await scenarios.FirstOrDefaultAsync(s => s.Key == request.ScenarioKey, cancellationToken);
    }

    private static (AlertDraft? Draft, ProblemHttpResult? Refused) Free(RaiseRequest request)
    {
        var violations = new List<RuleViolation>();
        if (request.Title is null) violations.Add(new RuleViolation(RuleCodes.TitleMissing, "title"));
        if (request.Body is null) violations.Add(new RuleViolation(RuleCodes.BodyMissing, "body"));
        if (request.Severity is null) violations.Add(new RuleViolation(FieldCodes.Unreadable, "severity"));
        if (request.Variables is { Count: > 0 }) violations.Add(new RuleViolation(RuleCodes.VariableUnknown, "variables"));
        if (violations.Count > 0) return (null, violations.ToProblem());
        var defaults = new AlertDraft
        {
            Mode = request.Mode ?? AlertMode.Real,
            Severity = request.Severity!.Value,
            Text = new AlertText(request.Title!, request.Body!),
            Audience = request.Audience ?? AudienceExpression.Nobody,
            Attachment = request.Attachment,
        };
        return (defaults with
        {
            Plan = request.Plan ?? defaults.Plan,
            Answers = request.Answers ?? defaults.Answers,
            Escalation = request.Escalation ?? defaults.Escalation,
        }, null);
    }

    private static ScenarioDefinition Change(ScenarioDefinition prepared, RaiseRequest request) => prepared with
    {
        Mode = request.Mode ?? prepared.Mode,
        Severity = request.Severity ?? prepared.Severity,
        Content = prepared.Content with { Title = request.Title ?? prepared.Content.Title, Body = request.Body ?? prepared.Content.Body },
        Audience = request.Audience ?? prepared.Audience,
        Plan = request.Plan ?? prepared.Plan,
        Answers = request.Answers ?? prepared.Answers,
        Escalation = request.Escalation ?? prepared.Escalation,
        Attachment = request.Attachment ?? prepared.Attachment,
    };

    /// <summary>
    /// Whether nothing is changed that was decided in advance. Mode and variables are for whoever raises; so is the audience where the scenario leaves it open,
    /// but not for a machine, which cannot choose.
    /// </summary>
    private static bool IsAsPrepared(ScenarioDefinition prepared, ScenarioDefinition wanted, Actor actor)
    {
        var compared = wanted with { Mode = prepared.Mode };
        if (prepared.Audience.Include.NamesNobody() && actor.Has(Roles.CrisisMember)) compared = compared with { Audience = prepared.Audience };

        // As JSON, since lists compare by reference. A prepared form has one way to be written.
        return string.Equals(JsonSerializer.Serialize(compared, AlertingJson.Options), JsonSerializer.Serialize(prepared, AlertingJson.Options), StringComparison.Ordinal);
    }

    private static (AlertDraft? Draft, ProblemHttpResult? Refused) FromScenario(ScenarioId id, ScenarioDefinition wanted, RaiseRequest request)
    {
        var violations = ScenarioValidation.Validate(wanted)
            .Select(violation => violation with { Path = violation.Path.StartsWith("content.", StringComparison.Ordinal) ? violation.Path["content.".Length..] : violation.Path }).ToList();
        if (violations.Count > 0) return (null, violations.ToProblem());
        var values = (request.Variables ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            .ToDictionary(value => value.Key, value => value.Value ?? "", StringComparer.Ordinal);
        var unfilled = wanted.Content.Fill(values, out var text);
        if (text is null) return (null, unfilled.ToProblem());
        return (new AlertDraft
        {
            Mode = wanted.Mode,
            Severity = wanted.Severity,
            Text = text,
            Audience = wanted.Audience,
            Plan = wanted.Plan,
            Answers = wanted.Answers,
            Escalation = wanted.Escalation,
            Attachment = wanted.Attachment,
            Scenario = id,
        }, null);
    }
}
