using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Access;
using Tocsin.Server.Features.ContactRefreshes.LinkPage;
using Tocsin.Server.Features.ContactRefreshes.Sending;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Directory.ContactPoints.Codes;
using Tocsin.Server.Features.Directory.People;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Notices;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <summary>What people answer to a campaign: by their personal link, or signed in.</summary>
/// <remarks>
/// A link shows that the contact point it was sent to reaches somebody, and no more: confirming by it verifies that one, no other. What is given by it counts once
/// a code sent there comes back, and the contact point that it came through can be neither removed nor replaced by it: whoever stole it can not silence its owner,
/// who is told of each change wherever they were reached before it (<see cref="ContactChangeNotices"/>).
/// </remarks>
internal sealed class ContactRefreshAnswers(
    CommandStore store, IDbContextFactory<TocsinDbContext> contexts, ContactPointCodes codes, ContactChangeNotices notices, TimeProvider time)
{
    /// <summary>What can be done by one link; more is not a person.</summary>
    public const int MostSteps = 60;

    /// <returns>Null where the token is not one of ours, or its campaign is over.</returns>
    public async Task<LinkHolder?> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!ContactRefreshLinks.TryHash(token, out var hash)) return null;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, hash, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Does what the page's form asks.</summary>
    /// <param name="origin">Network address, for the audit trail.</param>
    /// <returns>What to tell; null where the link is worth nothing.</returns>
    public async Task<LinkNotice?> TakeAsync(string token, LinkForm form, string? origin, CancellationToken cancellationToken)
    {
        if (!ContactRefreshLinks.TryHash(token, out var hash)) return null;
        var link = new Link(hash, origin);
        return form.Do switch
        {
            LinkAction.Confirm => await StepAsync(link, ConfirmAsync, cancellationToken),
            LinkAction.NotMe => await StepAsync(link, RefuseAsync, cancellationToken),
            LinkAction.Remove => await StepAsync(link, (step, cancel) => RemoveAsync(step, form.Point, cancel), cancellationToken),
            LinkAction.Drop => await StepAsync(link, DropAsync, cancellationToken),
            LinkAction.Give => await StepAsync(link, (step, cancel) => GiveAsync(step, form, cancel), cancellationToken) is not LinkNotice.CodeSent and var refused
                ? refused
                : await AskAsync(token, link, cancellationToken),
            LinkAction.Again => await StepAsync(link, (_, _) => Task.FromResult(LinkNotice.CodeSent), cancellationToken) is not LinkNotice.CodeSent and var refused
                ? refused
                : await AskAsync(token, link, cancellationToken),
            LinkAction.Code => await StepAsync(link, (_, _) => Task.FromResult(LinkNotice.None), cancellationToken) is not LinkNotice.None and var refused
                ? refused
                : await CheckAsync(token, link, form.Code, cancellationToken),
            _ => await FindAsync(token, cancellationToken) is null ? null : LinkNotice.Refused,
        };
    }

    /// <summary>The person says, signed in, that all is right. No contact point is verified by it: nothing was sent to any.</summary>
    /// <returns>Null where no campaign asks them.</returns>
    public Task<MyContactRefreshView?> ConfirmAsync(PersonId person, Actor actor, CancellationToken cancellationToken) => store.CommitAsync(
        async (transaction, cancel) =>
        {
            var db = transaction.Db;
            await ContactRefreshNumbers.LockAsync(db, cancel);
            if (await FindAsync(db, person, transaction.Now, cancel) is not { } holder) return null;
            db.Attach(holder.Row);
            await AnswerAsync(transaction, holder, RefreshStanding.Confirmed, actor.ForAudit, cancel);
            return new MyContactRefreshView(new MyRunningContactRefresh(holder.Refresh.Id, holder.Refresh.Until, holder.Row.AnsweredAt));
        },
        cancellationToken);

    /// <summary>What the campaign under way asks of <paramref name="person"/>, or null.</summary>
    public static async Task<LinkHolder?> FindAsync(TocsinDbContext db, PersonId person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = await db.Set<RefreshPerson>().AsNoTracking().Where(row => row.PersonId == person)
            .Join(db.Set<ContactRefresh>().AsNoTracking().Where(r => r.EndedAt == null && r.Until > now), row => row.RefreshId, r => r.Id, (row, r) => new { Row = row, Refresh = r })
            .FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : await HolderAsync(db, found.Refresh, found.Row, cancellationToken);
    }

    private static async Task<LinkHolder?> FindAsync(TocsinDbContext db, byte[] hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await db.Set<RefreshPerson>().AsNoTracking().FirstOrDefaultAsync(r => r.TokenHash == hash, cancellationToken);
        if (row is null) return null;
        var refresh = await db.Set<ContactRefresh>().AsNoTracking().FirstAsync(r => r.Id == row.RefreshId, cancellationToken);
        return refresh.IsRunningAt(now) ? await HolderAsync(db, refresh, row, cancellationToken) : null;
    }

    private static async Task<LinkHolder?> HolderAsync(TocsinDbContext db, ContactRefresh refresh, RefreshPerson row, CancellationToken cancellationToken)
    {
        var person = await db.Set<Person>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == row.PersonId && p.Active, cancellationToken);
        return person is null ? null : new LinkHolder(refresh, row, person);
    }

    /// <summary>One thing that is done by a link, after any other that is done at the same moment. Counted whatever comes of it.</summary>
    private Task<LinkNotice?> StepAsync(Link link, Func<Step, CancellationToken, Task<LinkNotice>> work, CancellationToken cancellationToken) => store.CommitAsync<LinkNotice?>(
        async (transaction, cancel) =>
        {
            var db = transaction.Db;
            await ContactRefreshNumbers.LockAsync(db, cancel);
            if (await FindAsync(db, link.Hash, transaction.Now, cancel) is not { } holder) return null;
            if (holder.Row.Steps >= MostSteps) return LinkNotice.TooMany;
            db.Attach(holder.Row);
            holder.Row.Steps++;
            var points = await db.Set<StoredContactPoint>().Where(c => c.PersonId == holder.Person.Id).OrderBy(c => c.Rank).ToListAsync(cancel);
            var step = new Step(transaction, holder, points, holder.ActorFrom(link.Origin).ForAudit);

            // A crash between the code and this left it undone.
            await SettleAsync(step, cancel);
            return await work(step, cancel);
        },
        cancellationToken);

    private static async Task<LinkNotice> ConfirmAsync(Step step, CancellationToken cancellationToken)
    {
        var row = step.Holder.Row;

        // What was changed since the link was sent is not what it reached.
        if (step.Points.Find(p => p.Id == row.ContactPointId) is { Enabled: true } point && point.ChangedAt <= row.WrittenAt)
        {
            point.VerifiedAt = step.Transaction.Now;
            await TouchAsync(step, cancellationToken);
        }

        await AnswerAsync(step.Transaction, step.Holder, RefreshStanding.Confirmed, step.Actor, cancellationToken);
        return LinkNotice.Confirmed;
    }

    /// <summary>Somebody else has this address now: what was known of it is known no more, and the link ends.</summary>
    private static async Task<LinkNotice> RefuseAsync(Step step, CancellationToken cancellationToken)
    {
        var row = step.Holder.Row;
        await DropAsync(step, cancellationToken);
        if (step.Points.Find(p => p.Id == row.ContactPointId) is { } point && point.ChangedAt <= row.WrittenAt)
        {
            point.VerifiedAt = null;
            await TouchAsync(step, cancellationToken);
        }

        (row.TokenHash, row.Nonce) = (null, null);
        await AnswerAsync(step.Transaction, step.Holder, RefreshStanding.NotTheirs, step.Actor, cancellationToken);
        return LinkNotice.NotTheirs;
    }

    private async Task<LinkNotice> RemoveAsync(Step step, ContactPointId? id, CancellationToken cancellationToken)
    {
        if (step.Points.Find(p => p.Id == id) is not { } point || !step.Holder.MayChange(point)) return LinkNotice.Refused;
        var told = await notices.WriteAsync(step.Transaction, step.Holder.Person, step.Points, ContactChange.Removed, point, null, cancellationToken);
        step.Transaction.Db.Remove(point);
        await TouchAsync(step, cancellationToken);
        step.Transaction.Record(new AuditDraft(step.Actor, "contact-point.removed", step.Subject, new { OwnerTold = told }));
        await AnswerAsync(step.Transaction, step.Holder, RefreshStanding.Changed, step.Actor, cancellationToken);
        return LinkNotice.Removed;
    }

    /// <summary>Kept off until a code sent there comes back; what was given before and never verified goes.</summary>
    private static async Task<LinkNotice> GiveAsync(Step step, LinkForm form, CancellationToken cancellationToken)
    {
        var kind = form.Address?.Contains('@', StringComparison.Ordinal) == true ? ContactPointKind.Email : ContactPointKind.Mobile;
        if (!ContactAddress.TryRead(kind, form.Address, ContactAddress.UsualCountry, out var address, out _)) return LinkNotice.AddressInvalid;
        if (form.Point is { } replaced && (step.Points.Find(p => p.Id == replaced) is not { } old || !step.Holder.MayChange(old))) return LinkNotice.Refused;
        var row = step.Holder.Row;
        var same = step.Points.Find(p => p.Kind == kind && string.Equals(p.Address, address, StringComparison.OrdinalIgnoreCase));
        if (same is not null && same.Id != row.PendingPointId) return LinkNotice.Already;
        if (same is null)
        {
            await DropAsync(step, cancellationToken);
            if (step.Points.Count >= DirectoryBounds.ContactPointsPerPerson) return LinkNotice.Refused;
            var now = step.Transaction.Now;
            same = new StoredContactPoint
            {
                Id = new ContactPointId(Guid.CreateVersion7(now)),
                PersonId = row.PersonId,
                Kind = kind,
                Address = address,
                Rank = step.Points.Count == 0 ? 0 : step.Points.Max(p => p.Rank) + 1,
                Enabled = false,
                Source = DirectorySource.Manual,
                CreatedAt = now,
                ChangedAt = now,
            };
            step.Transaction.Db.Add(same);
        }

        (row.PendingPointId, row.PendingReplacesId) = (same.Id, form.Point);
        return LinkNotice.CodeSent;
    }

    private static Task<LinkNotice> DropAsync(Step step, CancellationToken cancellationToken)
    {
        var row = step.Holder.Row;
        if (step.Points.Find(p => p.Id == row.PendingPointId) is { Enabled: false, VerifiedAt: null } pending)
        {
            step.Transaction.Db.Remove(pending);
            step.Points.Remove(pending);
        }

        (row.PendingPointId, row.PendingReplacesId) = (null, null);
        return Task.FromResult(LinkNotice.None);
    }

    /// <summary>What was given and is verified counts from now on, in the place of what it replaces.</summary>
    private async Task<bool> SettleAsync(Step step, CancellationToken cancellationToken)
    {
        var row = step.Holder.Row;
        if (row.PendingPointId is not { } id || step.Points.Find(p => p.Id == id) is not { VerifiedAt: not null } given) return false;
        var before = step.Points.FindAll(p => p != given);
        var replaced = step.Points.Find(p => p.Id == row.PendingReplacesId && step.Holder.MayChange(p));
        var told = await notices.WriteAsync(
            step.Transaction, step.Holder.Person, before, replaced is null ? ContactChange.Added : ContactChange.Replaced, given, replaced, cancellationToken);
        (given.Enabled, given.ChangedAt) = (true, step.Transaction.Now);
        if (replaced is not null)
        {
            (given.Rank, given.Label, given.QuietHours) = (replaced.Rank, replaced.Label, replaced.QuietHours);
            step.Transaction.Db.Remove(replaced);
            step.Points.Remove(replaced);
        }

        (row.PendingPointId, row.PendingReplacesId) = (null, null);
        await TouchAsync(step, cancellationToken);
        step.Transaction.Record(new AuditDraft(step.Actor, replaced is null ? "contact-point.added" : "contact-point.changed", step.Subject, new { OwnerTold = told }));
        await AnswerAsync(step.Transaction, step.Holder, RefreshStanding.Changed, step.Actor, cancellationToken);
        return true;
    }

    private async Task<LinkNotice?> AskAsync(string token, Link link, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { } holder) return null;
        if (holder.Row.PendingPointId is not { } pending) return LinkNotice.Refused;
        var answer = await codes.AskAsync(holder.Person.Id, pending, holder.ActorFrom(link.Origin), cancellationToken);
        if (answer.Refusal is null) return LinkNotice.CodeSent;
        if (answer.Refusal == ContactCodeRefusals.TooMany) return LinkNotice.CodesTooMany;
        await StepAsync(link, DropAsync, cancellationToken);
        return LinkNotice.NoChannel;
    }

    private async Task<LinkNotice?> CheckAsync(string token, Link link, string? typed, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { } holder) return null;
        if (holder.Row.PendingPointId is not { } pending) return LinkNotice.Refused;
        var answer = await codes.CheckAsync(holder.Person.Id, pending, typed, holder.ActorFrom(link.Origin), cancellationToken);
        if (answer.Value is null) return answer.Refusal == ContactCodeRefusals.Expired || answer.Refusal == ContactCodeRefusals.Spent ? LinkNotice.CodeExpired : LinkNotice.CodeWrong;
        return await StepAsync(link, (_, _) => Task.FromResult(LinkNotice.Verified), cancellationToken);
    }

    /// <summary>Keeps the answer, and what waits to be sent stays here. Who changed something and then says that all is right has changed something.</summary>
    private static async Task AnswerAsync(CommandTransaction transaction, LinkHolder holder, RefreshStanding standing, AuditActor actor, CancellationToken cancellationToken)
    {
        var row = holder.Row;
        var isNew = row.AnsweredAt is null || row.Standing != standing;
        if (standing != RefreshStanding.Confirmed || row.Standing != RefreshStanding.Changed) row.Standing = standing;
        row.AnsweredAt = transaction.Now;
        await transaction.Db.Set<RefreshDelivery>().Where(d => d.RefreshId == row.RefreshId && d.PersonId == row.PersonId && d.State == NoticeState.Waiting)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, NoticeState.Withdrawn).SetProperty(d => d.Address, ""), cancellationToken);
        if (!isNew) return;
        ContactRefreshEvents.Announce(transaction, row.RefreshId, row.PersonId);
        transaction.Record(new AuditDraft(actor, "contact-refresh.answered", $"contact-refresh:{row.RefreshId}", new { Person = row.PersonId, row.Standing }));
    }

    private static async Task TouchAsync(Step step, CancellationToken cancellationToken)
    {
        var owner = await step.Transaction.Db.Set<Person>().FirstAsync(p => p.Id == step.Holder.Row.PersonId, cancellationToken);
        owner.ChangedAt = step.Transaction.Now;
        PersonEvents.Announce(step.Transaction, owner.Id, PersonChange.ContactPointsChanged);
    }

    private sealed record Link(byte[] Hash, string? Origin);

    private sealed record Step(CommandTransaction Transaction, LinkHolder Holder, List<StoredContactPoint> Points, AuditActor Actor)
    {
        public string Subject => $"person:{Holder.Row.PersonId}";
    }
}

/// <summary>Whom a campaign asks, and what it has of them.</summary>
internal sealed record LinkHolder(ContactRefresh Refresh, RefreshPerson Row, Person Person)
{
    /// <summary>Whoever holds the link, who need not be the person.</summary>
    public Actor ActorFrom(string? origin) => new($"contact-refresh:{Refresh.Id}", Person.DisplayName, Person.Id, Roles.None, origin);

    /// <summary>Not where the link came through, not what was given and is not verified, and no device: those end by themselves.</summary>
    public bool MayChange(StoredContactPoint point) => point.Enabled && point.Kind != ContactPointKind.App && point.Id != Row.ContactPointId;
}
