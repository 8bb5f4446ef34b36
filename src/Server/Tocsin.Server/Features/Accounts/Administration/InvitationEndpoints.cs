using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Accounts.Setup;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.Administration;

/// <summary>Set-up links that were issued and wait to be used.</summary>
internal static class InvitationEndpoints
{
    // An administrator invites people by tens; whoever needs the rest finds them by account.
    private const int MaximumListed = 500;

    public static void MapInvitations(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/invitations", ListAsync).RequireRole(Roles.Administrator | Roles.Auditor).WithName("listInvitations");
        endpoints.MapDelete("/api/v1/invitations/{id:guid}", WithdrawAsync).RequireRole(Roles.Administrator).WithName("withdrawInvitation");
    }

    private static async Task<Ok<InvitationList>> ListAsync(IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var open =
            from link in db.Set<SetupLink>().AsNoTracking()
            join account in db.Users on link.AccountId equals account.Id
            join person in db.Set<Person>() on account.PersonId equals person.Id
            where link.UsedAt == null && link.RevokedAt == null && link.ExpiresAt > now
            orderby link.CreatedAt descending
            select new OpenInvitation(link.Id, account.Id, person.DisplayName, account.UserName!, link.CreatedAt, link.ExpiresAt);
        return TypedResults.Ok(new InvitationList(await open.Take(MaximumListed).ToListAsync(cancellationToken)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(Guid id, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        var isWithdrawn = await store.CommitAsync(
            async (transaction, token) =>
            {
                var key = new SetupLinkId(id);
                var link = await transaction.Db.Set<SetupLink>().FirstOrDefaultAsync(l => l.Id == key && l.AccountId != null && l.UsedAt == null && l.RevokedAt == null, token);
                if (link is null) return false;
                link.RevokedAt = transaction.Now;
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "invitation.withdrawn", $"account:{link.AccountId}", new { link = link.Id }));
                return true;
            },
            cancellationToken);
        return isWithdrawn ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();
    }
}

internal sealed record InvitationList(IReadOnlyList<OpenInvitation> Items);

internal sealed record OpenInvitation(SetupLinkId Id, Guid Account, string Name, string SignInName, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <param name="Address">To hand over in person, or to show as <paramref name="QrSvg"/>. Shown once.</param>
internal sealed record InvitationLink(SetupLinkId Id, Uri Address, string QrSvg, DateTimeOffset ExpiresAt)
{
    public static InvitationLink Of(IssuedSetupLink link) => new(link.Id, link.Address, QrCode.Svg(link.Address.ToString()), link.ExpiresAt);
}
