using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Identities;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests.Directory;

/// <summary>What is counted of a small organisation drawn at random, and who is listed for each count, against what looking at one person after the other comes to.</summary>
public abstract class ReachSpecification(StorageUnderTest storage)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000);
    private static readonly DateTimeOffset Since = Now.AddMonths(-6);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_organisation_counts_nobody()
    {
        await LoadAsync([]);
        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        Assert.Equal(new ReachCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), await ReachCounts.ReadAsync(db, Since, Cancellation));
    }

    [Fact]
    public async Task Each_count_and_each_list_is_what_looking_at_every_person_comes_to()
    {
        var random = TestSeed.Random();
        Member[] members = [.. Enumerable.Range(0, 120).Select(number => new Member(random, number))];
        await LoadAsync(members);
        Member[] active = [.. members.Where(member => member.Person.Active)];
        int Count(Func<Member, bool> holds) => active.Count(holds);

        await using var db = await storage.Contexts.CreateDbContextAsync(Cancellation);
        var expected = new ReachCounts(
            active.Length,
            Count(m => m.HasAddress),
            Count(m => m.Has(ContactPointKind.Mobile)),
            Count(m => m.Has(ContactPointKind.App)),
            Count(m => m.Verifiable.Any()),
            Count(m => m.Verifiable.Any(point => point.VerifiedAt >= Since)),
            Count(m => m.Verifiable.Any() && m.Verifiable.All(point => point.VerifiedAt is null)),
            Count(m => m.HasAccount),
            Count(m => m.HasAccount && m.Passkeys > 0),
            Count(m => m.HasAccount && m.HasRoomDevice));
        Assert.Equal(expected, await ReachCounts.ReadAsync(db, Since, Cancellation));

        await AssertListedAsync(db, active, Lack.Address, m => !m.HasAddress);
        await AssertListedAsync(db, active, Lack.Mobile, m => !m.Has(ContactPointKind.Mobile));
        await AssertListedAsync(db, active, Lack.Push, m => !m.Has(ContactPointKind.App));
        await AssertListedAsync(db, active, Lack.Verification, m => m.Verifiable.Any() && m.Verifiable.All(point => point.VerifiedAt is null));
        await AssertListedAsync(
            db, active, Lack.RecentVerification, m => m.Verifiable.Any(point => point.VerifiedAt is not null) && !m.Verifiable.Any(point => point.VerifiedAt >= Since));
        await AssertListedAsync(db, active, Lack.Passkey, m => m.HasAccount && m.Passkeys == 0);
        await AssertListedAsync(db, active, Lack.RoomDevice, m => m.HasAccount && !m.HasRoomDevice);
    }

    private static async Task AssertListedAsync(TocsinDbContext db, Member[] active, Lack lack, Func<Member, bool> lacks)
    {
        var listed = await PeopleQuery.ListAsync(db, new PeopleFilter { Lacking = lack, VerifiedSince = Since }, null, 500, Cancellation);
        var expected = active.Where(lacks).Select(member => member.Person.Id).ToHashSet();
        Assert.True(expected.SetEquals(listed.Select(person => person.Id)), $"{lack}: expected {expected.Count}, listed {listed.Count}.");
    }

    private async Task LoadAsync(Member[] members) =>
        await storage.Store.CommitAsync(
            async (transaction, token) =>
            {
                var db = transaction.Db;
                await db.Set<DirectoryLogEntry>().ExecuteDeleteAsync(token);
                await db.Set<Account>().ExecuteDeleteAsync(token);
                await RandomDirectory.ClearAsync(db, token);
                await DirectoryBulkLoader.LoadAsync(
                    db, new DirectoryLoad { People = [.. members.Select(m => m.Person)], ContactPoints = [.. members.SelectMany(m => m.Points)] }, token);
                long number = 0;
                foreach (var member in members)
                {
                    db.AddRange(member.Rows());
                    foreach (var entry in member.Log)
                    {
                        entry.Number = ++number;
                        db.Add(entry);
                    }
                }
            },
            Cancellation);

    /// <summary>Somebody with whatever chance gave them.</summary>
    private sealed class Member
    {
        private readonly Account? account;
        private readonly Random random;

        public Member(Random random, int number)
        {
            this.random = random;
            Person = new Person { Id = new(NewId()), FamilyName = $"Nom{number}", DisplayName = $"Nom{number}", Active = random.Next(6) != 0, CreatedAt = Now, ChangedAt = Now };
            Points = [.. Enumerable.Range(0, random.Next(4)).Select(NewPoint)];
            if (random.Next(2) != 0) return;
            account = new Account { Id = NewId(), PersonId = Person.Id, UserName = $"m{number}", NormalizedUserName = $"M{number}", DisabledAt = random.Next(4) == 0 ? Now : null };
            Passkeys = random.Next(3);
            foreach (var _ in Enumerable.Range(0, random.Next(3)))
            {
                var device = NewId();
                Log.Add(Entry(DirectoryStatement.DeviceCertificate, device));
                if (random.Next(2) == 0) Log.Add(Entry(DirectoryStatement.DeviceRevocation, device));
                else HasRoomDevice = true;
            }
        }

        public Person Person { get; }

        public StoredContactPoint[] Points { get; }

        public int Passkeys { get; }

        public List<DirectoryLogEntry> Log { get; } = [];

        public bool HasRoomDevice { get; }

        public bool HasAccount => account is { DisabledAt: null };

        public bool HasAddress => Has(ContactPointKind.Mobile) || Has(ContactPointKind.Email) || Has(ContactPointKind.App);

        public IEnumerable<StoredContactPoint> Verifiable => Points.Where(point => point is { Enabled: true, Kind: ContactPointKind.Mobile or ContactPointKind.Email });

        public bool Has(ContactPointKind kind) => Points.Any(point => point.Enabled && point.Kind == kind);

        public IEnumerable<object> Rows()
        {
            if (account is null) yield break;
            yield return account;
            for (var i = 0; i < Passkeys; i++)
            {
                yield return new IdentityUserPasskey<Guid>
                {
                    UserId = account.Id,
                    CredentialId = NewId().ToByteArray(),
                    Data = new IdentityPasskeyData { PublicKey = [1], CreatedAt = Now, ClientDataJson = [1], AttestationObject = [1] },
                };
            }
        }

        private StoredContactPoint NewPoint(int rank) => new()
        {
            Id = new(NewId()),
            PersonId = Person.Id,
            Kind = (ContactPointKind)random.Next(Enum.GetValues<ContactPointKind>().Length),
            Address = $"address-{rank}",
            Rank = rank,
            Enabled = random.Next(4) != 0,

            // Some just at the moment that parts old from recent.
            VerifiedAt = random.Next(4) switch { 0 => null, 1 => Since, 2 => Since.AddMilliseconds(-1), _ => Since.AddDays(random.Next(-400, 180)) },
            CreatedAt = Now,
            ChangedAt = Now,
        };

        private DirectoryLogEntry Entry(DirectoryStatement kind, Guid device) => new() { Kind = kind, PersonId = Person.Id, Device = device, Entry = [1], Hash = [1], At = Now };

        private Guid NewId()
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            return new Guid(bytes);
        }
    }
}

public sealed class Reach_on_Sqlite(SqliteStorage storage) : ReachSpecification(storage), IClassFixture<SqliteStorage>;

public sealed class Reach_on_PostgreSql(PostgreSqlStorage storage) : ReachSpecification(storage), IClassFixture<PostgreSqlStorage>;
