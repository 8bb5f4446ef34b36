using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.AlertsApi.Audiences;

internal static class AudienceCountEndpoint
{
    // As the rules allow; counting more would be work for nothing.
    private const int MostTerms = AudienceSelection.MaximumTerms;

    public static async Task<Results<Ok<AudienceCount>, ProblemHttpResult>> CountAsync(
        RuleBody<AudienceQuestion> body, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var audience = body.Value.Audience;
        if (IsTooLong(audience.Include) || IsTooLong(audience.Exclude)) return CommonRefusals.InvalidInput.ToProblem($"An audience has at most {MostTerms} terms.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var people = await AudienceQuery.ResolveAsync(db, audience, now, cancellationToken);
        var excluded = audience.Exclude.NamesNobody()
            ? 0
            : await AudienceQuery.CountAsync(db, audience with { Exclude = AudienceSelection.Nobody }, now, cancellationToken) - people.Length;
        var plan = body.Value.Plan ?? ChannelPlan.AllAtOnce;
        var reach = await AudienceReach.CountAsync(db, people, plan, body.Value.Severity ?? Severity.Severe, cancellationToken);
        var names = await AudienceNames.ReadAsync(db, [audience], cancellationToken);
        return TypedResults.Ok(new AudienceCount(people.Length, excluded, reach.Unreachable, reach.ByChannel, names.Sentence(audience, people.Length)));
    }

    private static bool IsTooLong(AudienceSelection selection) =>
        selection.People.Count + selection.Groups.Count + selection.Sites.Count + selection.Functions.Count + selection.OnDuty.Count + selection.Lists.Count > MostTerms;
}

/// <param name="Plan">By which channels; absent: all at once.</param>
/// <param name="Severity">The highest passes preferences; absent: severe.</param>
internal sealed record AudienceQuestion(AudienceExpression Audience, ChannelPlan? Plan = null, Severity? Severity = null);

/// <param name="People">How many people it comes to now, nobody counted twice.</param>
/// <param name="Excluded">How many of those included are excluded.</param>
/// <param name="Unreachable">Of the people, those whom none of the plan's channels can reach.</param>
/// <param name="ByChannel">Of the people, those whom a channel of the plan can reach.</param>
/// <param name="Sentence">How many and who, in words of both languages.</param>
internal sealed record AudienceCount(int People, int Excluded, int Unreachable, IReadOnlyDictionary<ChannelKind, int> ByChannel, LocalizedText Sentence);
