using System.Diagnostics;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Rehearsal.Carriers;
using Tocsin.Storage;
using Tocsin.Testing;

namespace Tocsin.Bench.Alert;

/// <summary>One alert to everyone, measured from the request on.</summary>
internal sealed class AlertRun(string name, int people, string program)
{
    // Between looks at the board: the figures that come from it are this coarse.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private int mobiles;
    private PostgresServer? postgres;

    public async Task<Measured> MeasureAsync(CancellationToken cancellationToken)
    {
        using var data = new ScratchDirectory();
        postgres = name == "postgresql" ? await PostgresServer.StartAsync() : null;
        var url = postgres is null ? null : PostgresServer.AsUrl(await postgres.CreateDatabaseAsync(cancellationToken));
        var options = url is not null && DatabaseOptions.TryParse(url, out var parsed) ? parsed! : DatabaseOptions.SqliteFile(data.File("tocsin.db"));
        await using var organisation = await Organisation.CreateAsync(options, people, i => i % 2 == 0 ? ContactPointKind.Mobile : ContactPointKind.Email, cancellationToken);
        mobiles = (people + 1) / 2;
        await using var sms = new SmppCarrier(name == "timeouts" ? LossOfOneInThousand() : null);
        await using var mail = new MailCarrier(name == "timeouts" ? LossOfOneInThousand() : null);
        await using var server = ServerProcess.Prepare(data, url, CarrierConfiguration.Of(sms.Port, mail.Port), program);
        await server.StartAsync();
        var measured = await Measuring.OfAsync(server, async () =>
        {
            await server.ListensAsync();
            await Eventually.HoldsAsync(() => sms.IsBound, "the SMPP session is bound");

            // "early" has no patience: the first alert comes while the server still makes its first alert fast.
            if (name != "early") await server.IsReadyAsync();
            return await MeasureAsync(server, organisation, sms, mail, cancellationToken);
        });
        if (postgres is not null) await postgres.DisposeAsync();
        return measured;
    }

    private async Task<Measured> MeasureAsync(ServerProcess server, Organisation organisation, SmppCarrier sms, MailCarrier mail, CancellationToken cancellationToken)
    {
        using var client = AlertCall.Browser(server, organisation);
        var firstCold = await TellTwoAsync(client, organisation, sms, mail, cancellationToken);

        var arrivals = new Arrivals(AlertCall.Judge);
        (sms.Arrivals, mail.Arrivals) = (arrivals, arrivals);
        using var memory = new OwnMemory(server);
        var processorBefore = server.ProcessorTime();
        var databaseBefore = DatabaseTime();
        var ownBefore = Environment.CpuUsage.TotalTime;
        var (alert, asked, answered) = await AlertCall.RaiseAsync(client, AlertCall.Everyone, cancellationToken);
        var durable = await WhenAsync(organisation, alert, totals => SumOf(totals, _ => true) == people, cancellationToken);
        await arrivals.AddressesReachAsync(people).WaitAsync(Limit, cancellationToken);
        await WhenAsync(organisation, alert, totals => SumOf(totals, state => state is DeliveryState.Accepted or DeliveryState.Delivered or DeliveryState.Read) == people, cancellationToken);
        var processor = server.ProcessorTime() - processorBefore;
        var database = DatabaseTime() - databaseBefore;
        var own = Environment.CpuUsage.TotalTime - ownBefore;

        var receiptsFrom = Stopwatch.GetTimestamp();
        sms.GiveReceipts();
        var complete = await WhenAsync(organisation, alert, totals => CountOf(totals, ChannelKind.Sms, DeliveryState.Delivered) == mobiles, cancellationToken);
        var receiptProcessor = server.ProcessorTime() - processorBefore - processor;
        var receiptDatabase = DatabaseTime() - databaseBefore - database;
        var memoryPeak = await memory.EndAsync();
        Verify(arrivals, organisation, sms, mail);
        var handedOver = Stopwatch.GetElapsedTime(asked, arrivals.LastNewAt);
        return new Measured
        {
            Rate = people / handedOver.TotalSeconds,
            Answered = Stopwatch.GetElapsedTime(asked, answered).TotalMilliseconds,
            First = Stopwatch.GetElapsedTime(asked, arrivals.FirstAt).TotalMilliseconds,
            FirstCold = firstCold,
            Durable = Stopwatch.GetElapsedTime(asked, durable).TotalMilliseconds,
            HandedOver = handedOver.TotalMilliseconds,
            BoardComplete = (Stopwatch.GetElapsedTime(asked, receiptsFrom) + Stopwatch.GetElapsedTime(receiptsFrom, complete)).TotalMilliseconds,
            ReceiptRate = mobiles / Stopwatch.GetElapsedTime(receiptsFrom, complete).TotalSeconds,
            ProcessorMicroseconds = processor.TotalMicroseconds / people,
            DatabaseMicroseconds = database.TotalMicroseconds / people,
            CarrierMicroseconds = own.TotalMicroseconds / people,
            ReceiptProcessorMicroseconds = receiptProcessor.TotalMicroseconds / mobiles,
            ReceiptDatabaseMicroseconds = receiptDatabase.TotalMicroseconds / mobiles,
            ShortMessagesPerText = (double)sms.ShortMessages / (mobiles + 1),
            MemoryBefore = memory.Before,
            MemoryPeak = memoryPeak,
            ResidentPeak = server.MemoryMebibytes("VmHWM"),
        };
    }

