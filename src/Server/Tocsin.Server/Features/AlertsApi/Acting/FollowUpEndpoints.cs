using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.AlertsApi.Acting;

internal static class FollowUpEndpoints
{
    /// <summary>Whoever may update, clear and cancel an alert: a crisis director, and whoever raised it.</summary>
    public static bool MayEnd(Alert alert, Actor actor) =>
        alert.State == AlertState.Active && (actor.Has(Roles.CrisisDirector) || (actor.Has(Roles.CrisisMember) && string.Equals(alert.RaisedBy, actor.Id, StringComparison.Ordinal)));

    public static async Task<Results<Ok<FollowedUp>, ProblemHttpResult>> UpdateAsync(
        Guid id, RuleBody<FollowUpText> body, FollowUpAlert followUp, IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var actor = context.Actor();
        if (!actor.Has(Roles.Communicator) && await CheckAsync(id, contexts, actor, cancellationToken) is { } notAllowed) return notAllowed;
        return Answer(await followUp.UpdateAsync(new AlertId(id), new AlertText(body.Value.Title, body.Value.Body), body.Value.Severity, actor.ForAudit, cancellationToken));
    }

    public static async Task<Results<Ok<FollowedUp>, ProblemHttpResult>> AllClearAsync(
        Guid id, RuleBody<EndingText> body, FollowUpAlert followUp, IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        if (await CheckAsync(id, contexts, context.Actor(), cancellationToken) is { } notAllowed) return notAllowed;
        return Answer(await followUp.AllClearAsync(new AlertId(id), body.Value.ToText(), context.Actor().ForAudit, cancellationToken));
    }

    public static async Task<Results<Ok<FollowedUp>, ProblemHttpResult>> CancelAsync(
        Guid id, RuleBody<EndingText> body, FollowUpAlert followUp, IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        if (await CheckAsync(id, contexts, context.Actor(), cancellationToken) is { } notAllowed) return notAllowed;
        return Answer(await followUp.CancelAsync(new AlertId(id), body.Value.ToText(), context.Actor().ForAudit, cancellationToken));
    }

    private static async Task<ProblemHttpResult?> CheckAsync(Guid id, IDbContextFactory<TocsinDbContext> contexts, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var alert = await db.Set<Alert>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == new AlertId(id), cancellationToken);
        if (alert is null) return CommonRefusals.NotFound.ToProblem();
        if (alert.State != AlertState.Active) return AlertRefusals.Ended.ToProblem();
        return MayEnd(alert, actor) ? null : AlertRefusals.NotRaiser.ToProblem();
    }

    private static Results<Ok<FollowedUp>, ProblemHttpResult> Answer(FollowUpResult result) => result switch
    {
        FollowUpResult.Done done => TypedResults.Ok(new FollowedUp(done.Number, done.Revision)),
        FollowUpResult.NotFound => CommonRefusals.NotFound.ToProblem(),
        FollowUpResult.Over => AlertRefusals.Ended.ToProblem(),
        FollowUpResult.Refused refused => refused.Violations.ToProblem(),
        _ => throw new InvalidOperationException($"No answer for {result.GetType().Name}."),
    };
}

/// <summary>New words of an alert. A brace is a brace.</summary>
/// <param name="Severity">As it is from now on; absent: unchanged.</param>
internal sealed record FollowUpText(LocalizedText Title, LocalizedText Body, Severity? Severity = null);

/// <summary>The last words of an alert; without any, the standard ones are said.</summary>
internal sealed record EndingText(LocalizedText? Title = null, LocalizedText? Body = null)
{
    /// <summary>Half a text is a text: the rules then say what is missing.</summary>
    public AlertText? ToText() => Title is null && Body is null ? null : new AlertText(Title ?? new LocalizedText(), Body ?? new LocalizedText());
}

internal sealed record FollowedUp(long Number, int Revision);
