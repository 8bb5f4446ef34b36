using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Bulletins;

/// <summary>What everybody with an account reads: published versions for staff, and nothing of their making.</summary>
internal static class MyBulletins
{
    /// <summary>A crisis has some dozen of them; whoever wants older ones than this asks the cell.</summary>
    private const int Most = 200;

    public static async Task<Ok<MyBulletinList>> ListAsync(IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        var person = context.Actor().Person ?? default;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await Published(db).OrderByDescending(row => row.Bulletin.PublishedAt).ThenByDescending(row => row.Bulletin.Number).Take(Most)
            .Select(row => new
            {
                row.Bulletin,
                row.Version,
                Read = db.Set<Storage.Bulletins.BulletinReading>().Where(r => r.BulletinId == row.Bulletin.Id && r.PersonId == person).Select(r => (int?)r.Version).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        var all = found.Select(row => new MyBulletinSummary(
            row.Bulletin.Id, row.Bulletin.Number, row.Bulletin.Mode, row.Version.Version, row.Read, row.Version.Title, row.Bulletin.PublishedAt!.Value, row.Bulletin.EndedAt)).ToList();
        return TypedResults.Ok(new MyBulletinList(
            [.. all.Where(b => b.EndedAt is null)],
            [.. all.Where(b => b.EndedAt is not null && (b.ReadVersion ?? 0) < b.Version)],
            [.. all.Where(b => b.EndedAt is not null && b.ReadVersion >= b.Version)]));
    }

    public static async Task<Results<Ok<MyBulletin>, ProblemHttpResult>> GetAsync(
        Guid id, IDbContextFactory<TocsinDbContext> contexts, HttpContext context, CancellationToken cancellationToken)
    {
        var person = context.Actor().Person ?? default;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, id, cancellationToken) is not { } found) return CommonRefusals.NotFound.ToProblem();
        var (bulletin, _) = found;
        var history = await db.Set<BulletinVersion>().AsNoTracking().Where(v => v.BulletinId == bulletin.Id && v.PublishedAt != null && v.ToStaff)
            .OrderByDescending(v => v.Version).ToListAsync(cancellationToken);
        var questions = await db.Set<BulletinQuestion>().AsNoTracking().Where(q => q.BulletinId == bulletin.Id && q.PersonId == person).OrderBy(q => q.AskedAt).ToListAsync(cancellationToken);
        return TypedResults.Ok(new MyBulletin(
            bulletin.Id,
            bulletin.Number,
            bulletin.Mode,
            bulletin.PublishedVersion!.Value,
            bulletin.EndedAt,
            [.. history.Select(v => new PublishedText(v.Version, v.Title, v.Body, v.PublishedAt!.Value, v.Reason))],
            [.. questions.Select(BulletinQuestionView.Of)]));
    }

    /// <summary>It was open on the person's screen. However often it is said, they count once.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> ReadAsync(
        Guid id, RuleBody<BulletinVersionSeen> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        if (context.Actor().Person is not { } person) return CommonRefusals.NotFound.ToProblem();
        return await store.CommitAsync<Results<NoContent, ProblemHttpResult>>(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                if (await FindAsync(db, id, token) is not { } found) return CommonRefusals.NotFound.ToProblem();
                if (!await db.Set<BulletinVersion>().AnyAsync(v => v.BulletinId == found.Bulletin.Id && v.Version == body.Value.Version && v.PublishedAt != null, token))
                    return CommonRefusals.NotFound.ToProblem();
                await KeepReadingAsync(transaction, found.Bulletin.Id, person, body.Value.Version, token);
                return TypedResults.NoContent();
            },
            cancellationToken);
    }

    /// <summary>The bulletin with the version that staff have of it; null where there is none for them.</summary>
    public static async Task<(Bulletin Bulletin, BulletinVersion Version)?> FindAsync(TocsinDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var found = await Published(db).FirstOrDefaultAsync(row => row.Bulletin.Id == new BulletinId(id), cancellationToken);
        return found is null ? null : (found.Bulletin, found.Version);
    }

    /// <summary>Two windows of one person may say it at once: the insert gives way to the other's row.</summary>
    private static async Task KeepReadingAsync(CommandTransaction transaction, BulletinId bulletin, PersonId person, int version, CancellationToken cancellationToken)
    {
        var db = transaction.Db;
        object id = db.Kind == Storage.Schema.DatabaseKind.Sqlite ? bulletin.Value.ToByteArray(true) : bulletin.Value;
        object reader = db.Kind == Storage.Schema.DatabaseKind.Sqlite ? person.Value.ToByteArray(true) : person.Value;
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO bulletin_readings (bulletin_id, person_id, version, read_at) VALUES ({id}, {reader}, {version}, {transaction.Now.ToUnixTimeMilliseconds()})
            ON CONFLICT (bulletin_id, person_id) DO UPDATE SET version = excluded.version WHERE bulletin_readings.version < excluded.version
            """,
            cancellationToken);
    }

    private static IQueryable<PublishedRow> Published(TocsinDbContext db) =>
        db.Set<Bulletin>().AsNoTracking().Where(b => b.PublishedVersion != null)
            .Join(
                db.Set<BulletinVersion>().AsNoTracking(),
                b => new { b.Id, Version = b.PublishedVersion!.Value },
                v => new { Id = v.BulletinId, v.Version },
                (b, v) => new PublishedRow { Bulletin = b, Version = v })
            .Where(row => row.Version.ToStaff);

    private sealed class PublishedRow
    {
        public required Bulletin Bulletin { get; init; }

        public required BulletinVersion Version { get; init; }
    }
}
