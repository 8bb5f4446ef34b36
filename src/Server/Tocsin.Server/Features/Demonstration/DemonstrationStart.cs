using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Time;
using Tocsin.Server.Features.Accounts;
using Tocsin.Server.Features.Accounts.EmergencyCards;
using Tocsin.Server.Features.Settings;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Demonstration;

/// <summary>Fills an empty installation with the fictional hospital, and gives its people a way to sign in at each start.</summary>
internal sealed class DemonstrationStart(CommandStore store, IDbContextFactory<TocsinDbContext> contexts, TocsinOptions options)
{
    // Always the same hospital, so that a guide can name its people.
    private const int Seed = 2026;
    private const string Marker = "demonstration";
    private const int PhonesWithPush = 12;

    /// <summary>Whether this installation is a demonstration: every page says so.</summary>
    public static async Task<bool> IsOneAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        await db.Set<SettingRecord>().AnyAsync(setting => setting.Key == Marker, cancellationToken);

    /// <returns>How each person of the demonstration signs in, or null where the data directory holds a real installation, which is left as it is.</returns>
    public async Task<IReadOnlyList<DemonstrationSignIn>?> PrepareAsync(CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var isDemonstration = await IsOneAsync(db, cancellationToken);
            if (!isDemonstration && await db.Set<Person>().AnyAsync(cancellationToken)) return null;
            if (!isDemonstration) await FillAsync(cancellationToken);
        }

        if (options.CarrierLab is { } lab) await ConnectAsync(new Uri(lab), cancellationToken);
        return await RenewCardsAsync(cancellationToken);
    }

    private Task FillAsync(CancellationToken cancellationToken) => store.CommitAsync(
        async (transaction, token) =>
        {
            var hospital = DemonstrationHospital.Create(new Random(Seed), transaction.Now);
            await DirectoryBulkLoader.LoadAsync(transaction.Db, hospital.Load, token);
            foreach (var (person, entry) in hospital.SignInPeople)
            {
                var created = await AccountCreation.CreateAsync(transaction, new NewAccount(person.Key, person.Roles, entry.Id), null, token);
                if (created.Refusal is { } refusal) throw new InvalidOperationException($"The demonstration account {person.Key} was refused: {refusal.Code}.");
            }

            await OrganisationName.WriteAsync(transaction, DemonstrationHospital.Name, token);
            if (IanaTimeZone.TryFind(DemonstrationHospital.TimeZone, out var zone)) await OrganisationTimeZone.WriteAsync(transaction, zone, token);
            transaction.Db.Add(new SettingRecord { Key = Marker, Value = "true", ChangedAt = transaction.Now });
            transaction.Record(new AuditDraft(AuditActor.System, "demonstration.created", null));
        },
        cancellationToken);

    /// <summary>A new card for each, the old one revoked: the codes of the last start are used up or lost.</summary>
    private async Task<IReadOnlyList<DemonstrationSignIn>> RenewCardsAsync(CancellationToken cancellationToken)
    {
        var prepared = DemonstrationPerson.All.Select(person => (Person: person, Code: EmergencyCodes.Create(), Salt: RandomNumberGenerator.GetBytes(EmergencyCodes.SaltLength))).ToList();
        await store.CommitAsync(
            async (transaction, token) =>
            {
                foreach (var (person, code, salt) in prepared)
                {
                    var account = await transaction.Db.Users.FirstOrDefaultAsync(a => a.UserName == person.Key, token);
                    if (account is null) continue;
                    await transaction.Db.Set<EmergencyCard>().Where(c => c.AccountId == account.Id && c.Label == Marker && c.RevokedAt == null)
                        .ExecuteUpdateAsync(update => update.SetProperty(c => c.RevokedAt, transaction.Now), token);
                    var card = new EmergencyCard
                    {
                        Id = new EmergencyCardId(Guid.CreateVersion7(transaction.Now)),
                        AccountId = account.Id,
                        Label = Marker,
                        Salt = salt,
                        CreatedAt = transaction.Now,
                    };
                    card.Codes.Add(new EmergencyCode { Number = 1, Hash = EmergencyCodes.HashOf(code, salt) });
                    transaction.Db.Add(card);
                }

                transaction.Record(new AuditDraft(AuditActor.System, "demonstration.sign-in-renewed", null));
            },
            cancellationToken);
        return [.. prepared.Select(entry => new DemonstrationSignIn(entry.Person, entry.Code))];
    }

    /// <summary>Tells the lab whose phones it simulates, and subscribes a dozen of them to notifications; the lab's addresses are new at each start.</summary>
    private async Task ConnectAsync(Uri page, CancellationToken cancellationToken)
    {
        using var lab = new CarrierLab(page);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var people = await db.Set<Person>().AsNoTracking().OrderBy(p => p.ExternalId).ToListAsync(cancellationToken);
        var points = (await db.Set<StoredContactPoint>().AsNoTracking().ToListAsync(cancellationToken)).ToLookup(point => point.PersonId);
        await lab.IntroduceAsync(people.Select(person => LabPerson.Of(person, points[person.Id])), cancellationToken);
        var subscriptions = new List<(PersonId Person, string Endpoint, string Subscription)>();
        foreach (var person in people.Take(PhonesWithPush))
        {
            var (endpoint, subscription) = await lab.SubscribeAsync(person.Id.ToString(), cancellationToken);
            subscriptions.Add((person.Id, endpoint, subscription));
        }

        await store.CommitAsync((transaction, token) => SubscribeAsync(transaction, subscriptions, token), cancellationToken);
    }

    private static async Task SubscribeAsync(CommandTransaction transaction, List<(PersonId Person, string Endpoint, string Subscription)> subscriptions, CancellationToken cancellationToken)
    {
        await transaction.Db.Set<StoredContactPoint>().Where(point => point.Kind == ContactPointKind.App && point.Label == Marker).ExecuteDeleteAsync(cancellationToken);
        transaction.Db.AddRange(subscriptions.Select(subscription => new StoredContactPoint
        {
            Id = new ContactPointId(Guid.CreateVersion7(transaction.Now)),
            PersonId = subscription.Person,
            Kind = ContactPointKind.App,
            Address = subscription.Endpoint,
            ChannelData = subscription.Subscription,
            Rank = 2,
            Label = Marker,
            VerifiedAt = transaction.Now,
            CreatedAt = transaction.Now,
            ChangedAt = transaction.Now,
        }));
    }
}

/// <summary>One person's way in: an emergency code that works once.</summary>
internal sealed record DemonstrationSignIn(DemonstrationPerson Person, string Code);
