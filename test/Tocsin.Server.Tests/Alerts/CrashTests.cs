using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Alerts;

/// <summary>Nodes that die at a commit, before or after it took effect, wherever chance says; the next one goes on with the same database.</summary>
public abstract class CrashSpecification(DatabaseKind kind) : AlertingSpecification(kind)
{
    private const int PeopleCount = 3_000;
    private const int Kills = 12;

    // Real time: what is tested is that a restart goes on at once. Nothing here waits for a timer.
    protected override TimeProvider Clock => TimeProvider.System;

    [Fact]
    public async Task Killed_again_and_again_it_reaches_everyone_and_repeats_itself_at_most_once_per_kill()
    {
        var random = TestSeed.Random();
        await AddPeopleAsync(PeopleCount);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        for (var kill = 0; kill < Kills; kill++)
        {
            Node.KillSwitch.KillAt(random.Next(1, 6), afterCommit: random.Next(2) == 0);
            await Task.WhenAny(Node.KillSwitch.Killed, EveryoneIsToldAsync(alert));
            await Node.KillAsync();
            await StartNodeAsync();
        }

        var totals = await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == PeopleCount);
        Assert.Equal(PeopleCount, CountOf(totals, Standing.Sent));
        var times = Sms.Sent.CountBy(message => message.Address).ToDictionary(StringComparer.Ordinal);
        Assert.Equal(PeopleCount, times.Count);
        Assert.True(times.Values.Max() <= Kills + 1, $"Somebody was told {times.Values.Max()} times.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{Sms.Sent.Count - PeopleCount} messages were sent again over {Kills} kills.");
    }

    [Fact]
    public async Task An_answer_that_was_acknowledged_survives_a_kill_and_one_that_was_not_can_be_sent_again()
    {
        await AddPeopleAsync(30);
        var alert = await RaiseAsync(Draft(ChannelKind.Sms));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == 30);
        var random = TestSeed.Random();
        for (var person = 0; person < 30; person++)
        {
            var answer = AnswerTests.Answer(await RecipientAsync(alert, person), "safe", TimeProvider.System.GetUtcNow());
            if (random.Next(3) == 0) Node.KillSwitch.KillAt(1, afterCommit: random.Next(2) == 0);
            try
            {
                await Node.Answers.AnswerAsync(answer, Cancellation);
            }
            catch (Exception)
            {
                await Node.KillAsync();
                await StartNodeAsync();
                await Node.Answers.AnswerAsync(answer, Cancellation);
            }
        }

        Assert.Equal(30, (await Node.TotalsAsync(alert)).Answers["safe"]);
        Assert.Equal(30, await Node.ReadAsync(db => db.Set<AnswerRecord>().CountAsync(answer => answer.AlertId == alert, Cancellation)));
    }

    private async Task EveryoneIsToldAsync(AlertId alert)
    {
        try
        {
            await UntilAsync(alert, t => CountOf(t, ChannelKind.Sms, DeliveryState.Accepted) == PeopleCount);
        }
        catch (IOException)
        {
            // Killed while it was asked.
        }
    }
}

public sealed class SqliteCrashTests() : CrashSpecification(DatabaseKind.Sqlite);

public sealed class PostgreSqlCrashTests() : CrashSpecification(DatabaseKind.PostgreSql);
