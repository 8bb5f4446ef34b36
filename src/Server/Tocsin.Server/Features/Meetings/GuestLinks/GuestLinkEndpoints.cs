using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Meetings.Durable;
using Tocsin.Server.Features.Settings;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.Meetings.GuestLinks;

/// <summary>Links by which people without an account ask to join one meeting: made and revoked by its hosts.</summary>
internal static class GuestLinkEndpoints
{
    private const int MostLinks = 50;
    private const int LongestLabel = 80;

    private static readonly TimeSpan usualLife = TimeSpan.FromDays(7);
    private static readonly TimeSpan longestLife = TimeSpan.FromDays(30);

    public static void Map(IEndpointRouteBuilder endpoints, RouteGroupBuilder meetings)
    {
        meetings.MapGet("/{id:guid}/guest-links", ListAsync).RequireSignedIn().WithName("listGuestLinks");
        meetings.MapPost("/{id:guid}/guest-links", CreateAsync).RequireSignedIn().WithName("createGuestLink");
        meetings.MapDelete("/{id:guid}/guest-links/{link:guid}", RevokeAsync).RequireSignedIn().WithName("revokeGuestLink");
        endpoints.MapPost("/api/v1/guest-links/look-up", LookUpAsync).WithTags("meetings").WithName("lookUpGuestLink")
            .AllowAnonymousBecause("the link itself, 256 unguessable bits, is the right to know which meeting it leads to");
    }

    private static async Task<Results<Ok<GuestLinkList>, ProblemHttpResult>> ListAsync(
        Guid id, HttpContext context, TimeProvider time, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var key = new MeetingId(id);
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var (meeting, right) = await MeetingRights.FindAsync(db, key, context.Actor(), cancellationToken);
        if (meeting is null) return CommonRefusals.NotFound.ToProblem();
        if (right != MeetingRight.Host) return MeetingRefusals.OnlyHosts.ToProblem();
        var links = await db.Set<GuestLink>().AsNoTracking().Where(link => link.MeetingId == key && link.RevokedAt == null && link.ExpiresAt > now)
            .OrderBy(link => link.CreatedAt).ToListAsync(cancellationToken);
        return TypedResults.Ok(new GuestLinkList([.. links.Select(GuestLinkView.Of)]));
    }

    private static async Task<Results<Created<CreatedGuestLink>, ProblemHttpResult>> CreateAsync(
        Guid id, CreateGuestLinkRequest request, HttpContext context, MeetingCommands commands, ServerAddress address, CancellationToken cancellationToken)
    {
        var key = new MeetingId(id);
        var secret = BearerSecret.Create();
        var answer = await commands.ForHostAsync<GuestLink>(
            key,
            context.Actor(),
            async (transaction, meeting, token) =>
            {
                var errors = new FieldErrors();
                var label = DirectoryText.Optional(request.Label, LongestLabel, "label", errors);
                var expiresAt = request.ExpiresAt ?? transaction.Now + usualLife;
                if (expiresAt <= transaction.Now || expiresAt > transaction.Now + longestLife) errors.Add("expiresAt", FieldCodes.OutOfRange);
                if (errors.Any) return errors;
                var now = transaction.Now;
                if (await transaction.Db.Set<GuestLink>().CountAsync(l => l.MeetingId == key && l.RevokedAt == null && l.ExpiresAt > now, token) >= MostLinks) return MeetingRefusals.LinksTooMany;
                var link = new GuestLink
                {
                    Id = new(Guid.CreateVersion7(transaction.Now)),
                    MeetingId = key,
                    Label = label ?? "",
                    TokenHash = BearerSecret.HashOf(secret),
                    CreatedAt = transaction.Now,
                    ExpiresAt = expiresAt,
                };
                transaction.Db.Add(link);
                MeetingRecord.Note(transaction, key, context.Actor().ForAudit, "guest-link.created", new { link = link.Id, link.Label, link.ExpiresAt });
                return link;
            },
            cancellationToken);
        if (answer.Value is not { } created) return answer.ToProblem();

        // In the fragment, which browsers send nowhere: not to a proxy's log, and not in a Referer.
        var url = $"{address.Public.GetLeftPart(UriPartial.Path).TrimEnd('/')}/meet#{secret}";
        return TypedResults.Created((string?)null, new CreatedGuestLink(GuestLinkView.Of(created), secret, url));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        Guid id, Guid link, HttpContext context, MeetingCommands commands, CancellationToken cancellationToken)
    {
        var key = new GuestLinkId(link);
        var answer = await commands.ForHostAsync<Done>(
            new MeetingId(id),
            context.Actor(),
            async (transaction, meeting, token) =>
            {
                if (await transaction.Db.Set<GuestLink>().FirstOrDefaultAsync(l => l.Id == key && l.MeetingId == meeting.Id && l.RevokedAt == null, token) is not { } found) return CommonRefusals.NotFound;
                found.RevokedAt = transaction.Now;
                MeetingRecord.AppendChanged(transaction, meeting, context.Actor().ForAudit, "guest-link.revoked", new { link = key, found.Label });
                return Done.Instance;
            },
            cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<Ok<GuestLinkMeeting>, ProblemHttpResult>> LookUpAsync(
        LookUpGuestLinkRequest request, GuestLinkReading links, OrganisationName organisation, CancellationToken cancellationToken) =>
        await links.FindAsync(request.Secret, cancellationToken) is { } found
            ? TypedResults.Ok(new GuestLinkMeeting(found.Meeting.Id, found.Meeting.Title, await organisation.GetAsync(cancellationToken)))
            : CommonRefusals.NotFound.ToProblem();
}

/// <param name="ExpiresAt">Absent: in a week. At most in 30 days.</param>
internal sealed record CreateGuestLinkRequest(string? Label, DateTimeOffset? ExpiresAt);

internal sealed record GuestLinkList(IReadOnlyList<GuestLinkView> Items);

internal sealed record GuestLinkView(GuestLinkId Id, string Label, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static GuestLinkView Of(GuestLink link) => new(link.Id, link.Label, link.CreatedAt, link.ExpiresAt);
}

/// <param name="Secret">Shown once: only its hash is kept.</param>
internal sealed record CreatedGuestLink(GuestLinkView Link, string Secret, string Url);

internal sealed record LookUpGuestLinkRequest(string? Secret);

internal sealed record GuestLinkMeeting(MeetingId MeetingId, string Title, string Organisation);
