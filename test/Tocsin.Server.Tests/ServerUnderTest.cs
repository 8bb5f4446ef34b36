using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Accounts;
using Tocsin.Server.Hosting;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests;

/// <summary>The real server on a free port of the loopback interface, with a database of its own.</summary>
/// <remarks>Nothing in the product knows of it: accounts and sessions are made by the product's own services.</remarks>
public sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly ScratchDirectory data = new();
    private readonly List<HttpClient> clients = [];
    private readonly Dictionary<Roles, HttpClient> byRoles = [];
    private WebApplication? app;

    private ServerUnderTest()
    {
    }

    public IServiceProvider Services => app!.Services;

    /// <summary>Where it listens, as a browser would write it.</summary>
    public Uri Address => Services.GetRequiredService<ServerAddress>().Public;

    public string DataDirectory => data.Path;

    /// <summary>Nobody: no cookie, no token.</summary>
    public HttpClient Anonymous => field ??= NewClient();

    /// <summary>The command store of the running server, to prepare what a test needs.</summary>
    public CommandStore Store => Services.GetRequiredService<CommandStore>();

    /// <param name="database"><c>postgres://...</c> (see <see cref="PostgresServer.AsUrl"/>), or null for a new SQLite file, which has the schema already.</param>
    /// <param name="time">The server's clock; null for the system's.</param>
    /// <param name="replace">Puts a test's own parts in place of the product's.</param>
    /// <param name="configure">Changes the options before the start.</param>
    /// <param name="listening">Called when it listens, before it is prepared.</param>
    internal static async Task<ServerUnderTest> StartAsync(
        string? database = null, TimeProvider? time = null, Action<IServiceCollection>? replace = null, Action<TocsinOptions>? configure = null,
        Action<ServerUnderTest>? listening = null)
    {
        var server = new ServerUnderTest();
        var options = new TocsinOptions { Port = 0, Data = server.data.Path, Database = database, WebRoot = server.data.File("no-web") };
        configure?.Invoke(options);
        if (options.Database is null && options.Data == server.data.Path) await MigratedDatabase.PutAsync(Path.Combine(options.Data, "tocsin.db"));
        server.app = TocsinServer.Build(options, new ConfigurationBuilder().Build(), services =>
        {
            if (time is not null) services.Replace(ServiceDescriptor.Singleton(time));
            replace?.Invoke(services);
        });
        await TocsinServer.StartAsync(server.app, () => listening?.Invoke(server), prepared: null, TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>A new PostgreSQL database of the tests' own server, which has the schema already.</summary>
    public static async Task<string> NewPostgresDatabaseAsync() =>
        PostgresServer.AsUrl(await MigratedDatabase.NewPostgresAsync(TestContext.Current.CancellationToken));

    /// <summary>Signed in as somebody with exactly these roles; the same client each time.</summary>
    public async Task<HttpClient> AsAsync(Roles roles)
    {
        if (byRoles.TryGetValue(roles, out var known)) return known;
        return byRoles[roles] = await SignInAsync(await CreateAccountAsync(roles));
    }

    /// <summary>A new account with exactly these roles, and no way to sign in but <see cref="SignInAsync"/>.</summary>
    /// <param name="person">Somebody of the directory; null for somebody new.</param>
    internal Task<AccountHolder> CreateAccountAsync(Roles roles, string familyName = "Testeur", PersonId? person = null) =>
        Store.CommitAsync(
            async (transaction, token) =>
            {
                var added = person is null ? new NewPerson("Camille", familyName, ContentLanguage.Fr) : null;
                var created = await AccountCreation.CreateAsync(transaction, new NewAccount($"test-{Guid.NewGuid():N}", roles, person, added), null, token);
                created.Holder!.Account.Roles = roles;
                return created.Holder;
            },
            TestContext.Current.CancellationToken);

    /// <summary>A new session of the account, as a browser would hold it.</summary>
    internal async Task<HttpClient> SignInAsync(AccountHolder account, SignInMethod method = SignInMethod.Passkey) => WithSession(await OpenSessionAsync(account, method));

    internal Task<OpenedSession> OpenSessionAsync(AccountHolder account, SignInMethod method = SignInMethod.Passkey) =>
        Store.CommitAsync(
            (transaction, _) => Task.FromResult(Sessions.Open(transaction, account.Account, account.Name, method, new SessionOrigin("Tests", "127.0.0.1"))),
            TestContext.Current.CancellationToken);

    /// <summary>A browser on our own pages with this session's cookie.</summary>
    internal HttpClient WithSession(OpenedSession session)
    {
        var client = NewClient();
        client.DefaultRequestHeaders.Add("Cookie", $"tocsin={session.Token}");
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return client;
    }

    /// <summary>A machine with a new API token of these scopes.</summary>
    public async Task<HttpClient> WithApiTokenAsync(params string[] scopes)
    {
        var secret = BearerSecret.Create("tcn_");
        await Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(new ApiToken
                {
                    Id = new ApiTokenId(Guid.CreateVersion7()),
                    Name = "Test machine",
                    TokenHash = BearerSecret.HashOf(secret),
                    Scopes = string.Join(' ', scopes),
                    CreatedBy = "system",
                    CreatedAt = transaction.Now,
                });
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        return client;
    }

    /// <summary>A client with nothing set: no cookies are kept, no redirect is followed.</summary>
    public HttpClient NewClient()
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
        clients.Add(client);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients) client.Dispose();
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        data.Dispose();
    }
}
