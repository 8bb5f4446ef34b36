using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Board;

namespace Tocsin.Server.Features.AlertsApi.Replies;

/// <summary>Replies that belong to no recipient: somebody may need help from a telephone that nobody knows.</summary>
internal static class StrayReplyReading
{
    private const int MaximumPage = 200;

    /// <summary>The latest first.</summary>
    public static async Task<Results<Ok<StrayReplyPage>, ProblemHttpResult>> ListAsync(
        string? after, int? limit, AlertBoard alerts, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumPage) return CommonRefusals.InvalidInput.ToProblem($"limit is 1 to {MaximumPage}.");
        if (!NumberCursor.TryParse(after, out var before)) return CommonRefusals.InvalidInput.ToProblem("after is not a cursor of this list.");
        var take = limit ?? 50;
        var replies = await alerts.ListStrayRepliesAsync(before, take + 1, cancellationToken);
        return TypedResults.Ok(new StrayReplyPage(
            [.. replies.Take(take).Select(r => new StrayReplyView(r.Id, r.Channel, r.Sender, r.Text, r.At))],
            replies.Count > take ? replies[take - 1].Id.ToString(CultureInfo.InvariantCulture) : null));
    }
}

/// <param name="Sender">The address or number it came from, whole: it is the only way back.</param>
internal sealed record StrayReplyView(long Id, ChannelKind Channel, string Sender, string Text, DateTimeOffset At);

internal sealed record StrayReplyPage(IReadOnlyList<StrayReplyView> Items, string? Next);
