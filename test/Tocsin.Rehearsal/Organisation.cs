using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;

namespace Tocsin.Rehearsal;

/// <summary>An organisation made straight in the database: its people, and a crisis director who is signed in. The server finds it when it starts.</summary>
public sealed class Organisation : IAsyncDisposable
{
    private const Roles Director = Roles.CrisisDirector | Roles.CrisisMember | Roles.Staff;

    private readonly ServiceProvider services;

    private Organisation(ServiceProvider services) => this.services = services;

    /// <summary>The director's session, as a browser's cookie holds it.</summary>
    public string Cookie { get; private set; } = "";

    public IReadOnlyList<PersonId> People { get; private set; } = [];

    /// <summary>Where each person is reached, in the same order.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <param name="people">How many.</param>
    /// <param name="roles">Of the account that is signed in.</param>
    /// <param name="kindOf">The one contact point of the n-th person.</param>
    public static async Task<Organisation> CreateAsync(DatabaseOptions database, int people, Func<int, ContactPointKind> kindOf, CancellationToken cancellationToken, Roles roles = Director)
    {
        var organisation = Open(database);
        await organisation.services.GetRequiredService<SchemaMigrator>().ApplyAsync(cancellationToken);
        await organisation.FillAsync(people, kindOf, roles, cancellationToken);
        return organisation;
    }

    /// <summary>Signs somebody else in.</summary>
    /// <param name="index">Of <see cref="People"/>, from 1: the first is the director.</param>
    /// <returns>Their session, as a browser's cookie holds it.</returns>
    public Task<string> SignInAsync(int index, Roles roles, CancellationToken cancellationToken) =>
        SignInAsync(People[index], roles, string.Create(CultureInfo.InvariantCulture, $"person{index}"), cancellationToken);

    /// <summary>Signs in somebody who is in the directory already, and has no account yet.</summary>
    /// <returns>Their session, as a browser's cookie holds it.</returns>
    public async Task<string> SignInAsync(PersonId person, Roles roles, string userName, CancellationToken cancellationToken)
    {
        var cookie = "";
        await services.GetRequiredService<CommandStore>().CommitAsync(
            (transaction, _) =>
            {
                cookie = SignIn(transaction, person, roles, userName);
                return Task.CompletedTask;
            },
            cancellationToken);
        return cookie;
    }

    /// <summary>Signs everybody in who is not: all but the director.</summary>
    /// <returns>Everybody's session, in the order of <see cref="People"/>.</returns>
    public async Task<IReadOnlyList<string>> SignInEveryoneAsync(Roles roles, CancellationToken cancellationToken)
    {
        const int AtOnce = 1_000;
        var cookies = new List<string> { Cookie };
        foreach (var some in Enumerable.Range(1, People.Count - 1).Chunk(AtOnce))
        {
            await services.GetRequiredService<CommandStore>().CommitAsync(
                (transaction, _) =>
                {
                    cookies.AddRange(some.Select(index => SignIn(transaction, People[index], roles, string.Create(CultureInfo.InvariantCulture, $"person{index}"))));
                    return Task.CompletedTask;
                },
                cancellationToken);
        }

        return cookies;
    }

    /// <summary>The storage of an organisation that was made before, to look into.</summary>
    public static Organisation Open(DatabaseOptions database)
    {
        var storage = new ServiceCollection();
        storage.AddSingleton(TimeProvider.System);
        storage.AddTocsinStorage(database);
        return new Organisation(storage.BuildServiceProvider());
    }

    /// <summary>The board's numbers of the only alert.</summary>
    public async Task<AlertTotals> TotalsAsync(AlertId alert, CancellationToken cancellationToken)
    {
        await using var db = await ContextAsync(cancellationToken);
        return await AlertTotals.ReadAsync(db, alert, cancellationToken);
    }

    public Task<TocsinDbContext> ContextAsync(CancellationToken cancellationToken) =>
        services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(cancellationToken);

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private Task FillAsync(int people, Func<int, ContactPointKind> kindOf, Roles roles, CancellationToken cancellationToken) =>
        services.GetRequiredService<CommandStore>().CommitAsync(
            async (transaction, token) =>
            {
                var now = transaction.Now;
                var persons = Enumerable.Range(0, people).Select(i => NewPerson(i, now)).ToList();
                var points = persons.Select((person, i) => NewContactPoint(person, i, kindOf(i), now)).ToList();
                await DirectoryBulkLoader.LoadAsync(transaction.Db, new DirectoryLoad { People = persons, ContactPoints = points }, token);
                Cookie = SignIn(transaction, persons[0].Id, roles, "director");
                People = [.. persons.Select(person => person.Id)];
                Addresses = [.. points.Select(point => point.Address)];
            },
            cancellationToken);

    private static Person NewPerson(int i, DateTimeOffset now) => new()
    {
        Id = new PersonId(Guid.CreateVersion7(now)),
        GivenName = "Camille",
        FamilyName = string.Create(CultureInfo.InvariantCulture, $"Martin{i}"),
        DisplayName = string.Create(CultureInfo.InvariantCulture, $"Camille Martin{i}"),
        Language = ContentLanguage.Fr,
        Source = DirectorySource.Import,
        CreatedAt = now,
        ChangedAt = now,
    };

    private static StoredContactPoint NewContactPoint(Person person, int i, ContactPointKind kind, DateTimeOffset now) => new()
    {
        Id = new ContactPointId(Guid.CreateVersion7(now)),
        PersonId = person.Id,
        Kind = kind,
        Address = kind == ContactPointKind.Mobile
            ? string.Create(CultureInfo.InvariantCulture, $"+336{i:D8}")
            : string.Create(CultureInfo.InvariantCulture, $"person{i}@hospital.example"),
        Source = DirectorySource.Import,
        CreatedAt = now,
        ChangedAt = now,
    };

    /// <summary>An account with a session; its token is returned.</summary>
    private static string SignIn(CommandTransaction transaction, PersonId person, Roles roles, string userName)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var account = new Account
        {
            Id = Guid.CreateVersion7(transaction.Now),
            UserName = userName,
            NormalizedUserName = userName.ToUpperInvariant(),
            PersonId = person,
            Roles = roles,
            CreatedAt = transaction.Now,
            SecurityStamp = Guid.NewGuid().ToString("N"),
        };
        transaction.Db.Add(account);
        transaction.Db.Add(new Session
        {
            Id = new SessionId(Guid.CreateVersion7(transaction.Now)),
            AccountId = account.Id,
            TokenHash = SHA256.HashData(Encoding.UTF8.GetBytes(token)),
            Method = SignInMethod.Passkey,
            Device = "Rehearsal",
            CreatedAt = transaction.Now,
            LastSeenAt = transaction.Now,
            ExpiresAt = transaction.Now.AddHours(12),
        });
        return "tocsin=" + token;
    }
}
