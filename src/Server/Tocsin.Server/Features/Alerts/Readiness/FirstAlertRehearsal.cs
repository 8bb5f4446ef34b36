using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Raising;
using Tocsin.Server.Features.Alerts.Board;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Server.Features.Alerts.Receipts;
using Tocsin.Server.Features.Alerts.Timers;
using Tocsin.Server.Features.AlertsApi.Board;
using Tocsin.Server.Features.AlertsApi.Raising;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Events;
using Tocsin.Storage.Meetings;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Alerts.Readiness;

/// <summary>Raises an alert to two people who do not exist, on a database of its own that is then deleted, just after the server has begun to listen.</summary>
/// <remarks>
/// The first alert after a start would otherwise be the slowest: the code of its whole way is compiled and its queries are translated while people wait. Nothing
/// of this reaches the real database or a carrier. Where a real alert comes meanwhile, the rehearsal ends (<see cref="GiveWay"/>): the alert has the processor to
/// itself, and is not stopped by the collection of garbage that the rehearsal would have ended with.
/// </remarks>
internal sealed partial class FirstAlertRehearsal(
    TocsinOptions options, ServerAddress address, IDbContextFactory<TocsinDbContext> contexts, AlertReading alerts, AlertCatalog catalog, IOptions<JsonOptions> json, TimeProvider time,
    ILogger<FirstAlertRehearsal> logger)
    : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>By then those who were in a call when the server went are back in it.</summary>
    internal static readonly TimeSpan CallsFirst = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource realAlert = new();
    private volatile bool isUnderWay;

    private const string Request = """
        {"mode":"exercise","severity":"extreme","title":{"fr":"Répétition","en":"Rehearsal"},"body":{"fr":"Évacuez par l'escalier.","en":"Leave by the stairs."},
        "audience":{"include":{"everyone":true}},"plan":{"steps":[{"channels":["sms","email"]}]}}
        """;

    /// <summary>Whether the first alert would still be slow, and is being made fast.</summary>
    public bool IsUnderWay => isUnderWay;

    /// <summary>A real alert is here: it does what would have been rehearsed. Any thread, as often as one likes; returns at once.</summary>
    public void GiveWay()
    {
        // Not Cancel: what it wakes would run here, in the alert's own time.
        if (!realAlert.IsCancellationRequested) _ = realAlert.CancelAsync();
    }

    /// <summary>Says that <see cref="RunAsync"/> will be called: nobody shall take the server for ready in between.</summary>
    public void Announce() => isUnderWay = true;

    /// <summary>Never throws: a rehearsal that fails leaves the server as it was.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        isUnderWay = true;
        return Task.Run(() => RunOnceAsync(cancellationToken), CancellationToken.None);
    }

    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, realAlert.Token);
        limit.CancelAfter(Limit);
        try
        {
            await LetCallsBackAsync(limit.Token);
            await KnockAsync(limit.Token);
            await RehearseAsync(limit.Token);
            await ReadAsync(limit.Token);
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested && !realAlert.IsCancellationRequested) Failed(logger, exception.GetType().Name);
        }

        // What the start and the rehearsal used is not needed again; what alerts use is allocated as they come. It stops every thread, so not while one is under way.
        try
        {
            if (!realAlert.IsCancellationRequested) SpareMemory.GiveBack();
        }
        finally
        {
            isUnderWay = false;
        }
    }

    public void Dispose() => realAlert.Dispose();

    /// <summary>Where a meeting is open, people may have been in its call until the server went, who come back now, all at once, and wait for the same processors.</summary>
    private async Task LetCallsBackAsync(CancellationToken cancellationToken)
    {
        if (await IsMeetingOpenAsync(cancellationToken)) await Task.Delay(CallsFirst, time, cancellationToken);
    }

    private async Task<bool> IsMeetingOpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<Meeting>().AnyAsync(meeting => meeting.EndedAt == null, cancellationToken);
    }

    /// <summary>Asks this server for an alert as a stranger does, who is refused.</summary>
    private async Task KnockAsync(CancellationToken cancellationToken)
    {
        if (options.Tls.Certificate is not null) return;
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = address.OnThisMachine };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/alerts", UriKind.Relative)) { Content = new StringContent(Request, Encoding.UTF8, "application/json") };
        request.Headers.Add("Cookie", "tocsin=rehearsal");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized) Failed(logger, $"{(int)response.StatusCode}");
    }

    private async Task RehearseAsync(CancellationToken cancellationToken)
    {
        var directory = Path.Combine(options.Data, "rehearsal");
        if (System.IO.Directory.Exists(directory)) System.IO.Directory.Delete(directory, recursive: true);
        System.IO.Directory.CreateDirectory(directory);
        var database = DatabaseOptions.SqliteFile(Path.Combine(directory, "rehearsal.db"));
        try
        {
            await RehearseAsync(database, cancellationToken);
        }
        finally
        {
            database.CloseIdleConnections();
            System.IO.Directory.Delete(directory, recursive: true);
        }
    }

    private async Task RehearseAsync(DatabaseOptions database, CancellationToken cancellationToken)
    {
        await using var stage = Stage(database);
        await stage.GetRequiredService<SchemaMigrator>().ApplyAsync(cancellationToken);
        await stage.GetRequiredService<CommandStore>().CommitAsync(
            (transaction, token) => DirectoryBulkLoader.LoadAsync(transaction.Db, TwoPeople(transaction.Now), token), cancellationToken);
        IHostedService[] working = [stage.GetRequiredService<NodeLife>(), stage.GetRequiredService<NewsJournal>(), stage.GetRequiredService<DispatchService>(), stage.GetRequiredService<AlertClock>()];
        var started = new Stack<IHostedService>();
        try
        {
            foreach (var service in working)
            {
                await service.StartAsync(cancellationToken);
                started.Push(service);
            }

            await TellAsync(stage, cancellationToken);
        }
        finally
        {
            // However it ended: their loops would go on without the database.
            foreach (var service in started) await service.StopAsync(CancellationToken.None);
        }
    }

    private ServiceProvider Stage(DatabaseOptions database)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(ServerAddress.Configured(options));
        services.AddTocsinStorage(database);
        services.AddAlerts();
        services.AddSingleton<AlertReading>();
        services.AddAlertChannel(_ => new RehearsalChannel(ChannelKind.Sms));
        services.AddAlertChannel(_ => new RehearsalChannel(ChannelKind.Email));
        return services.BuildServiceProvider();
    }

    private async Task TellAsync(ServiceProvider stage, CancellationToken cancellationToken)
    {
        var asked = JsonSerializer.Deserialize<RaiseRequest>(Request, AlertingJson.Options)!;
        var draft = new AlertDraft
        {
            Mode = asked.Mode!.Value,
            Severity = asked.Severity!.Value,
            Text = new AlertText(asked.Title!, asked.Body!),
            Audience = asked.Audience!,
            Plan = asked.Plan!,
        };
        var events = stage.GetRequiredService<EventSignal>();
        var reading = stage.GetRequiredService<AlertReading>();
        var board = stage.GetRequiredService<AlertBoard>();
        var raised = (RaiseResult.Raised)await stage.GetRequiredService<RaiseAlert>().RaiseAsync(draft, AuditActor.System, "rehearsal", cancellationToken);
        JsonSerializer.Serialize(await reading.FindAsync(raised.Id, cancellationToken), json.Value.SerializerOptions);
        while (true)
        {
            var seen = events.Head;
            var known = await board.FindAsync(raised.Id, cancellationToken);
            if (known!.Summary.Totals.Deliveries.Values.Sum(states => states.GetValueOrDefault(DeliveryState.Accepted)) == draft.Plan.Steps[0].Channels.Count) return;
            await events.WaitAsync(seen, cancellationToken);
        }
    }

    private static DirectoryLoad TwoPeople(DateTimeOffset now)
    {
        Person[] people = [.. Enumerable.Range(1, 2).Select(n => new Person
        {
            Id = new PersonId(Guid.CreateVersion7(now)),
            GivenName = "Rehearsal",
            FamilyName = $"{n}",
            DisplayName = $"Rehearsal {n}",
            Language = n == 1 ? ContentLanguage.Fr : ContentLanguage.En,
            Source = DirectorySource.Import,
            CreatedAt = now,
            ChangedAt = now,
        })];
        return new DirectoryLoad { People = people, ContactPoints = [PointOf(people[0], ContactPointKind.Mobile, "+33639980000", now), PointOf(people[1], ContactPointKind.Email, "rehearsal@tocsin.invalid", now)] };
    }

    private static StoredContactPoint PointOf(Person person, ContactPointKind kind, string address, DateTimeOffset now) => new()
    {
        Id = new ContactPointId(Guid.CreateVersion7(now)),
        PersonId = person.Id,
        Kind = kind,
        Address = address,
        Source = DirectorySource.Import,
        CreatedAt = now,
        ChangedAt = now,
    };

    /// <summary>What raising reads of the real database, whichever that is. Nothing is found, and nothing is written.</summary>
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var nothing = new AlertId(Guid.Empty);
        await alerts.FindAsync(nothing, cancellationToken);
        await catalog.FindAlertAsync(nothing, cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await AudienceQuery.ResolveAsync(db, AudienceExpression.Nobody, DateTimeOffset.UnixEpoch, cancellationToken);
        await AlertAudiences.ReadChunkAsync(db, nothing, 0, 0, cancellationToken);
        await AlertTotals.ReadAsync(db, nothing, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rehearsal of the first alert did not go through ({Failure}); the first alert will take a little longer")]
    private static partial void Failed(ILogger logger, string failure);
}
