using System.Net;
using Tocsin.Server.Features.Accounts.SignIn;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Accounts;

public sealed class SignInThrottleTests
{
    private readonly ManualTimeProvider time = new();
    private readonly SignInThrottle throttle;

    public SignInThrottleTests() => throttle = new SignInThrottle(time);

    [Fact]
    public void From_the_fourth_failure_on_one_address_waits_twice_as_long_each_time()
    {
        var waits = new List<double>();
        for (var failure = 0; failure < 14; failure++)
        {
            var wait = throttle.Admit(Guess("director", "192.0.2.1")).Wait;
            waits.Add(wait.TotalSeconds);
            time.Advance(wait);
            if (wait > TimeSpan.Zero) Assert.Equal(TimeSpan.Zero, throttle.Admit(Guess("director", "192.0.2.1")).Wait);
        }

        Assert.Equal([0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900], waits);
    }

    [Fact]
    public void Attempts_side_by_side_do_not_slip_through_together()
    {
        var admitted = Enumerable.Range(0, 50).Count(_ => throttle.Admit(Guess("director", "192.0.2.1")).Wait == TimeSpan.Zero);
        Assert.Equal(3, admitted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Several_nodes_together_allow_no_more_guesses_on_an_account_than_one(int count)
    {
        SignInThrottle[] nodes = [.. Enumerable.Range(0, count).Select(_ => new SignInThrottle(time) { Nodes = count })];
        int Admitted(TimeSpan step, int tries) => Enumerable.Range(0, tries).Sum(guess =>
        {
            time.Advance(step);

            // From an address of its own each time, to every node.
            return nodes.Count(node => node.Admit(Guess("director", $"198.51.{guess / 250}.{guess % 250}")).Wait == TimeSpan.Zero);
        });

        Assert.Equal(SignInThrottle.AccountBurst, Admitted(TimeSpan.Zero, 100));
        Assert.InRange(Admitted(TimeSpan.FromSeconds(30), 240), 115, 120);
    }

    [Fact]
    public void Success_forgives()
    {
        for (var day = 0; day < 500; day++)
        {
            throttle.Admit(Guess("director", "192.0.2.1"));
            throttle.Admit(Guess("director", "192.0.2.1"));
            var right = throttle.Admit(Guess("director", "192.0.2.1"));
            Assert.Equal(TimeSpan.Zero, right.Wait);
            throttle.Succeeded(right);
            time.Advance(TimeSpan.FromMinutes(2));
        }
    }

    [Fact]
    public void Guessing_from_many_addresses_comes_down_to_one_guess_a_minute()
    {
        var admitted = 0;
        for (var second = 0; second < 3600; second++)
        {
            for (var bot = 0; bot < 5; bot++)
                if (throttle.Admit(Guess("director", $"2001:db8:{second:x}:{bot:x}::")).Wait == TimeSpan.Zero) admitted++;
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(admitted, 60, SignInThrottle.AccountBurst + 61);
    }

    [Fact]
    public void An_attacker_does_not_lock_a_director_out_of_a_device_they_used_before()
    {
        var device = Guid.NewGuid();
        for (var bot = 0; bot < 10_000; bot++) throttle.Admit(Guess("director", $"198.51.{bot / 250}.{bot % 250}"));
        Assert.NotEqual(TimeSpan.Zero, throttle.Admit(Guess("director", "192.0.2.1")).Wait);
        Assert.Equal(TimeSpan.Zero, throttle.Admit(Guess("director", "192.0.2.1") with { KnownDevice = device }).Wait);
    }

    [Fact]
    public void An_attacker_does_not_lock_a_director_out_of_their_emergency_card()
    {
        for (var bot = 0; bot < 10_000; bot++) throttle.Admit(Guess("director", $"198.51.{bot / 250}.{bot % 250}"));
        Assert.Equal(TimeSpan.Zero, throttle.Admit(Guess("director", "192.0.2.1") with { CountsForAccount = false }).Wait);
    }

    [Fact]
    public void A_stolen_device_cookie_buys_ten_guesses_and_then_one_each_six_minutes()
    {
        var device = Guid.NewGuid();
        var byDevice = 0;
        for (var minute = 0; minute < 60; minute++)
        {
            for (var guess = 0; guess < 10; guess++)
                if (throttle.Admit(Guess("director", "192.0.2.1") with { KnownDevice = device }).ByDevice) byDevice++;
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(byDevice, SignInThrottle.DeviceBurst, SignInThrottle.DeviceBurst + 10);
    }

    [Fact]
    public void One_address_that_tries_many_accounts_is_held_to_one_a_second()
    {
        var admitted = Enumerable.Range(0, 5_000).Count(account => throttle.Admit(Guess($"person-{account}", "192.0.2.1")).Wait == TimeSpan.Zero);
        Assert.Equal(SignInThrottle.AddressBurst, admitted);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(account => throttle.Admit(Guess($"other-{account}", "192.0.2.1")).Wait == TimeSpan.Zero));
    }

    [Fact]
    public void A_whole_organisation_behind_one_address_signs_in_at_once()
    {
        for (var person = 0; person < 10_000; person++)
        {
            var right = throttle.Admit(Guess($"person-{person}", "192.0.2.1"));
            Assert.Equal(TimeSpan.Zero, right.Wait);
            throttle.Succeeded(right);
        }
    }

    [Fact]
    public void Memory_is_bounded_whatever_is_tried()
    {
        for (var attempt = 0; attempt < 200_000; attempt++) throttle.Admit(Guess($"a{attempt}", $"2001:db8:{attempt >> 16:x}:{attempt & 0xffff:x}::") with { KnownDevice = null });
        Assert.InRange(throttle.Entries, 1, 200_000);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void One_subscriber_is_one_address(string address, string expected) => Assert.Equal(expected, SignInAttempt.AddressOf(IPAddress.Parse(address)));

    private static SignInAttempt Guess(string account, string address) => new(account, address, null, CountsForAccount: true);
}
