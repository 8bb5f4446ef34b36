using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.ContactRefreshes;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.ContactRefreshes.Sending;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Notices;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <summary>Starts and ends campaigns. One runs at a time: somebody who is asked twice answers neither.</summary>
internal static class ContactRefreshRunning
{
    /// <summary>Whom it would tell, before anybody is told.</summary>
    public static async Task<Results<Ok<ContactRefreshPreview>, ProblemHttpResult>> PreviewAsync(
        RuleBody<ContactRefreshAudience> body, IDbContextFactory<TocsinDbContext> contexts, AlertChannels channels, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await NameAsync(db, body.Value, "", cancellationToken) is { Errors: { } errors }) return CommonRefusals.InvalidInput.ToProblem(fields: errors.ByPath);
        return TypedResults.Ok(await ContactRefreshReach.PreviewAsync(db, body.Value, channels, time.GetUtcNow(), cancellationToken));
    }

    public static async Task<Results<Created<ContactRefreshDetail>, ProblemHttpResult>> StartAsync(
        RuleBody<NewContactRefresh> body,
        CommandStore store,
        IDbContextFactory<TocsinDbContext> contexts,
        AlertChannels channels,
        ContactRefreshWakeUp wakeUp,
        TimeProvider time,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var wanted = body.Value;
        if (ContactRefreshRules.Validate(wanted.Title, wanted.Body) is { Count: > 0 } violations) return violations.ToProblem();
        var now = time.GetUtcNow();
        if (wanted.Until < now + ContactRefreshRules.Shortest || wanted.Until > now + ContactRefreshRules.Longest)
            return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("until", FieldCodes.OutOfRange).ByPath);
        string? name;
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var named = await NameAsync(db, wanted.Audience, "audience.", cancellationToken);
            if (named.Errors is { } errors) return CommonRefusals.InvalidInput.ToProblem(fields: errors.ByPath);
            var reach = await ContactRefreshReach.PreviewAsync(db, wanted.Audience, channels, now, cancellationToken);
            if (reach.ByMail + reach.BySms == 0) return ContactRefreshRefusals.Nobody.ToProblem();
            name = named.Name;
        }

        var actor = context.Actor();
        return await store.CommitAsync<Results<Created<ContactRefreshDetail>, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                await ContactRefreshNumbers.LockAsync(db, token);
                if (await db.Set<ContactRefresh>().AnyAsync(r => r.EndedAt == null && r.Until > transaction.Now, token)) return ContactRefreshRefusals.Running.ToProblem();
                var refresh = New(wanted, name, await ContactRefreshNumbers.NextAsync(db, token), actor, transaction.Now);
                db.Add(refresh);
                ContactRefreshEvents.Announce(transaction, refresh.Id);
                transaction.Record(new AuditDraft(actor.ForAudit, "contact-refresh.started", $"contact-refresh:{refresh.Id}", new { refresh.Number, refresh.Audience, refresh.AudienceId, refresh.Months, refresh.Until }));
                transaction.AfterCommit(wakeUp.WakeUp.Pulse);
                await db.SaveChangesAsync(token);
                return TypedResults.Created($"/api/v1/contact-refreshes/{refresh.Id}", await ContactRefreshReading.DescribeAsync(db, refresh, token));
            },
            cancellationToken);
    }

    /// <summary>Links are worth nothing from now on, and what has not left stays here.</summary>
    public static async Task<Results<Ok<ContactRefreshDetail>, ProblemHttpResult>> EndAsync(Guid id, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        var actor = context.Actor();
        return await store.CommitAsync<Results<Ok<ContactRefreshDetail>, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                await ContactRefreshNumbers.LockAsync(db, token);
                var refresh = await db.Set<ContactRefresh>().FirstOrDefaultAsync(r => r.Id == new ContactRefreshId(id), token);
                if (refresh is null) return CommonRefusals.NotFound.ToProblem();
                if (refresh.EndedAt is not null) return ContactRefreshRefusals.Ended.ToProblem();
                await FinishAsync(transaction, refresh, actor.Name, actor.ForAudit, token);
                await db.SaveChangesAsync(token);
                return TypedResults.Ok(await ContactRefreshReading.DescribeAsync(db, refresh, token));
            },
            cancellationToken);
    }

    /// <param name="by">Null where its time is over.</param>
    public static async Task FinishAsync(CommandTransaction transaction, ContactRefresh refresh, string? by, AuditActor actor, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        (refresh.EndedAt, refresh.EndedByName, refresh.RemindAt, refresh.Writing) = (transaction.Now, by, null, RefreshWriting.Nothing);
        await db.Set<RefreshDelivery>().Where(d => d.RefreshId == refresh.Id && d.State == NoticeState.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, NoticeState.Withdrawn).SetProperty(d => d.Address, ""), cancellationToken);

        // What was given by a link and never verified counts for nothing: it was off all along.
        var pending = db.Set<RefreshPerson>().Where(p => p.RefreshId == refresh.Id && p.PendingPointId != null).Select(p => p.PendingPointId);
        await db.Set<StoredContactPoint>().Where(c => !c.Enabled && c.VerifiedAt == null && pending.Contains(c.Id)).ExecuteDeleteAsync(cancellationToken);
        ContactRefreshEvents.Announce(transaction, refresh.Id);
        transaction.Record(new AuditDraft(actor, "contact-refresh.ended", $"contact-refresh:{refresh.Id}", new { refresh.Number }));
    }

    private static async Task<(string? Name, FieldErrors? Errors)> NameAsync(TocsinDbContext db, ContactRefreshAudience audience, string path, CancellationToken cancellationToken)
    {
        if (audience.Months is < 1 or > Verifications.MostMonths) return (null, FieldErrors.One(path + "months", FieldCodes.OutOfRange));
        if (audience.Kind is RefreshAudience.Everyone or RefreshAudience.Unverified) return (null, null);
        var id = audience.Id ?? default;
        var name = audience.Kind == RefreshAudience.Group
            ? await db.Set<PersonGroup>().Where(g => g.Id == new GroupId(id)).Select(g => g.Name).FirstOrDefaultAsync(cancellationToken)
            : await db.Set<Site>().Where(s => s.Id == new SiteId(id)).Select(s => s.Name).FirstOrDefaultAsync(cancellationToken);
        return name is null ? (null, FieldErrors.One(path + "id", FieldCodes.OutOfRange)) : (name, null);
    }

    private static ContactRefresh New(NewContactRefresh wanted, string? name, long number, Actor actor, DateTimeOffset now) => new()
    {
        Id = new ContactRefreshId(Guid.CreateVersion7(now)),
        Number = number,
        Audience = wanted.Audience.Kind,
        AudienceId = name is null ? null : wanted.Audience.Id,
        AudienceName = name,
        Months = wanted.Audience.Kind == RefreshAudience.Unverified ? wanted.Audience.Months ?? Verifications.UsualMonths : null,
        TitleFr = wanted.Title.Fr,
        TitleEn = wanted.Title.En,
        BodyFr = wanted.Body.Fr,
        BodyEn = wanted.Body.En,
        StartedByName = actor.Name,
        StartedAt = now,
        Until = wanted.Until,
        RemindAt = ContactRefreshRules.RemindAt(now, wanted.Until),
        Writing = RefreshWriting.Messages,
    };
}
