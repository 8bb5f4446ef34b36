using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Hosting;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.AlertsApi;

/// <summary>A server with a small directory and stand-in carriers for SMS and mail.</summary>
internal sealed class AlertedServer : IAsyncDisposable
{
    public const string Alerts = "/api/v1/alerts";

    private AlertedServer(ServerUnderTest server, StandInChannel sms, StandInChannel email) => (Server, Sms, Email) = (server, sms, email);

    public ServerUnderTest Server { get; }

    public StandInChannel Sms { get; }

    public StandInChannel Email { get; }

    public Site Hospital { get; private set; } = null!;

    public PersonGroup Nurses { get; private set; } = null!;

    public PersonGroup All { get; private set; } = null!;

    public IReadOnlyList<Person> People { get; private set; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<AlertedServer> StartAsync(params string[] names) => StartAsync(null, names);

    /// <param name="replace">Puts more of a test's own parts in place.</param>
    public static Task<AlertedServer> StartAsync(Action<IServiceCollection> replace) => StartAsync(null, [], replace);

    /// <param name="database">As for <see cref="ServerUnderTest.StartAsync"/>.</param>
    public static Task<AlertedServer> StartOnAsync(string? database) => StartAsync(null, [], null, database);

    /// <summary>With the built web client, for a browser.</summary>
    public static Task<AlertedServer> StartWithClientAsync(params string[] names) => StartAsync(options => options.WebRoot = Path.Combine(Repository.Root, "web", "dist"), names);

    private static async Task<AlertedServer> StartAsync(Action<TocsinOptions>? configure, string[] names, Action<IServiceCollection>? replace = null, string? database = null)
    {
        var (sms, email) = (new StandInChannel(ChannelKind.Sms), new StandInChannel(ChannelKind.Email));
        var server = await ServerUnderTest.StartAsync(database, configure: configure, replace: services =>
        {
            services.AddSingleton<IAlertChannel>(sms);
            services.AddSingleton<IAlertChannel>(email);
            replace?.Invoke(services);
        });
        var world = new AlertedServer(server, sms, email);
        await world.FillAsync(names.Length == 0 ? ["Amélie Durand", "Bruno Petit", "Chloé Œuvrard"] : names);
        return world;
    }

    public Task<HttpClient> DirectorAsync() => Server.AsAsync(Roles.CrisisDirector);

    /// <summary>Raises a free alert to everyone and waits until all were handed over.</summary>
    public async Task<JsonNode> RaiseAsync(Action<JsonObject>? change = null)
    {
        var request = Free();
        change?.Invoke(request);
        var alert = await (await DirectorAsync()).PostJsonAsync(Alerts, request);
        await SettledAsync(IdOf(alert));
        return alert;
    }

    public async Task<JsonNode> BoardAsync(string id) => await (await DirectorAsync()).GetJsonAsync($"{Alerts}/{id}/board");

    /// <summary>Waits until nothing of the alert waits to be written or to leave; as long as it takes, if only messages keep leaving.</summary>
    public async Task SettledAsync(string id)
    {
        for (var before = -1; ;)
        {
            var now = Sms.Sent.Count + Email.Sent.Count;
            try
            {
                await Eventually.HoldsAsync(() => IsSettledAsync(id), "every delivery is handed over");
                return;
            }
            catch (TimeoutException) when (now > before)
            {
                before = now;
            }
        }
    }

    private async ValueTask<bool> IsSettledAsync(string id)
    {
        var board = await BoardAsync(id);
        var open = board["deliveries"]!.AsArray().Any(count => count!["state"]!.GetValue<string>() is "planned" or "sending");
        return !open && board["standings"]!["not-reached"]!.GetValue<long>() == 0;
    }

    public async Task<JsonArray> RecipientsAsync(string id, string query = "") =>
        (await (await DirectorAsync()).GetJsonAsync($"{Alerts}/{id}/recipients{query}"))["items"]!.AsArray();

    public static string IdOf(JsonNode alert) => alert["id"]!.GetValue<string>();

    /// <summary>Everyone of the directory but the accounts that act.</summary>
    public AudienceExpression Audience => new() { Include = new AudienceSelection { Groups = [All.Id] } };

    /// <summary>By SMS and mail.</summary>
    public JsonObject Free() => new()
    {
        ["severity"] = "severe",
        ["title"] = new JsonObject { ["fr"] = "Fuite de gaz", ["en"] = "Gas leak" },
        ["body"] = new JsonObject { ["fr"] = "Sortez {maintenant}.", ["en"] = "Leave now." },
        ["audience"] = ApiClient.ToJson(Audience),
        ["plan"] = ApiClient.ToJson(new ChannelPlan { Steps = [new PlanStep { Channels = [ChannelKind.Sms, ChannelKind.Email] }] }),
    };

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private Task FillAsync(IReadOnlyList<string> names) => Server.Store.CommitAsync(
        async (transaction, token) =>
        {
            var now = transaction.Now;
            Hospital = new Site { Id = new SiteId(Guid.CreateVersion7()), Name = "Hôpital Nord", Source = DirectorySource.Manual, CreatedAt = now, ChangedAt = now };
            Nurses = new PersonGroup { Id = new GroupId(Guid.CreateVersion7()), Name = "Infirmiers", Source = DirectorySource.Manual, CreatedAt = now, ChangedAt = now };
            All = new PersonGroup { Id = new GroupId(Guid.CreateVersion7()), Name = "Tous", Source = DirectorySource.Manual, CreatedAt = now, ChangedAt = now };
            People = [.. names.Select((name, index) => new Person
            {
                Id = new PersonId(Guid.CreateVersion7(now.AddMilliseconds(index))),
                GivenName = name.Split(' ')[0],
                FamilyName = name.Split(' ')[^1],
                DisplayName = name,
                Language = ContentLanguage.Fr,
                SiteId = index % 2 == 0 ? Hospital.Id : null,
                Source = DirectorySource.Manual,
                CreatedAt = now,
                ChangedAt = now,
            })];
            var load = new DirectoryLoad
            {
                Sites = [Hospital],
                Groups = [Nurses, All],
                People = [.. People],
                ContactPoints = [.. People.SelectMany((person, index) => new[]
                {
                    Point(person, ContactPointKind.Mobile, MobileOf(index), now),
                    Point(person, ContactPointKind.Email, $"person{index}@example.org", now),
                })],
                GroupMembers =
                [
                    new GroupMember { GroupId = Nurses.Id, PersonId = People[0].Id, Source = DirectorySource.Manual },
                    .. People.Select(person => new GroupMember { GroupId = All.Id, PersonId = person.Id, Source = DirectorySource.Manual }),
                ],
            };
            await DirectoryBulkLoader.LoadAsync(transaction.Db, load, token);
        },
        Cancellation);

    public static string MobileOf(int index) => $"+336{index:D8}";

    private static StoredContactPoint Point(Person person, ContactPointKind kind, string address, DateTimeOffset now) => new()
    {
        Id = new ContactPointId(Guid.CreateVersion7()),
        PersonId = person.Id,
        Kind = kind,
        Address = address,
        Source = DirectorySource.Manual,
        CreatedAt = now,
        ChangedAt = now,
    };
}
