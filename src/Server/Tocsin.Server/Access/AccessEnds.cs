using Tocsin.Alerting;
using Tocsin.Server.Features.Events;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Access;

/// <summary>Makes the end of a session, an API token or an account's rights felt: at once here, and by the event stream on every other node.</summary>
internal sealed class AccessEnds(AccessCache cache, SessionConnections connections)
{
    public const string SessionRevoked = "session.revoked";
    public const string ApiTokenRevoked = "api-token.revoked";
    public const string AccountChanged = "account.changed";
    public const string RoomGuestEnded = "room-guest.ended";

    /// <summary>Ends <paramref name="session"/> with the transaction.</summary>
    public void Revoke(CommandTransaction transaction, Session session, Account account)
    {
        if (session.RevokedAt is not null) return;
        session.RevokedAt = transaction.Now;
        transaction.Append(SessionRevoked, new EventVisibility(Roles.Administrator, account.PersonId), new SessionRevokedEvent(session.Id, account.Id));
        transaction.AfterCommit(() => EndGrant(session.Id.Value));
    }

    /// <summary>Ends <paramref name="token"/> with the transaction.</summary>
    public void Revoke(CommandTransaction transaction, ApiToken token)
    {
        if (token.RevokedAt is not null) return;
        token.RevokedAt = transaction.Now;
        transaction.Append(ApiTokenRevoked, EventVisibility.To(Roles.Administrator), new ApiTokenRevokedEvent(token.Id));
        transaction.AfterCommit(() => EndGrant(token.Id.Value));
    }

    /// <summary>Ends the session of <paramref name="guest"/> with the transaction.</summary>
    public void Revoke(CommandTransaction transaction, RoomGuest guest)
    {
        if (guest.TokenHash is null) return;
        (guest.TokenHash, guest.Request) = (null, null);
        transaction.Append(RoomGuestEnded, EventVisibility.To(Roles.Administrator), new RoomGuestEndedEvent(guest.Account));
        transaction.AfterCommit(() => EndGrant(guest.Account.Value));
    }

    /// <summary>Makes every session of <paramref name="account"/> be looked up again: name, roles or right to sign in changed.</summary>
    public void Refresh(CommandTransaction transaction, Account account)
    {
        transaction.Append(AccountChanged, new EventVisibility(Roles.Administrator, account.PersonId), new AccountChangedEvent(account.Id));
        transaction.AfterCommit(() => EndAccount(account.Id));
    }

    public void EndGrant(Guid id)
    {
        cache.ForgetGrant(id);
        connections.EndGrant(id);
    }

    public void EndAccount(Guid account)
    {
        cache.ForgetAccount(account);
        connections.EndAccount(account);
    }
}

internal sealed record SessionRevokedEvent(SessionId Session, Guid Account);

internal sealed record ApiTokenRevokedEvent(ApiTokenId Token);

internal sealed record AccountChangedEvent(Guid Account);

internal sealed record RoomGuestEndedEvent(PersonId Guest);

/// <summary>Hears what other nodes ended.</summary>
internal sealed class AccessEndsListener(EventTail tail, AccessEnds ends) : BackgroundService
{
    // Every event of AccessEnds can be seen by some role.
    private static readonly EventReader everything = new(Roles.All, default);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var batch in tail.ReadAsync(everything, tail.Head, stoppingToken))
            {
                foreach (var sent in batch.Events) Apply(sent);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void Apply(SessionEvent sent)
    {
        switch (sent.Kind)
        {
            case AccessEnds.SessionRevoked:
                ends.EndGrant(sent.Data.GetProperty("session").GetGuid());
                break;
            case AccessEnds.ApiTokenRevoked:
                ends.EndGrant(sent.Data.GetProperty("token").GetGuid());
                break;
            case AccessEnds.RoomGuestEnded:
                ends.EndGrant(sent.Data.GetProperty("guest").GetGuid());
                break;
            case AccessEnds.AccountChanged:
                ends.EndAccount(sent.Data.GetProperty("account").GetGuid());
                break;
        }
    }
}
