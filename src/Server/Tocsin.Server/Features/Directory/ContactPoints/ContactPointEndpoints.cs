using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage;

namespace Tocsin.Server.Features.Directory.ContactPoints;

/// <summary>Contact points and wishes: of anyone for administrators, and everyone's own.</summary>
internal static class ContactPointEndpoints
{
    public static void MapContactPoints(this IEndpointRouteBuilder endpoints)
    {
        var people = endpoints.MapGroup("/api/v1/people/{person:guid}").WithTags("directory");
        people.MapPost("/contact-points", (Guid person, ContactPointInput input, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            AddAsync(new PersonId(person), input, context, commands, token)).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("addContactPoint");
        people.MapPut("/contact-points/{id:guid}", (Guid person, Guid id, ContactPointInput input, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            ChangeAsync(new PersonId(person), id, input, context, commands, token)).RequireRole(DirectoryAccess.Writers).WithName("changeContactPoint");
        people.MapDelete("/contact-points/{id:guid}", (Guid person, Guid id, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            RemoveAsync(new PersonId(person), id, context, commands, token)).RequireRole(DirectoryAccess.Writers).WithName("removeContactPoint");
        people.MapPost("/contact-points/{id:guid}/confirm", (Guid person, Guid id, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            ConfirmAsync(new PersonId(person), id, context, commands, token)).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("confirmContactPoint");
        people.MapPut("/contact-points/order", (Guid person, ContactPointOrder order, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            OrderAsync(new PersonId(person), order, context, commands, token)).RequireRole(DirectoryAccess.Writers).WithName("orderContactPoints");
        people.MapPut("/preferences", (Guid person, ChannelPreferencesInput input, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            SetPreferencesAsync(new PersonId(person), input, context, commands, token)).RequireRole(DirectoryAccess.Writers).WithName("setPreferences");

        var own = endpoints.MapGroup("/api/v1/me").WithTags("directory");
        own.MapGet("/contact-points", ListOwnAsync).RequireSignedIn().WithName("listOwnContactPoints");
        own.MapPost("/contact-points", (ContactPointInput input, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            AddAsync(Self(context), input, context, commands, token)).RequireSignedIn().WithIdempotency().WithName("addOwnContactPoint");
        own.MapPut("/contact-points/{id:guid}", (Guid id, ContactPointInput input, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            ChangeAsync(Self(context), id, input, context, commands, token)).RequireSignedIn().WithName("changeOwnContactPoint");
        own.MapDelete("/contact-points/{id:guid}", (Guid id, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            RemoveAsync(Self(context), id, context, commands, token)).RequireSignedIn().WithName("removeOwnContactPoint");
        own.MapPost("/contact-points/{id:guid}/confirm", (Guid id, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            ConfirmAsync(Self(context), id, context, commands, token)).RequireSignedIn().WithIdempotency().WithName("confirmOwnContactPoint");
        own.MapPut("/contact-points/order", (ContactPointOrder order, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            OrderAsync(Self(context), order, context, commands, token)).RequireSignedIn().WithName("orderOwnContactPoints");
        own.MapGet("/preferences", ReadOwnPreferencesAsync).RequireSignedIn().WithName("readOwnPreferences");
        own.MapPut("/preferences", (ChannelPreferencesInput input, HttpContext context, ContactPointCommands commands, CancellationToken token) =>
            SetPreferencesAsync(Self(context), input, context, commands, token)).RequireSignedIn().WithName("setOwnPreferences");
    }

    /// <summary>The caller's person; nobody's id for a caller without one, who is then not found.</summary>
    private static PersonId Self(HttpContext context) => context.Actor().Person ?? default;

    private static async Task<Ok<IReadOnlyList<ContactPointView>>> ListOwnAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await ContactPointViews.OfAsync(db, Self(context), cancellationToken));
    }

    private static async Task<Ok<ChannelPreferencesView>> ReadOwnPreferencesAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await ChannelPreferencesView.OfAsync(db, Self(context), cancellationToken));
    }

    private static async Task<Results<Created<ContactPointView>, ProblemHttpResult>> AddAsync(
        PersonId person, ContactPointInput input, HttpContext context, ContactPointCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.AddAsync(person, input, context.Actor(), cancellationToken);
        return answer.Value is { } point ? TypedResults.Created((string?)null, ContactPointViews.View(point)) : answer.ToProblem();
    }

    private static async Task<Results<Ok<ContactPointView>, ProblemHttpResult>> ChangeAsync(
        PersonId person, Guid id, ContactPointInput input, HttpContext context, ContactPointCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.ChangeAsync(person, new ContactPointId(id), input, context.Actor(), cancellationToken);
        return answer.Value is { } point ? TypedResults.Ok(ContactPointViews.View(point)) : answer.ToProblem();
    }

    private static async Task<Results<Ok<ContactPointView>, ProblemHttpResult>> ConfirmAsync(
        PersonId person, Guid id, HttpContext context, ContactPointCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.ConfirmAsync(person, new ContactPointId(id), context.Actor(), cancellationToken);
        return answer.Value is { } point ? TypedResults.Ok(ContactPointViews.View(point)) : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        PersonId person, Guid id, HttpContext context, ContactPointCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.RemoveAsync(person, new ContactPointId(id), context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> OrderAsync(
        PersonId person, ContactPointOrder order, HttpContext context, ContactPointCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.OrderAsync(person, order, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetPreferencesAsync(
        PersonId person, ChannelPreferencesInput input, HttpContext context, ContactPointCommands commands, CancellationToken cancellationToken)
    {
        var answer = await commands.SetPreferencesAsync(person, input, context.Actor(), cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }
}
