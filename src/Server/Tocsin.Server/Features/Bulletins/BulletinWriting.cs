using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Bulletins;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Bulletins;

/// <summary>Writes bulletins: every saved text is a version of its own, so that an approval is of exactly what was read.</summary>
internal static class BulletinWriting
{
    /// <summary>A text that was saved more often than this is being written together, and rooms are for that.</summary>
    public const int MostVersions = 500;

    public static async Task<Results<Ok<BulletinDetail>, ProblemHttpResult>> CreateAsync(
        RuleBody<NewBulletin> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        if (Check(body.Value.Draft) is { } wrong) return wrong;
        var actor = context.Actor();
        return await store.CommitAsync<Results<Ok<BulletinDetail>, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                await BulletinNumbers.LockAsync(transaction.Db, token);
                var bulletin = new Bulletin
                {
                    Id = new BulletinId(Guid.CreateVersion7(transaction.Now)),
                    Number = await BulletinNumbers.NextAsync(transaction.Db, token),
                    Mode = body.Value.Mode,
                    Version = 1,
                    CreatedAt = transaction.Now,
                };
                transaction.Db.Add(bulletin);
                transaction.Db.Add(Version(bulletin, body.Value.Draft, actor, transaction.Now));
                return await ToldAsync(transaction, bulletin, "bulletin.created", actor, token);
            },
            cancellationToken);
    }

    public static async Task<Results<Ok<BulletinDetail>, ProblemHttpResult>> WriteAsync(
        Guid id, RuleBody<BulletinEdit> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        if (Check(body.Value.Draft) is { } wrong) return wrong;
        var actor = context.Actor();
        return await store.CommitAsync<Results<Ok<BulletinDetail>, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                var bulletin = await FindAsync(transaction, id, token);
                if (bulletin is null) return CommonRefusals.NotFound.ToProblem();
                if (bulletin.EndedAt is not null) return BulletinRefusals.Ended.ToProblem();
                if (bulletin.Version != body.Value.After) return BulletinRefusals.Changed.ToProblem();
                if (bulletin.Version >= MostVersions) return BulletinRefusals.TooManyVersions.ToProblem();
                if (bulletin.PublishedVersion is not null && body.Value.Draft.Reason is null) return BulletinRefusals.ReasonMissing.ToProblem();
                bulletin.Version++;
                transaction.Db.Add(Version(bulletin, body.Value.Draft, actor, transaction.Now));
                return await ToldAsync(transaction, bulletin, "bulletin.written", actor, token);
            },
            cancellationToken);
    }

    /// <summary>The bulletin, to be changed: nobody else changes one until this transaction ends.</summary>
    public static async Task<Bulletin?> FindAsync(CommandTransaction transaction, Guid id, CancellationToken cancellationToken)
    {
        await BulletinNumbers.LockAsync(transaction.Db, cancellationToken);
        return await transaction.Db.Set<Bulletin>().FirstOrDefaultAsync(b => b.Id == new BulletinId(id), cancellationToken);
    }

    /// <summary>Tells the cell and the audit trail, and answers with the bulletin as it is then.</summary>
    public static async Task<Ok<BulletinDetail>> ToldAsync(CommandTransaction transaction, Bulletin bulletin, string action, Actor actor, CancellationToken cancellationToken)
    {
        BulletinEvents.AppendChanged(transaction, bulletin);
        transaction.Record(new AuditDraft(actor.ForAudit, action, $"bulletin:{bulletin.Id}", new { bulletin.Number, bulletin.Version, bulletin.Mode }));
        await transaction.Db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok((await BulletinReading.DescribeAsync(transaction.Db, bulletin, actor, cancellationToken))!);
    }

    private static ProblemHttpResult? Check(BulletinDraft draft) => BulletinRules.Validate(draft) is { Count: > 0 } violations ? violations.ToProblem("draft.") : null;

    private static BulletinVersion Version(Bulletin bulletin, BulletinDraft draft, Actor actor, DateTimeOffset now) => new()
    {
        BulletinId = bulletin.Id,
        Version = bulletin.Version,
        TitleFr = draft.Title.Fr,
        TitleEn = draft.Title.En,
        BodyFr = draft.Body.Fr,
        BodyEn = draft.Body.En,
        SummaryFr = draft.Summary?.Fr,
        SummaryEn = draft.Summary?.En,
        ToStaff = draft.ToStaff,
        ByMail = draft.ToStaff && draft.ByMail,
        BySms = draft.ToStaff && draft.BySms,
        ToPartners = draft.ToPartners,
        ToPublic = draft.ToPublic,
        Reason = bulletin.PublishedVersion is null ? null : draft.Reason,
        AuthorId = actor.Person ?? default,
        AuthorName = actor.Name,
        WrittenAt = now,
    };
}
