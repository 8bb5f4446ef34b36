using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Settings;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.EmergencyCards;

/// <summary>One's own emergency cards. The codes are shown once, to be printed.</summary>
internal static class EmergencyCardEndpoints
{
    private const int MaximumCards = 5;
    private const int MaximumLabel = 60;

    public static void MapEmergencyCards(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/emergency-cards");
        group.MapGet("", ListAsync).RequireSignedIn().WithName("listEmergencyCards");
        group.MapPost("", CreateAsync).RequireSignedIn().RequireFreshSignIn().WithName("createEmergencyCard");
        group.MapDelete("/{id:guid}", RevokeAsync).RequireSignedIn().WithName("revokeEmergencyCard");
    }

    private static async Task<Ok<EmergencyCardList>> ListAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await EmergencyCardList.ReadAsync(db, context.AccountId(), cancellationToken));
    }

    private static async Task<Results<Ok<PrintedEmergencyCard>, ProblemHttpResult>> CreateAsync(
        CreateEmergencyCardRequest request, HttpContext context, ServerAddress address, CommandStore store, OrganisationTimeZone zone, CancellationToken cancellationToken)
    {
        var wall = await zone.GetAsync(cancellationToken);
        var (card, codes) = Make(context.AccountId(), request.Label);
        var printed = await store.CommitAsync(
            async (transaction, token) =>
            {
                var account = context.AccountId();
                if (await transaction.Db.Set<EmergencyCard>().CountAsync(c => c.AccountId == account && c.RevokedAt == null, token) >= MaximumCards) return null;
                var holder = await AccountHolder.FindAsync(transaction.Db, account, token) ?? throw new InvalidOperationException("A session without an account.");
                (card.Id, card.CreatedAt) = (new EmergencyCardId(Guid.CreateVersion7(transaction.Now)), transaction.Now);
                transaction.Db.Add(card);
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "emergency-card.created", $"emergency-card:{card.Id}", new { account }));
                var organisation = await OrganisationName.ReadAsync(transaction.Db, token);
                return EmergencyCardPage.Print(holder, card, codes, organisation, wall, address.Public);
            },
            cancellationToken);
        return printed is null ? AccountRefusals.TooManyCards.ToProblem() : TypedResults.Ok(printed);
    }

    /// <summary>Before the transaction: ten derivations take a moment.</summary>
    private static (EmergencyCard Card, IReadOnlyList<string> Codes) Make(Guid account, string? label)
    {
        var card = new EmergencyCard
        {
            AccountId = account,
            Label = new string([.. (label ?? "").Trim().Where(c => !char.IsControl(c)).Take(MaximumLabel)]),
            Salt = RandomNumberGenerator.GetBytes(EmergencyCodes.SaltLength),
        };
        string[] codes = [.. Enumerable.Range(0, EmergencyCodes.PerCard).Select(_ => EmergencyCodes.Create())];
        foreach (var (index, code) in codes.Index()) card.Codes.Add(new EmergencyCode { Number = index + 1, Hash = EmergencyCodes.HashOf(code, card.Salt) });
        return (card, codes);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        var isRevoked = await store.CommitAsync((transaction, token) => RevokeCardAsync(transaction, context.AccountId(), id, context.Actor().ForAudit, token), cancellationToken);
        return isRevoked ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();
    }

    internal static async Task<bool> RevokeCardAsync(CommandTransaction transaction, Guid account, Guid card, AuditActor actor, CancellationToken cancellationToken)
    {
        var id = new EmergencyCardId(card);
        var found = await transaction.Db.Set<EmergencyCard>().FirstOrDefaultAsync(c => c.Id == id && c.AccountId == account && c.RevokedAt == null, cancellationToken);
        if (found is null) return false;
        found.RevokedAt = transaction.Now;
        transaction.Record(new AuditDraft(actor, "emergency-card.revoked", $"emergency-card:{id}", new { account }));
        return true;
    }
}

/// <param name="Label">Where it will be kept.</param>
internal sealed record CreateEmergencyCardRequest(string? Label);

internal sealed record EmergencyCardList(IReadOnlyList<EmergencyCardView> Items)
{
    public static async Task<EmergencyCardList> ReadAsync(TocsinDbContext db, Guid account, CancellationToken cancellationToken)
    {
        var cards = await db.Set<EmergencyCard>().AsNoTracking().Include(card => card.Codes)
            .Where(card => card.AccountId == account && card.RevokedAt == null).OrderBy(card => card.CreatedAt).ToListAsync(cancellationToken);
        return new EmergencyCardList([.. cards.Select(card => new EmergencyCardView(
            card.Id, card.Label, card.CreatedAt, card.Codes.Count(code => code.UsedAt is null), card.Codes.Count, card.Codes.Max(code => code.UsedAt)))]);
    }
}

internal sealed record EmergencyCardView(EmergencyCardId Id, string Label, DateTimeOffset CreatedAt, int CodesLeft, int Codes, DateTimeOffset? LastUsedAt);

/// <param name="Codes">Nowhere else, and never again.</param>
/// <param name="Address">What the QR code says: the sign-in page, with the name filled in.</param>
/// <param name="Page">A whole HTML page to print, in French and English.</param>
internal sealed record PrintedEmergencyCard(EmergencyCardId Id, string SignInName, IReadOnlyList<string> Codes, Uri Address, string QrSvg, string Page);
