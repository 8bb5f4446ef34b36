using System.Text;
using Tocsin.Alerting.Channels.Sms;
using Tocsin.Alerting.Channels.Sms.Smpp;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms;

public sealed class SendingRulesTests
{
    private readonly ManualTimeProvider time = new();

    [Theory]
    [InlineData(0, "000000000001000R")]
    [InlineData(59.2, "000000000100000R")]
    [InlineData(3_600, "000000010000000R")]
    [InlineData(93_784, "000001020304000R")]
    [InlineData(100_000_000, "000007000000000R")]
    public void Validity_is_relative_and_bounded(double seconds, string expected)
    {
        var written = new byte[ValidityPeriod.Size];
        ValidityPeriod.Write(TimeSpan.FromSeconds(seconds), written);
        Assert.Equal(expected, Encoding.ASCII.GetString(written));
    }

    [Theory]
    [InlineData(0x58u, typeof(DeliveryOutcome.RetryAfter), FailureCodes.CarrierThrottled)]
    [InlineData(0x14u, typeof(DeliveryOutcome.RetryAfter), FailureCodes.CarrierThrottled)]
    [InlineData(0x08u, typeof(DeliveryOutcome.RetryAfter), FailureCodes.CarrierUnavailable)]
    [InlineData(0x0Bu, typeof(DeliveryOutcome.Rejected), FailureCodes.AddressInvalid)]
    [InlineData(0x01u, typeof(DeliveryOutcome.Rejected), FailureCodes.CarrierRefused)]
    [InlineData(0x0Au, typeof(DeliveryOutcome.RetryAfter), FailureCodes.CarrierRefused)]
    [InlineData(0x45u, typeof(DeliveryOutcome.RetryAfter), FailureCodes.CarrierRefused)]
    [InlineData(0x404u, typeof(DeliveryOutcome.RetryAfter), FailureCodes.CarrierRefused)]
    [InlineData(0xDEADBEEFu, typeof(DeliveryOutcome.Rejected), FailureCodes.CarrierRefused)]
    public void Status_has_its_outcome(uint status, Type outcome, string code)
    {
        var verdict = SubmitVerdict.OfFailure(new SubmitResult(SubmitEnd.Answered, (CommandStatus)status, ""));
        Assert.IsType(outcome, verdict);
        var reason = verdict is DeliveryOutcome.Rejected rejected ? rejected.Reason : ((DeliveryOutcome.RetryAfter)verdict).Reason;
        Assert.Equal(new FailureReason(code, $"0x{status:X8}"), reason);
    }

    [Fact]
    public void Weights_are_shared_out_evenly_in_time()
    {
        var selection = new ProviderSelection([3, 1]);
        Assert.Equal([0, 0, 1, 0, 0, 0, 1, 0], Enumerable.Range(0, 8).Select(_ => selection.Choose(0b11)));
        Assert.Equal(1, selection.Choose(0b10));
        Assert.Equal(-1, selection.Choose(0));
    }

    [Fact]
    public void Provider_of_weight_zero_serves_only_where_no_other_can()
    {
        var selection = new ProviderSelection([0, 1]);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(1, selection.Choose(0b11)));
        Assert.Equal(0, selection.Choose(0b01));
    }

    [Fact]
    public void Turns_keep_to_the_contract_over_time()
    {
        var pace = new SubmitPace(50, time, new Random(1));
        var waited = TimeSpan.Zero;
        for (var n = 0; n < 500; n++)
        {
            var wait = pace.TakeTurn();
            waited += wait;
            time.Advance(wait);
        }

        Assert.InRange(waited.TotalSeconds, 9.8, 10);
    }

    [Fact]
    public void Throttling_pauses_then_halves_the_rate_which_recovers()
    {
        var pace = new SubmitPace(100, time, new Random(1));
        for (var n = 0; n < 100; n++)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            pace.Accepted();
        }

        Assert.True(pace.Throttled());
        Assert.False(pace.Throttled());
        Assert.InRange(pace.Paused!.Value.TotalSeconds, 1, 1.25);
        Assert.InRange(pace.PerSecond, 40, 50);

        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(pace.Paused);
        for (var second = 0; second < 20; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            pace.Accepted();
        }

        Assert.Equal(100, pace.PerSecond);
    }

    [Fact]
    public void Repeated_throttling_pauses_longer_up_to_a_bound()
    {
        var pace = new SubmitPace(0, time, new Random(1));
        var pauses = new List<TimeSpan>();
        for (var n = 0; n < 10; n++)
        {
            Assert.True(pace.Throttled());
            pauses.Add(pace.Paused!.Value);
            time.Advance(pauses[^1]);
        }

        Assert.All(pauses.Zip(pauses.Skip(1)).Take(4), pair => Assert.True(pair.Second > pair.First));
        Assert.All(pauses, pause => Assert.True(pause <= TimeSpan.FromSeconds(37.5)));
        Assert.Equal(1, pace.PerSecond);
    }

    [Fact]
    public void Reconnection_waits_longer_each_time_up_to_a_bound_and_never_in_step()
    {
        var delay = new ReconnectDelay(new Random(TestSeed.Next()));
        var delays = Enumerable.Range(0, 12).Select(_ => delay.Next(SmsReasons.ConnectionRefused)).ToList();

        Assert.InRange(delays[0].TotalSeconds, 0.25, 0.5);
        Assert.All(delays.Skip(7), each => Assert.InRange(each.TotalSeconds, 15, 30));
        Assert.Equal(12, delays.Distinct().Count());

        delay.Reset();
        Assert.InRange(delay.Next(SmsReasons.BindRefused).TotalSeconds, 5, 10);
    }

    [Fact]
    public void Every_mistake_in_the_options_is_named_and_no_password_shown()
    {
        var options = new SmsOptions { MaximumParts = 0, Country = "fr", ResponseTimeout = TimeSpan.Zero, EnquireLinkInterval = TimeSpan.FromHours(1) };
        options.Providers.Add(new SmsProviderOptions { Id = "A b", Port = 0, Password = "much too long", Window = 0, Weight = -1, ThroughputPerSecond = -1 });
        options.Providers.Add(new SmsProviderOptions { Id = "A b", Host = "h", SystemId = "s", TlsAuthorityFile = "/nowhere.pem" });

        var errors = options.Validate();

        foreach (var key in (string[])["maximumParts:", "country:", "responseTimeout:", "enquireLinkInterval:", "providers[0].id:", "providers[0].host:", "providers[0].port:", "providers[0].password:", "providers[0].systemId:", "providers[0].window:", "providers[0].weight:", "providers[0].throughputPerSecond:", "providers[1].tlsAuthorityFile:", "providers: two"])
            Assert.Contains(errors, error => error.StartsWith(key, StringComparison.Ordinal));
        Assert.DoesNotContain(errors, error => error.Contains("much too long", StringComparison.Ordinal));
    }
}
