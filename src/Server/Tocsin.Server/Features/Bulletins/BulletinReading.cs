using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Bulletins;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.AlertsApi;
using Tocsin.Storage;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Notices;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Bulletins;

/// <summary>Bulletins as the communication cell sees them: drafts, approvals, readers, questions.</summary>
internal static class BulletinReading
{
    private const int MaximumPage = 100;

    /// <summary>The latest first.</summary>
    public static async Task<Results<Ok<BulletinPage>, ProblemHttpResult>> ListAsync(
        IDbContextFactory<TocsinDbContext> contexts, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaximumPage) return CommonRefusals.InvalidInput.ToProblem($"limit is 1 to {MaximumPage}.");
        if (!NumberCursor.TryParse(after, out var before)) return CommonRefusals.InvalidInput.ToProblem("after is not a cursor of this list.");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var take = limit ?? 30;
        var found = await db.Set<Bulletin>().AsNoTracking().Where(b => before == null || b.Number < before)
            .Join(db.Set<BulletinVersion>().AsNoTracking(), b => new { b.Id, b.Version }, v => new { Id = v.BulletinId, v.Version }, (b, v) => new { Bulletin = b, Latest = v })
            .OrderByDescending(row => row.Bulletin.Number).Take(take + 1)
            .Select(row => new
            {
                row.Bulletin,
                row.Latest,
                Approvals = db.Set<BulletinApproval>().Count(a => a.BulletinId == row.Bulletin.Id && a.Version == row.Bulletin.Version),
                Readers = db.Set<Storage.Bulletins.BulletinReading>().Count(r => r.BulletinId == row.Bulletin.Id),
                Open = db.Set<BulletinQuestion>().Count(q => q.BulletinId == row.Bulletin.Id && q.AnsweredAt == null),
            })
            .ToListAsync(cancellationToken);
        var items = found.Take(take).Select(row => new BulletinSummary(
            row.Bulletin.Id, row.Bulletin.Number, BulletinSummary.StateOf(row.Bulletin), row.Bulletin.Mode, row.Bulletin.Version, row.Bulletin.PublishedVersion, row.Latest.Title,
            row.Approvals, row.Latest.WrittenAt, row.Bulletin.PublishedAt, row.Bulletin.EndedAt, row.Readers, row.Open)).ToList();
        return TypedResults.Ok(new BulletinPage(items, found.Count > take ? items[^1].Number.ToString(CultureInfo.InvariantCulture) : null));
    }

    public static async Task<Results<Ok<BulletinDetail>, ProblemHttpResult>> GetAsync(
        Guid id, IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var bulletin = await db.Set<Bulletin>().AsNoTracking().FirstOrDefaultAsync(b => b.Id == new BulletinId(id), cancellationToken);
        if (bulletin is null) return CommonRefusals.NotFound.ToProblem();
        return TypedResults.Ok(await DescribeAsync(db, bulletin, context.Actor(), cancellationToken));
    }

    /// <summary>Whom publishing the latest version would tell: named before anybody publishes.</summary>
    public static async Task<Results<Ok<BulletinReach>, ProblemHttpResult>> ReachAsync(
        Guid id, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var version = await db.Set<Bulletin>().AsNoTracking().Where(b => b.Id == new BulletinId(id))
            .Join(db.Set<BulletinVersion>().AsNoTracking(), b => new { b.Id, b.Version }, v => new { Id = v.BulletinId, v.Version }, (b, v) => v).FirstOrDefaultAsync(cancellationToken);
        if (version is null) return CommonRefusals.NotFound.ToProblem();
        var people = db.Set<Person>().Where(p => p.Active);
        return TypedResults.Ok(new BulletinReach(
            version.Version,
            version.ToStaff,
            version.ToStaff ? await people.CountAsync(cancellationToken) : 0,
            version.ToStaff ? await people.CountAsync(p => db.Users.Any(a => a.PersonId == p.Id && a.DisabledAt == null), cancellationToken) : 0,
            version.ByMail ? await CountAsync(ContactPointKind.Email) : null,
            version.BySms ? await CountAsync(ContactPointKind.Mobile) : null,
            version.ToPartners ? await PartnerMailboxes.ReadAsync(db, cancellationToken) : [],
            version.ToPublic));

        Task<int> CountAsync(ContactPointKind kind) =>
            people.CountAsync(p => db.Set<StoredContactPoint>().Any(c => c.PersonId == p.Id && c.Kind == kind && c.Enabled), cancellationToken);
    }

    public static async Task<BulletinDetail> DescribeAsync(TocsinDbContext db, Bulletin bulletin, Actor reader, CancellationToken cancellationToken)
    {
        var versions = await db.Set<BulletinVersion>().AsNoTracking().Where(v => v.BulletinId == bulletin.Id).OrderByDescending(v => v.Version).ToListAsync(cancellationToken);
        var approvals = await db.Set<BulletinApproval>().AsNoTracking().Where(a => a.BulletinId == bulletin.Id).OrderBy(a => a.ApprovedAt).ToListAsync(cancellationToken);
        var questions = await db.Set<BulletinQuestion>().AsNoTracking().Where(q => q.BulletinId == bulletin.Id)
            .OrderBy(q => q.AnsweredAt != null).ThenByDescending(q => q.AskedAt).Take(500).ToListAsync(cancellationToken);
        var readings = db.Set<Storage.Bulletins.BulletinReading>().Where(r => r.BulletinId == bulletin.Id);
        var latest = versions[0];
        var given = approvals.Where(a => a.Version == latest.Version).ToList();
        var isOpen = bulletin.EndedAt is null && bulletin.PublishedVersion != latest.Version && reader.Has(BulletinsFeature.Editors);
        return new BulletinDetail(
            bulletin.Id,
            bulletin.Number,
            BulletinSummary.StateOf(bulletin),
            bulletin.Mode,
            bulletin.Version,
            bulletin.PublishedVersion,
            bulletin.EndedAt,
            [.. versions.Select(v => new BulletinVersionView(
                v.Version, BulletinVersionView.DraftOf(v), v.AuthorName, v.WrittenAt,
                [.. approvals.Where(a => a.Version == v.Version).Select(a => new BulletinApprovalView(a.PersonName, a.ApprovedAt))], v.PublishedAt, v.PublishedByName))],
            await readings.CountAsync(cancellationToken),
            bulletin.PublishedVersion is { } published ? await readings.CountAsync(r => r.Version >= published, cancellationToken) : 0,
            await SentAsync(db, bulletin, cancellationToken),
            [.. questions.Select(BulletinQuestionView.Of)],
            isOpen && latest.AuthorId != reader.Person && given.All(a => a.PersonId != reader.Person),
            isOpen && given.Count >= BulletinRules.Approvals);
    }

    private static async Task<BulletinSent> SentAsync(TocsinDbContext db, Bulletin bulletin, CancellationToken cancellationToken)
    {
        if (bulletin.PublishedVersion is not { } published) return new BulletinSent(0, 0, 0, true);
        var counts = await db.Set<BulletinDelivery>().Where(d => d.BulletinId == bulletin.Id && d.Version == published)
            .GroupBy(d => d.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var isWritten = !await db.Set<BulletinSending>().AnyAsync(s => s.BulletinId == bulletin.Id && !s.IsWritten, cancellationToken);
        return new BulletinSent(
            counts.GetValueOrDefault(NoticeState.Waiting), counts.GetValueOrDefault(NoticeState.Sent), counts.GetValueOrDefault(NoticeState.Failed), isWritten);
    }
}
