using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Rehearsal.Carriers;
using Tocsin.Storage;
using Tocsin.Testing;

namespace Tocsin.Scenarios.Long.Crashes;

/// <summary>The real program on SQLite between an SMS centre and a mail server that speak their protocols; every second person has a mobile, the others a mail address.</summary>
internal sealed class Rehearsed : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ScratchDirectory data;
    private readonly long begun = Stopwatch.GetTimestamp();

    private Rehearsed(Organisation organisation, ServerProcess server, SmppCarrier sms, MailCarrier mail, ScratchDirectory directory)
    {
        (Organisation, Server, Sms, Mail, data) = (organisation, server, sms, mail, directory);
        (Sms.Arrivals, Mail.Arrivals) = (Arrivals, Arrivals);
        Client = AlertCall.Browser(server, organisation);
    }

    public Organisation Organisation { get; }

    public ServerProcess Server { get; }

    public SmppCarrier Sms { get; }

    public MailCarrier Mail { get; }

    public Arrivals Arrivals { get; } = new(AlertCall.Judge);

    /// <summary>The director's browser.</summary>
    public HttpClient Client { get; }

    /// <summary>Counts from 1.</summary>
    public int Life { get; private set; }

    public static async Task<Rehearsed> PrepareAsync(int people, int window, CancellationToken cancellationToken)
    {
        var directory = new ScratchDirectory();
        var database = DatabaseOptions.SqliteFile(directory.File("tocsin.db"));
        var organisation = await Organisation.CreateAsync(
            database, people, i => i % 2 == 0 ? ContactPointKind.Mobile : ContactPointKind.Email, cancellationToken);

        // From here on the database is the server's own: recovering it after a kill must be its work, not that of a connection of ours.
        await organisation.DisposeAsync();
        database.CloseIdleConnections();
        var sms = new SmppCarrier();
        var mail = new MailCarrier();
        return new Rehearsed(organisation, ServerProcess.Prepare(directory, null, CarrierConfiguration.Of(sms.Port, mail.Port, window: window)), sms, mail, directory);
    }

    public async Task StartAsync()
    {
        Life++;
        (Sms.Life, Mail.Life) = (Life, Life);
        await Server.StartAsync();
        await Server.ListensAsync();
    }

    /// <summary>
    /// Kills the server, waits until the carriers have read its last octets, and notes what was in flight. After it the carriers take no message before
    /// <see cref="Arrivals.Allow"/> is called.
    /// </summary>
    public async Task KillAsync(InFlight inFlight, CancellationToken cancellationToken)
    {
        await Server.KillAsync();
        Arrivals.Allow(int.MaxValue);
        await Eventually.HoldsAsync(() => !Sms.IsConnected && !Mail.IsConnected, "the carriers have seen the server's connections end");
        Arrivals.Allow(Arrivals.Total);
        await using var copy = CopyDatabase();
        await inFlight.TakeAsync(Arrivals, Life, copy, cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s: killed; {State}, {inFlight.Counts.Last()} in flight");
    }

    /// <summary>Waits for something that the carriers see. Fails with what is missing and with what the server wrote.</summary>
    public Task UntilAsync(Func<bool> condition, Func<string> missing) => UntilAsync(() => Task.FromResult(condition()), missing);

    /// <inheritdoc cref="UntilAsync(Func{bool}, Func{string})"/>
    public Task UntilAsync(Func<Task<bool>> condition, Func<string> missing) => Eventually.HoldsWithinAsync(Limit, condition, () => $"{missing()}\n{State}\n{Server.Output}");

    /// <summary>The alert's board as the director sees it.</summary>
    public async Task<JsonElement> BoardAsync(AlertId alert, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await Client.GetStringAsync(new Uri($"/api/v1/alerts/{alert.Value}/board", UriKind.Relative), cancellationToken));
        return answer.RootElement.Clone();
    }

    public string State => string.Create(
        CultureInfo.InvariantCulture,
        $"life {Life}: {Arrivals.Addresses} of {Organisation.Addresses.Count} reached with {Arrivals.Total} messages, {Sms.PendingReceipts} receipts and {Sms.PendingReplies} replies not acknowledged");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await Sms.DisposeAsync();
        await Mail.DisposeAsync();
        data.Dispose();
    }

    /// <summary>As the killed server left it, its write-ahead log included.</summary>
    private Organisation CopyDatabase()
    {
        var copy = data.File(string.Create(CultureInfo.InvariantCulture, $"killed-{Life}.db"));
        File.Copy(data.File("tocsin.db"), copy);
        if (File.Exists(data.File("tocsin.db-wal"))) File.Copy(data.File("tocsin.db-wal"), copy + "-wal");
        return Organisation.Open(DatabaseOptions.SqliteFile(copy));
    }
}