    /// <summary>The first alert since the start, to one mobile and one mail address. Without it the main figure would measure the compiler.</summary>
    private static async Task<double> TellTwoAsync(HttpClient client, Organisation organisation, SmppCarrier sms, MailCarrier mail, CancellationToken cancellationToken)
    {
        var arrivals = new Arrivals(AlertCall.Judge);
        (sms.Arrivals, mail.Arrivals) = (arrivals, arrivals);
        var (_, asked, _) = await AlertCall.RaiseAsync(client, AlertCall.Only(organisation.People.Take(2)), cancellationToken);
        await arrivals.AddressesReachAsync(2).WaitAsync(Limit, cancellationToken);
        return Stopwatch.GetElapsedTime(asked, arrivals.FirstAt).TotalMilliseconds;
    }

    private static async Task<long> WhenAsync(Organisation organisation, AlertId alert, Func<Storage.Alerts.AlertTotals, bool> holds, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!holds(await organisation.TotalsAsync(alert, cancellationToken)))
        {
            if (Stopwatch.GetElapsedTime(started) > Limit) throw new TimeoutException("The board does not get there.");
            await Task.Delay(LookEvery, cancellationToken);
        }

        return Stopwatch.GetTimestamp();
    }

    private void Verify(Arrivals arrivals, Organisation organisation, SmppCarrier sms, MailCarrier mail)
    {
        var wrong = sms.Faults.Concat(mail.Faults).Concat(arrivals.Complaints).ToList();
        var reached = arrivals.Snapshot();
        wrong.AddRange(organisation.Addresses.Where(address => !reached.TryGetValue(address, out var lives) || lives.Length != 1).Take(5).Select(address => $"{address} was not reached exactly once"));
        if (reached.Count != people) wrong.Add($"{reached.Count} addresses were reached, not {people}");
        if (wrong.Count > 0) throw new InvalidOperationException("The run is void:\n" + string.Join('\n', wrong));
    }

    /// <summary>SQLite's is the server's.</summary>
    private TimeSpan DatabaseTime() => postgres?.ProcessorTime() ?? TimeSpan.Zero;

    private static long SumOf(Storage.Alerts.AlertTotals totals, Func<DeliveryState, bool> counts) =>
        totals.Deliveries.Values.Sum(states => states.Where(state => counts(state.Key)).Sum(state => state.Value));

    private static long CountOf(Storage.Alerts.AlertTotals totals, ChannelKind channel, DeliveryState state) =>
        totals.Deliveries.GetValueOrDefault(channel)?.GetValueOrDefault(state) ?? 0;

    /// <summary>Every thousandth message is lost without an answer, once: its repetition arrives.</summary>
    private static Func<bool> LossOfOneInThousand()
    {
        // Starts in the middle, so that the two messages of the first alert arrive.
        var count = 500;
        return () => Interlocked.Increment(ref count) % 1_000 == 0;
    }
}
