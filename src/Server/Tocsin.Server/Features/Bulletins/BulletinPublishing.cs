using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Bulletins;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Bulletins.Sending;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Notices;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Bulletins;

/// <summary>Approves, publishes and ends bulletins.</summary>
internal static class BulletinPublishing
{
    public static Task<Results<Ok<BulletinDetail>, ProblemHttpResult>> ApproveAsync(
        Guid id, RuleBody<BulletinVersionSeen> body, CommandStore store, HttpContext context, CancellationToken cancellationToken) =>
        ChangeAsync(id, body, store, context, ApproveAsync, cancellationToken);

    public static Task<Results<Ok<BulletinDetail>, ProblemHttpResult>> PublishAsync(
        Guid id, RuleBody<BulletinVersionSeen> body, CommandStore store, BulletinWakeUp wakeUp, HttpContext context, CancellationToken cancellationToken) =>
        ChangeAsync(id, body, store, context, (transaction, bulletin, actor, token) => PublishAsync(transaction, bulletin, wakeUp, actor, token), cancellationToken);

    public static async Task<Results<Ok<BulletinDetail>, ProblemHttpResult>> EndAsync(Guid id, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        var actor = context.Actor();
        return await store.CommitAsync<Results<Ok<BulletinDetail>, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                var bulletin = await BulletinWriting.FindAsync(transaction, id, token);
                if (bulletin is null) return CommonRefusals.NotFound.ToProblem();
                if (bulletin.PublishedVersion is not { } published) return BulletinRefusals.NotPublished.ToProblem();
                if (bulletin.EndedAt is not null) return BulletinRefusals.Ended.ToProblem();
                bulletin.EndedAt = transaction.Now;
                await WithdrawAsync(transaction.Db, bulletin.Id, token);
                BulletinEvents.AppendAnnounced(transaction, BulletinEvents.Ended, bulletin, await VersionAsync(transaction.Db, bulletin, published, token));
                return await BulletinWriting.ToldAsync(transaction, bulletin, "bulletin.ended", actor, token);
            },
            cancellationToken);
    }

    private static async Task<Results<Ok<BulletinDetail>, ProblemHttpResult>> ChangeAsync(
        Guid id,
        RuleBody<BulletinVersionSeen> body,
        CommandStore store,
        HttpContext context,
        Func<CommandTransaction, Bulletin, Actor, CancellationToken, Task<Results<Ok<BulletinDetail>, ProblemHttpResult>>> change,
        CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var actor = context.Actor();
        return await store.CommitAsync<Results<Ok<BulletinDetail>, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                var bulletin = await BulletinWriting.FindAsync(transaction, id, token);
                if (bulletin is null) return CommonRefusals.NotFound.ToProblem();
                if (bulletin.EndedAt is not null) return BulletinRefusals.Ended.ToProblem();
                if (bulletin.Version != body.Value.Version) return BulletinRefusals.Changed.ToProblem();
                if (bulletin.PublishedVersion == bulletin.Version) return BulletinRefusals.PublishedAlready.ToProblem();
                return await change(transaction, bulletin, actor, token);
            },
            cancellationToken);
    }

    private static async Task<Results<Ok<BulletinDetail>, ProblemHttpResult>> ApproveAsync(
        CommandTransaction transaction, Bulletin bulletin, Actor actor, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var person = actor.Person ?? default;
        var version = await VersionAsync(db, bulletin, bulletin.Version, cancellationToken);
        if (version.AuthorId == person) return BulletinRefusals.OwnText.ToProblem();
        if (await Approvals(db, bulletin).AnyAsync(a => a.PersonId == person, cancellationToken)) return BulletinRefusals.ApprovedAlready.ToProblem();
        db.Add(new BulletinApproval { BulletinId = bulletin.Id, Version = bulletin.Version, PersonId = person, PersonName = actor.Name, ApprovedAt = transaction.Now });
        return await BulletinWriting.ToldAsync(transaction, bulletin, "bulletin.approved", actor, cancellationToken);
    }

    private static async Task<Results<Ok<BulletinDetail>, ProblemHttpResult>> PublishAsync(
        CommandTransaction transaction, Bulletin bulletin, BulletinWakeUp wakeUp, Actor actor, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        var version = await VersionAsync(db, bulletin, bulletin.Version, cancellationToken);

        // Counted here once more, whatever was let through above: this is the one door to the outside.
        if (await Approvals(db, bulletin).CountAsync(a => a.PersonId != version.AuthorId, cancellationToken) < BulletinRules.Approvals)
            return BulletinRefusals.NotApproved.ToProblem();

        // What was corrected shall not leave any more.
        await WithdrawAsync(db, bulletin.Id, cancellationToken);
        (bulletin.PublishedVersion, bulletin.PublishedAt) = (bulletin.Version, transaction.Now);
        (version.PublishedAt, version.PublishedByName) = (transaction.Now, actor.Name);
        await BeginSendingAsync(transaction, bulletin, version, cancellationToken);
        BulletinEvents.AppendAnnounced(transaction, BulletinEvents.Published, bulletin, version);
        transaction.AfterCommit(wakeUp.Pulse);
        return await BulletinWriting.ToldAsync(transaction, bulletin, "bulletin.published", actor, cancellationToken);
    }

    /// <summary>Partners are few and written at once; staff are written down behind, some at a time.</summary>
    private static async Task BeginSendingAsync(CommandTransaction transaction, Bulletin bulletin, BulletinVersion version, CancellationToken cancellationToken)
    {
        if (version.ToPartners)
        {
            var partners = await PartnerMailboxes.ReadAsync(transaction.Db, cancellationToken);
            var language = await DefaultLanguage.ReadAsync(transaction.Db, cancellationToken);
            transaction.Db.AddRange(partners.Select(partner =>
                BulletinSender.NewDelivery(bulletin.Id, version.Version, ChannelKind.Email, partner.Address, partner.Language ?? language, transaction.Now)));
        }

        if (version.ByMail || version.BySms)
            transaction.Db.Add(new BulletinSending { BulletinId = bulletin.Id, Version = version.Version, CreatedAt = transaction.Now });
    }

    private static async Task WithdrawAsync(TocsinDbContext db, BulletinId bulletin, CancellationToken cancellationToken)
    {
        await db.Set<BulletinDelivery>().Where(d => d.BulletinId == bulletin && d.State == NoticeState.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, NoticeState.Withdrawn).SetProperty(d => d.Address, ""), cancellationToken);
        await db.Set<BulletinSending>().Where(s => s.BulletinId == bulletin && !s.IsWritten).ExecuteUpdateAsync(set => set.SetProperty(s => s.IsWritten, true), cancellationToken);
    }

    private static IQueryable<BulletinApproval> Approvals(TocsinDbContext db, Bulletin bulletin) =>
        db.Set<BulletinApproval>().Where(a => a.BulletinId == bulletin.Id && a.Version == bulletin.Version);

    private static Task<BulletinVersion> VersionAsync(TocsinDbContext db, Bulletin bulletin, int version, CancellationToken cancellationToken) =>
        db.Set<BulletinVersion>().FirstAsync(v => v.BulletinId == bulletin.Id && v.Version == version, cancellationToken);
}
