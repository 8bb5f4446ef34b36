using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Answers;
using Tocsin.Storage;

namespace Tocsin.Server.Features.AlertsApi.Acting;

internal static class LinkRevocation
{
    public static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        Guid id, long recipientId, RevokeLink revoke, IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        if (!await EnteredAnswers.ExistsAsync(id, recipientId, contexts, cancellationToken)) return CommonRefusals.NotFound.ToProblem();
        await revoke.RevokeAsync(new RecipientId(recipientId), context.Actor().ForAudit, cancellationToken);
        return TypedResults.NoContent();
    }
}
