using Tocsin.Media.Engine.Feedback;

namespace Tocsin.Media.Engine.Tests.Feedback;

public sealed class KeyFrameRequestLimiterTests
{
    private readonly KeyFrameRequestLimiter _limiter = new();

    [Fact]
    public void The_first_request_goes_at_once_and_the_key_frame_ends_it()
    {
        Assert.False(_limiter.TryTakeRequest(At(0)));
        Assert.Equal(Instant.Never, _limiter.NextWakeUp);
        _limiter.Want();
        Assert.True(_limiter.TryTakeRequest(At(0)));
        Assert.False(_limiter.TryTakeRequest(At(0)));
        _limiter.HandleKeyFrame();
        Assert.False(_limiter.TryTakeRequest(At(5000)));
        Assert.Equal(Instant.Never, _limiter.NextWakeUp);
    }

    [Fact]
    public void Fifty_receivers_that_ask_all_the_time_cost_the_source_two_requests_a_second()
    {
        for (var now = 0; now < 10_000; now++)
        {
            if (now % 20 == 0)
                _limiter.Want();
            if (_limiter.TryTakeRequest(At(now)))
                _limiter.HandleKeyFrame();
        }

        Assert.Equal(20, _limiter.SentCount);
    }

    [Fact]
    public void A_request_that_follows_too_soon_is_sent_later_not_forgotten()
    {
        _limiter.Want();
        Assert.True(_limiter.TryTakeRequest(At(0)));
        _limiter.HandleKeyFrame();
        _limiter.Want();
        Assert.False(_limiter.TryTakeRequest(At(100)));
        Assert.Equal(At(500), _limiter.NextWakeUp);
        Assert.True(_limiter.TryTakeRequest(At(500)));
    }

    [Fact]
    public void A_request_that_is_lost_is_repeated_but_not_for_ever()
    {
        _limiter.Want();
        for (var now = 0; now < 60_000; now++)
            _limiter.TryTakeRequest(At(now));
        Assert.Equal(KeyFrameRequestLimiter.MaximumRepetitions, _limiter.SentCount);
        Assert.Equal(Instant.Never, _limiter.NextWakeUp);
        _limiter.Want();
        Assert.True(_limiter.TryTakeRequest(At(60_000)));
    }

    private static Instant At(double milliseconds) => default(Instant) + TimeSpan.FromMilliseconds(milliseconds);
}
