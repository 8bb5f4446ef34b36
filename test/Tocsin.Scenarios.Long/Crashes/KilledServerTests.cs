using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Rehearsal;
using Tocsin.Testing;

namespace Tocsin.Scenarios.Long.Crashes;

/// <summary>One alert while the server is killed with SIGKILL again and again, at moments that a seed chooses.</summary>
/// <remarks>Takes three to five minutes on two cores: run on request, <c>./dev test Long</c>.</remarks>
public sealed class KilledServerTests
{
    private const int People = 10_000;
    private const int Mobiles = People / 2;
    private const int Repliers = 2_000;
    private const int Window = 50;

    /// <summary>Messages until a kill, at most: so many that a quarter is left for the lives after the last kill.</summary>
    private const int MostPerLife = 3 * People / 4 / KillsWhileSending;

    private const int KillsWhileRaising = 4;
    private const int KillsWhileSending = 8;
    private const int KillsWhileAnswersCome = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_twenty_times_it_reaches_everyone_repeats_only_what_was_in_flight_and_counts_exactly()
    {
        var random = TestSeed.Random();
        var inFlight = new InFlight();
        await using var rehearsed = await Rehearsed.PrepareAsync(People, Window, Cancellation);
        var alert = await RaiseThroughKillsAsync(rehearsed, inFlight, random);
        for (var kill = 0; kill < KillsWhileSending; kill++)
        {
            // Over the second half, receipts come at the same time.
            if (kill == KillsWhileSending / 2) rehearsed.Sms.GiveReceipts();
            rehearsed.Sms.AllowAcknowledged(rehearsed.Sms.Acknowledged + random.Next(1_000));
            await MoreArriveAsync(rehearsed, random.Next(1, MostPerLife), random.Next(MostPerLife / 3));
            await KillAndStartAsync(rehearsed, inFlight);
        }

        rehearsed.Arrivals.Allow(int.MaxValue);
        TestContext.Current.TestOutputHelper?.WriteLine("Before the replies: " + rehearsed.State);
        var repliers = Reply(rehearsed, random);
        for (var kill = 0; kill < KillsWhileAnswersCome; kill++)
        {
            await MoreAreAcknowledgedAsync(rehearsed, random.Next(1, People / KillsWhileAnswersCome), random.Next(400));
            await KillAndStartAsync(rehearsed, inFlight);
            rehearsed.Arrivals.Allow(int.MaxValue);
        }

        rehearsed.Sms.AllowAcknowledged(int.MaxValue);
        await rehearsed.UntilAsync(() => rehearsed.Arrivals.Addresses == People, () => "everyone is reached");
        await rehearsed.UntilAsync(() => rehearsed.Sms is { PendingReceipts: 0, PendingReplies: 0 }, () => "all receipts and replies are acknowledged");
        await BoardIsExactAsync(rehearsed, alert, repliers);
        NobodyWasToldMoreOftenThanMustBe(rehearsed, inFlight);
        TestContext.Current.TestOutputHelper?.WriteLine($"In flight at each kill: {string.Join(", ", inFlight.Counts)}; {rehearsed.Arrivals.Total - People} messages came twice.");
    }

