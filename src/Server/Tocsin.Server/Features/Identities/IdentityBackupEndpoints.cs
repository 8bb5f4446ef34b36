using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Rooms;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Identities;

namespace Tocsin.Server.Features.Identities;

/// <summary>One's own sealed backups, one of each kind. Nobody else's are ever shown, and what is sealed is given to its owner alone.</summary>
internal static class IdentityBackupEndpoints
{
    public static void Map(RouteGroupBuilder backups)
    {
        backups.MapGet("", ListAsync).RequireSignedIn().WithName("listIdentityBackups");
        backups.MapGet("/{kind}", ReadAsync).RequireSignedIn().WithName("readIdentityBackup");
        backups.MapPut("/{kind}", KeepAsync).RequireSignedIn().WithName("keepIdentityBackup");
        backups.MapDelete("/{kind}", RemoveAsync).RequireSignedIn().WithName("removeIdentityBackup");
    }

    private static async Task<Ok<IdentityBackupList>> ListAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var person = context.Actor().Person;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var backups = await db.Set<IdentityBackup>().AsNoTracking().Where(b => b.PersonId == person).Select(b => new { b.Kind, b.KeptAt }).ToListAsync(cancellationToken);
        return TypedResults.Ok(new IdentityBackupList([.. backups.OrderBy(b => b.Kind).Select(b => new KeptBackup(b.Kind, b.KeptAt))]));
    }

    private static async Task<Results<Ok<SealedBackup>, ProblemHttpResult>> ReadAsync(
        string kind, HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var backup = KindOf(kind) is { } wanted ? await FindAsync(db, context.Actor().Person, wanted, cancellationToken) : null;
        return backup is null ? CommonRefusals.NotFound.ToProblem() : TypedResults.Ok(new SealedBackup(backup.Sealed));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> KeepAsync(
        string kind, SealedBackup request, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        if (KindOf(kind) is not { } wanted) return CommonRefusals.NotFound.ToProblem();
        if (context.Actor().Person is not { } person || !IsOf(request.Sealed, person, wanted)) return IdentityRefusals.MalformedBackup.ToProblem();
        await store.CommitAsync(
            async (transaction, token) =>
            {
                var backup = await FindAsync(transaction.Db, person, wanted, token);
                if (backup is null) transaction.Db.Add(backup = new IdentityBackup { PersonId = person, Kind = wanted });
                if (backup.Sealed.AsSpan().SequenceEqual(request.Sealed)) return;
                backup.Sealed = request.Sealed;
                backup.KeptAt = transaction.Now;
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "identity-backup.kept", $"person:{person}", new { kind }));
            },
            cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveAsync(string kind, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        if (KindOf(kind) is { } wanted && context.Actor() is { Person: { } person } actor)
        {
            await store.CommitAsync(
                async (transaction, token) =>
                {
                    if (await FindAsync(transaction.Db, person, wanted, token) is not { } backup) return;
                    transaction.Db.Remove(backup);
                    transaction.Record(new AuditDraft(actor.ForAudit, "identity-backup.removed", $"person:{person}", new { kind }));
                },
                cancellationToken);
        }

        return TypedResults.NoContent();
    }

    private static bool IsOf(byte[] backup, PersonId person, IdentityBackupKind kind) =>
        BackupHeader.TryRead(backup, out var header) &&
        new Guid(header.Account, bigEndian: true) == person.Value &&
        header.Kind == (kind == IdentityBackupKind.RecoveryCode ? BackupKind.RecoveryCode : BackupKind.Passkey);

    private static IdentityBackupKind? KindOf(string kind) => kind switch
    {
        "recovery-code" => IdentityBackupKind.RecoveryCode,
        "passkey" => IdentityBackupKind.Passkey,
        _ => null,
    };

    private static Task<IdentityBackup?> FindAsync(TocsinDbContext db, PersonId? person, IdentityBackupKind kind, CancellationToken cancellationToken) =>
        db.Set<IdentityBackup>().FirstOrDefaultAsync(b => b.PersonId == person && b.Kind == kind, cancellationToken);
}

internal sealed record IdentityBackupList(IReadOnlyList<KeptBackup> Items);

internal sealed record KeptBackup(IdentityBackupKind Kind, DateTimeOffset KeptAt);

/// <param name="Sealed">130 bytes, in base64: docs/protocol/identities.md.</param>
internal sealed record SealedBackup(byte[] Sealed);
