using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Server.Features.Meetings.Calls;
using Tocsin.Storage;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.Meetings.Durable;

/// <summary>What of meetings outlasts their calls. Which meetings somebody may see is <see cref="MeetingRights"/>'.</summary>
internal static class MeetingEndpoints
{
    // More than anybody joins; the list is a page's, not a record's.
    private const int MostListed = 200;

    public static void Map(IEndpointRouteBuilder endpoints, RouteGroupBuilder meetings)
    {
        meetings.MapGet("", ListAsync).RequireSignedIn().WithName("listMeetings");
        meetings.MapPost("", OpenAsync).RequireRole(MeetingRights.Openers).WithIdempotency().WithName("openMeeting");
        meetings.MapGet("/{id:guid}", ReadAsync).RequireSignedIn().WithName("readMeeting");
        meetings.MapPost("/{id:guid}/end", EndAsync).RequireSignedIn().WithName("endMeeting");
        meetings.MapPost("/{id:guid}/invitations", InviteAsync).RequireSignedIn().WithName("inviteToMeeting");
        endpoints.MapPost("/api/v1/rooms/{id:guid}/call", OpenOfRoomAsync).WithTags("meetings").RequireSignedIn().WithIdempotency().WithName("openRoomCall");
    }

    private static async Task<Ok<MeetingList>> ListAsync(HttpContext context, CallRegistry calls, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var actor = context.Actor();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var meetings = await MeetingRights.JoinableBy(db, actor).AsNoTracking().Where(meeting => meeting.EndedAt == null)
            .OrderByDescending(meeting => meeting.OpenedAt).Take(MostListed).ToListAsync(cancellationToken);
        return TypedResults.Ok(new MeetingList([.. meetings.Select(meeting => MeetingView.Of(meeting, actor, calls.CountIn(meeting.Id)))]));
    }

    private static async Task<Results<Ok<MeetingView>, ProblemHttpResult>> ReadAsync(
        Guid id, HttpContext context, CallRegistry calls, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var actor = context.Actor();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (meeting, _) = await MeetingRights.FindAsync(db, new(id), actor, cancellationToken);
        return meeting is null ? CommonRefusals.NotFound.ToProblem() : TypedResults.Ok(MeetingView.Of(meeting, actor, calls.CountIn(meeting.Id)));
    }

    private static async Task<Results<Ok<MeetingView>, ProblemHttpResult>> OpenAsync(
        OpenMeetingRequest request, HttpContext context, CallRegistry calls, MeetingCommands commands, CancellationToken cancellationToken)
    {
        var actor = context.Actor();
        var answer = await commands.OpenAsync(request, actor, cancellationToken);
        return answer.Value is { } meeting ? TypedResults.Ok(MeetingView.Of(meeting, actor, calls.CountIn(meeting.Id))) : answer.ToProblem();
    }

    private static async Task<Results<Ok<MeetingView>, ProblemHttpResult>> OpenOfRoomAsync(
        Guid id, OpenRoomCallRequest request, HttpContext context, CallRegistry calls, MeetingCommands commands, CancellationToken cancellationToken)
    {
        var actor = context.Actor();
        var answer = await commands.OpenAsync(new RoomId(id), request, actor, cancellationToken);
        return answer.Value is { } meeting ? TypedResults.Ok(MeetingView.Of(meeting, actor, calls.CountIn(meeting.Id))) : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(Guid id, HttpContext context, MeetingCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.EndAsync(new MeetingId(id), context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> InviteAsync(
        Guid id, InvitePeopleRequest request, HttpContext context, MeetingCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.InviteAsync(new MeetingId(id), request, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }
}