    /// <summary>A client that sees its connection break asks again with the same key, as often as it takes.</summary>
    private static async Task<AlertId> RaiseThroughKillsAsync(Rehearsed rehearsed, InFlight inFlight, Random random)
    {
        var key = Guid.CreateVersion7().ToString();
        var answers = new List<AlertId>();
        await rehearsed.StartAsync();
        for (var kill = 0; kill < KillsWhileRaising; kill++)
        {
            rehearsed.Arrivals.Allow(rehearsed.Arrivals.Total + random.Next(1, MostPerLife / 3));
            var raising = TryRaiseAsync(rehearsed, key);

            // Not a wait but the moment of the kill: before the request is answered for the first half of the kills, and while it is being carried out for the others.
            if (kill >= KillsWhileRaising / 2) await Task.WhenAny(raising);
            await Task.Delay(random.Next(600), Cancellation);
            await rehearsed.KillAsync(inFlight, Cancellation);
            if (await raising is { } answered) answers.Add(answered);
            await rehearsed.StartAsync();
        }

        if (await TryRaiseAsync(rehearsed, key) is { } last) answers.Add(last);
        var all = await rehearsed.Client.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/alerts", UriKind.Relative), Cancellation);
        var alert = new AlertId(Assert.Single(all.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
        Assert.All(answers, answer => Assert.Equal(alert, answer));
        return alert;
    }

    /// <returns>Null where the connection broke, or the alert was raised before and the answer lost.</returns>
    private static async Task<AlertId?> TryRaiseAsync(Rehearsed rehearsed, string key)
    {
        try
        {
            return (await AlertCall.RaiseAsync(rehearsed.Client, AlertCall.Everyone, Cancellation, key)).Id;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("idempotency-answer-lost", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static async Task KillAndStartAsync(Rehearsed rehearsed, InFlight inFlight)
    {
        await rehearsed.KillAsync(inFlight, Cancellation);
        await rehearsed.StartAsync();
    }

    /// <param name="afterwards">How many more the carriers take at most before the kill, however long it takes on a busy machine.</param>
    private static async Task MoreArriveAsync(Rehearsed rehearsed, int messages, int afterwards)
    {
        var wanted = rehearsed.Arrivals.Total + messages;
        rehearsed.Arrivals.Allow(wanted + afterwards);
        await rehearsed.UntilAsync(() => rehearsed.Arrivals.Total >= wanted || rehearsed.Arrivals.Addresses == People, () => $"{messages} more messages arrive");
    }

    /// <inheritdoc cref="MoreArriveAsync"/>
    private static async Task MoreAreAcknowledgedAsync(Rehearsed rehearsed, int parcels, int afterwards)
    {
        var wanted = rehearsed.Sms.Acknowledged + parcels;
        rehearsed.Sms.AllowAcknowledged(wanted + afterwards);
        await rehearsed.UntilAsync(
            () => rehearsed.Sms.Acknowledged >= wanted || (rehearsed.Arrivals.Addresses == People && rehearsed.Sms is { PendingReceipts: 0, PendingReplies: 0 }), () => $"{parcels} more receipts and replies are acknowledged");
    }

    /// <summary>Some of those who have a mobile write back that they are safe.</summary>
    private static int Reply(Rehearsed rehearsed, Random random)
    {
        var reached = rehearsed.Arrivals.Snapshot().Keys.Where(address => address.StartsWith('+')).Order(StringComparer.Ordinal).ToArray();
        random.Shuffle(reached);
        var repliers = reached.Take(Repliers).ToList();
        foreach (var number in repliers) rehearsed.Sms.Reply(number, "1");
        return repliers.Count;
    }

    private static async Task BoardIsExactAsync(Rehearsed rehearsed, AlertId alert, int repliers)
    {
        // By what the carriers did: each mobile's text was reported delivered, some were answered; mail is only ever taken.
        var expected = new SortedDictionary<string, long>(StringComparer.Ordinal)
        {
            ["answer safe"] = repliers,
            ["email accepted"] = People - Mobiles,
            ["sms delivered"] = Mobiles - repliers,
            ["sms read"] = repliers,
            ["standing answered"] = repliers,
            ["standing delivered"] = Mobiles - repliers,
            ["standing sent"] = People - Mobiles,
        };
        var shown = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await rehearsed.UntilAsync(
            async () =>
            {
                shown = Numbers(await rehearsed.BoardAsync(alert, Cancellation));
                return shown.SequenceEqual(expected);
            },
            () => $"the board is exact: it shows {string.Join(", ", shown)}\nand not {string.Join(", ", expected)}");
    }

    private static SortedDictionary<string, long> Numbers(JsonElement board)
    {
        var numbers = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var standing in board.GetProperty("standings").EnumerateObject()) numbers["standing " + standing.Name] = standing.Value.GetInt64();
        foreach (var answer in board.GetProperty("answers").EnumerateArray()) numbers["answer " + answer.GetProperty("key").GetString()] = answer.GetProperty("count").GetInt64();
        foreach (var delivery in board.GetProperty("deliveries").EnumerateArray())
            numbers[$"{delivery.GetProperty("channel").GetString()} {delivery.GetProperty("state").GetString()}"] = delivery.GetProperty("count").GetInt64();
        foreach (var (name, count) in numbers.ToList())
        {
            if (count == 0) numbers.Remove(name);
        }

        return numbers;
    }

    private static void NobodyWasToldMoreOftenThanMustBe(Rehearsed rehearsed, InFlight inFlight)
    {
        Assert.Empty(rehearsed.Sms.Faults);
        Assert.Empty(rehearsed.Mail.Faults);
        Assert.Empty(rehearsed.Arrivals.Complaints);
        var most = InFlight.Most(Window);
        Assert.All(inFlight.Counts, count => Assert.InRange(count, 0, most));
        var reached = rehearsed.Arrivals.Snapshot();
        Assert.Equal(rehearsed.Organisation.Addresses.Order(StringComparer.Ordinal), reached.Keys.Order(StringComparer.Ordinal));
        foreach (var (address, lives) in reached)
        {
            Assert.True(lives.Distinct().Count() == lives.Length, $"One life of the server told {address} twice: {string.Join(", ", lives)}");
            Assert.True(
                lives.Length <= inFlight.MostMessagesTo(address),
                string.Create(CultureInfo.InvariantCulture, $"{address} got {lives.Length} messages, in lives {string.Join(", ", lives)}; at most {inFlight.MostMessagesTo(address)} were due"));
        }
    }
}
