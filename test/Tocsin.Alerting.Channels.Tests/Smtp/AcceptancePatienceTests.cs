using Tocsin.Alerting.Channels.Smtp.Relays;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

public sealed class AcceptancePatienceTests
{
    private static readonly TimeSpan longest = TimeSpan.FromSeconds(60);

    [Fact]
    public void Relay_that_nothing_is_known_of_has_the_longest()
    {
        var patience = new AcceptancePatience(longest);
        Answer(patience, 49, TimeSpan.FromMilliseconds(3));

        Assert.Equal(longest, patience.Now);
    }

    [Fact]
    public void Relay_that_answers_in_milliseconds_is_not_waited_for_a_minute()
    {
        var patience = new AcceptancePatience(longest);
        Answer(patience, 50, TimeSpan.FromMilliseconds(3));

        Assert.Equal(AcceptancePatience.Shortest, patience.Now);
    }

    [Fact]
    public void One_slow_answer_among_the_last_counts()
    {
        var patience = new AcceptancePatience(longest);
        Answer(patience, 50, TimeSpan.FromMilliseconds(3));
        patience.Answered(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(20), patience.Now);

        Answer(patience, 49, TimeSpan.FromMilliseconds(3));
        Assert.Equal(TimeSpan.FromSeconds(20), patience.Now);

        Answer(patience, 50, TimeSpan.FromMilliseconds(3));
        Assert.Equal(AcceptancePatience.Shortest, patience.Now);
    }

    [Fact]
    public void Relay_that_falls_silent_is_given_more_and_more_up_to_the_longest_until_it_answers_again()
    {
        var patience = new AcceptancePatience(longest);
        Answer(patience, 50, TimeSpan.FromMilliseconds(3));
        patience.FellSilent();
        Assert.Equal(TimeSpan.FromSeconds(10), patience.Now);
        for (var i = 0; i < 100; i++) patience.FellSilent();
        Assert.Equal(longest, patience.Now);

        Answer(patience, 1, TimeSpan.FromMilliseconds(3));

        Assert.Equal(AcceptancePatience.Shortest, patience.Now);
    }

    [Fact]
    public void A_longest_below_the_shortest_holds()
    {
        var patience = new AcceptancePatience(TimeSpan.FromSeconds(2));
        Answer(patience, 50, TimeSpan.FromMilliseconds(3));

        Assert.Equal(TimeSpan.FromSeconds(2), patience.Now);
    }

    private static void Answer(AcceptancePatience patience, int times, TimeSpan after)
    {
        for (var i = 0; i < times; i++) patience.Answered(after);
    }
}
