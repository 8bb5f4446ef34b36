using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Board;

internal static class BoardEndpoint
{
    public static async Task<Results<Ok<BoardView>, ProblemHttpResult>> GetAsync(Guid id, BoardReading reading, HttpContext context, CancellationToken cancellationToken) =>
        await reading.FindAsync(new AlertId(id), context.Actor(), cancellationToken) is { } board ? TypedResults.Ok(board) : CommonRefusals.NotFound.ToProblem();

    /// <summary>By the number that people use, for scripts.</summary>
    public static async Task<Results<Ok<BoardView>, ProblemHttpResult>> GetByNumberAsync(
        long number, BoardReading reading, IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var id = await db.Set<Alert>().Where(a => a.Number == number).Select(a => (AlertId?)a.Id).FirstOrDefaultAsync(cancellationToken);
        return id is { } known && await reading.FindAsync(known, context.Actor(), cancellationToken) is { } board ? TypedResults.Ok(board) : CommonRefusals.NotFound.ToProblem();
    }

    public static async Task<Results<Ok<GroupCounts>, ProblemHttpResult>> GetGroupsAsync(Guid id, AlertBoard alerts, CancellationToken cancellationToken)
    {
        if (await alerts.FindAsync(new AlertId(id), cancellationToken) is null) return CommonRefusals.NotFound.ToProblem();
        var groups = await alerts.CountByGroupAsync(new AlertId(id), cancellationToken);
        return TypedResults.Ok(new GroupCounts([.. groups.Select(GroupCount.Of)
            .OrderByDescending(group => group.NeedHelp).ThenBy(group => group.Name, StringComparer.CurrentCultureIgnoreCase)]));
    }
}

/// <summary>Puts a board together: a few dozen rows, however many people the alert is for.</summary>
internal sealed class BoardReading(AlertBoard alerts, AlertReading reading)
{
    /// <returns>Null where there is no such alert.</returns>
    public async Task<BoardView?> FindAsync(AlertId id, Actor reader, CancellationToken cancellationToken)
    {
        if (await alerts.FindAsync(id, cancellationToken) is not { } known) return null;
        var totals = known.Summary.Totals;
        var standings = Enum.GetValues<Standing>().ToDictionary(standing => standing, standing => totals.Standing.GetValueOrDefault(standing));

        // Whoever is still to be written down has not been reached yet.
        standings[Standing.NotReached] += Math.Max(0, known.Summary.Alert.AudienceCount - totals.Recipients);
        var sites = await alerts.CountBySiteAsync(id, cancellationToken);
        return new BoardView(
            await reading.DetailAsync(known, reader, cancellationToken),
            standings,
            [.. totals.Answers.OrderByDescending(answer => answer.Value).Select(answer => new AnswerCount(answer.Key, answer.Value))],
            [.. totals.Deliveries.SelectMany(channel => channel.Value.Select(state => new DeliveryCount(channel.Key, state.Key, state.Value)))],
            [.. totals.Failures.SelectMany(channel => channel.Value.Select(failure => new FailureCount(channel.Key, failure.Key, failure.Value))).OrderByDescending(failure => failure.Count)],
            [.. sites.Select(SiteCount.Of).OrderByDescending(site => site.NeedHelp).ThenBy(site => site.Name is null).ThenBy(site => site.Name, StringComparer.CurrentCultureIgnoreCase)],
            totals.UnreadReplies);
    }
}

/// <summary>Counts only: a board of 100,000 people is a few rows.</summary>
/// <param name="Standings">All of them, zeros too.</param>
/// <param name="Answers">Those given, the most frequent first.</param>
/// <param name="Sites">Those that have recipients; those where somebody needs help first.</param>
/// <param name="UnreadReplies">People who wrote something that no answer could be read from.</param>
internal sealed record BoardView(
    AlertDetail Alert,
    IReadOnlyDictionary<Standing, long> Standings,
    IReadOnlyList<AnswerCount> Answers,
    IReadOnlyList<DeliveryCount> Deliveries,
    IReadOnlyList<FailureCount> Failures,
    IReadOnlyList<SiteCount> Sites,
    long UnreadReplies);

internal sealed record AnswerCount(string Key, long Count);

internal sealed record DeliveryCount(ChannelKind Channel, DeliveryState State, long Count);

internal sealed record FailureCount(ChannelKind Channel, string Code, long Count);

/// <param name="SiteId">Absent for people without one.</param>
/// <param name="Failed">Nothing can reach them: somebody must act.</param>
internal sealed record SiteCount(Guid? SiteId, string? Name, long Recipients, long Answered, long NeedHelp, long Failed)
{
    public static SiteCount Of(PlaceCount place)
    {
        var needHelp = place.Standing.GetValueOrDefault(Standing.NeedsHelp);
        return new SiteCount(
            place.Id, place.Name, place.Standing.Values.Sum(), place.Standing.GetValueOrDefault(Standing.Answered) + needHelp, needHelp, place.Standing.GetValueOrDefault(Standing.Failed));
    }
}

/// <param name="Items">Groups with at least one recipient as a direct member; those where somebody needs help first.</param>
internal sealed record GroupCounts(IReadOnlyList<GroupCount> Items);

internal sealed record GroupCount(Guid? GroupId, string? Name, long Recipients, long Answered, long NeedHelp, long Failed)
{
    public static GroupCount Of(PlaceCount group)
    {
        var counted = SiteCount.Of(group);
        return new GroupCount(group.Id, group.Name, counted.Recipients, counted.Answered, counted.NeedHelp, counted.Failed);
    }
}
