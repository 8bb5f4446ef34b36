using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Features.Accounts.EmergencyCards;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Sign-in with a code of a printed card: no phone, no key, no password, on a borrowed machine.</summary>
internal sealed class CardSignIn(
    IDbContextFactory<TocsinDbContext> contexts, CommandStore store, SignInThrottle throttle, KnownDevice devices, SignInCompletion completion, RefusedSignIns refused)
{
    public async Task<SignInResult> SignInAsync(CardSignInRequest request, HttpContext context, CancellationToken cancellationToken)
    {
        if (!SignInName.TryRead(request.SignInName, out var name)) return SignInResult.Refused(AccountRefusals.SignInRefused);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var holder = await AccountHolder.FindByNameAsync(db, name, cancellationToken);
        var device = await devices.RecogniseAsync(context.Request, holder?.Account.Id, cancellationToken);
        var attempt = new SignInAttempt(name, SignInAttempt.AddressOf(context.Connection.RemoteIpAddress), device, CountsForAccount: false);
        var admission = throttle.Admit(attempt);
        if (admission.Wait > TimeSpan.Zero) return SignInResult.Wait(admission.Wait);
        if (await FindCodeAsync(db, holder, request.Code, cancellationToken) is { } code && await OpenAsync(holder!.Account.Id, code, context, cancellationToken) is { } completed)
        {
            throttle.Succeeded(admission);
            return SignInResult.SignedIn(await completion.AnswerAsync(context, completed));
        }

        if (holder is not null) refused.Record(holder, SignInMethod.EmergencyCard, "code", context);
        return SignInResult.Refused(AccountRefusals.SignInRefused);
    }

    private static async Task<EmergencyCode?> FindCodeAsync(TocsinDbContext db, AccountHolder? holder, string? code, CancellationToken cancellationToken)
    {
        var account = holder?.Account.Id ?? Guid.Empty;
        var cards = await db.Set<EmergencyCard>().AsNoTracking().Include(card => card.Codes)
            .Where(card => card.AccountId == account && card.RevokedAt == null).ToListAsync(cancellationToken);
        return EmergencyCodes.Find(cards, code);
    }

    /// <returns>Null when the account was disabled, the card revoked or the code used since it was looked at.</returns>
    private Task<CompletedSignIn?> OpenAsync(Guid account, EmergencyCode code, HttpContext context, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var now = transaction.Now;
                var taken = await transaction.Db.Set<EmergencyCode>()
                    .Where(c => c.CardId == code.CardId && c.Number == code.Number && c.UsedAt == null && transaction.Db.Set<EmergencyCard>().Any(card => card.Id == c.CardId && card.RevokedAt == null))
                    .ExecuteUpdateAsync(c => c.SetProperty(p => p.UsedAt, now), token);
                if (taken == 0 || await AccountHolder.FindAsync(transaction.Db, account, token) is not { Account.DisabledAt: null } holder) return null;
                transaction.Record(new AuditDraft(
                    holder.ActorFrom(context.Connection.RemoteIpAddress?.ToString()), "emergency-card.used", $"emergency-card:{code.CardId}", new { code.Number }));
                return await completion.OpenAsync(transaction, holder, SignInMethod.EmergencyCard, context, token);
            },
            cancellationToken);
}

internal sealed record CardSignInRequest(string? SignInName, string? Code);
