using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Storage;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <summary>The campaign under way, for whoever is signed in and asked by it.</summary>
internal static class MyContactRefresh
{
    public static async Task<Ok<MyContactRefreshView>> GetAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var holder = context.Actor().Person is { } person ? await ContactRefreshAnswers.FindAsync(db, person, time.GetUtcNow(), cancellationToken) : null;
        return TypedResults.Ok(new MyContactRefreshView(holder is null ? null : new MyRunningContactRefresh(holder.Refresh.Id, holder.Refresh.Until, holder.Row.AnsweredAt)));
    }

    public static async Task<Results<Ok<MyContactRefreshView>, ProblemHttpResult>> ConfirmAsync(HttpContext context, ContactRefreshAnswers answers, CancellationToken cancellationToken) =>
        await answers.ConfirmAsync(context.Actor().Person ?? default, context.Actor(), cancellationToken) is { } view ? TypedResults.Ok(view) : ContactRefreshRefusals.Ended.ToProblem();
}
