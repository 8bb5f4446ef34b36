using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>What follows once somebody proved who they are: a session, its cookie, and a device that is known from now on.</summary>
internal sealed class SignInCompletion(SessionCookie cookie, KnownDevice devices, AccessEnds ends)
{
    // More than anyone has devices; the oldest goes.
    private const int MaximumSessions = 50;

    /// <summary>Opens the session, in the caller's transaction. A session that this browser had before ends.</summary>
    public async Task<CompletedSignIn> OpenAsync(CommandTransaction transaction, AccountHolder holder, SignInMethod method, HttpContext context, CancellationToken cancellationToken)
    {
        var living = await transaction.Db.Set<Session>()
            .Where(session => session.AccountId == holder.Account.Id && session.RevokedAt == null && session.ExpiresAt > transaction.Now)
            .OrderByDescending(session => session.CreatedAt).Skip(MaximumSessions - 1).Take(MaximumSessions).ToListAsync(cancellationToken);
        foreach (var session in living) ends.Revoke(transaction, session, holder.Account);
        await EndEarlierAsync(transaction, context, cancellationToken);
        var opened = Sessions.Open(transaction, holder.Account, holder.Name, method, SessionOrigin.Of(context));
        return new CompletedSignIn(opened, await SessionView.ReadAsync(transaction.Db, holder, opened.Session, cancellationToken));
    }

    /// <summary>Gives the cookies out, after commit.</summary>
    public async Task<SessionView> AnswerAsync(HttpContext context, CompletedSignIn completed)
    {
        var session = completed.Opened.Session;
        cookie.Write(context, completed.Opened.Token, session.ExpiresAt);
        if (session.Method != SignInMethod.EmergencyCard) await devices.RememberAsync(context, session.AccountId, session.CreatedAt, CancellationToken.None);
        return completed.View;
    }

    private async Task EndEarlierAsync(CommandTransaction transaction, HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Features.Get<AccessGrant>() is not { Account: { } account } grant) return;
        var id = new SessionId(grant.Id);
        var session = await transaction.Db.Set<Session>().FirstOrDefaultAsync(s => s.Id == id, cancellationToken);
        var owner = await transaction.Db.Users.FirstOrDefaultAsync(a => a.Id == account, cancellationToken);
        if (session is not null && owner is not null) ends.Revoke(transaction, session, owner);
    }
}

internal sealed record CompletedSignIn(OpenedSession Opened, SessionView View);
