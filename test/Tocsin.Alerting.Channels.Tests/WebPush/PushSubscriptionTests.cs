using System.Text;
using Tocsin.Alerting.Channels.WebPush;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.WebPush;

public sealed class PushSubscriptionTests
{
    private const string Point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private const string Valid = $$$"""{"endpoint":"https://push.example/p/1?x=2","expirationTime":null,"keys":{"p256dh":"{{{Point}}}","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}""";

    [Fact]
    public void What_a_browser_gives_is_read_and_shows_nowhere()
    {
        Assert.True(PushSubscription.TryParse(Valid, out var subscription));

        Assert.Equal("https://push.example/p/1?x=2", subscription.Endpoint.AbsoluteUri);
        Assert.Equal("https://push.example", subscription.Origin);
        Assert.DoesNotContain("example", $"{subscription}", StringComparison.Ordinal);
    }

    [Fact]
    public void Padding_that_older_exports_carry_is_taken() =>
        Assert.True(PushSubscription.TryParse(Valid.Replace("_aSIgg", "_aSIgg==", StringComparison.Ordinal), out _));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"endpoint":"https://push.example/","keys":[]}""")]
    [InlineData("""{"endpoint":7,"keys":{"p256dh":"x","auth":"x"}}""")]
    [InlineData("""{"endpoint":"\uD800","keys":{"p256dh":"x","auth":"x"}}""")]
    public void Text_that_is_no_subscription_is_refused(string? text) => Assert.False(PushSubscription.TryParse(text, out _));

    [Theory]
    [InlineData("https://push.example/p/1?x=2", "ftp://push.example/")]
    [InlineData("https://push.example/p/1?x=2", "file:///etc/passwd")]
    [InlineData("https://push.example/p/1?x=2", "//push.example/p")]
    [InlineData("https://push.example/p/1?x=2", "https://user:secret@push.example/")]
    [InlineData("BTBZMqHH6r4Tts7J_aSIgg", "BTBZMqHH6r4Tts7J_aSI")]
    [InlineData("BTBZMqHH6r4Tts7J_aSIgg", "BTBZMqHH6r4Tts7J/aSIgg")]
    [InlineData(Point, "BTBZMqHH6r4Tts7J_aSIgg")]
    public void Subscription_with_a_bad_part_is_refused(string part, string bad) =>
        Assert.False(PushSubscription.TryParse(Valid.Replace(part, bad, StringComparison.Ordinal), out _));

    /// <summary>An invalid-curve attack: the sender's answer to such a point would tell of its private key.</summary>
    [Fact]
    public void Point_that_is_not_on_the_curve_is_refused() =>
        Assert.False(PushSubscription.TryParse(Valid.Replace(Point, $"{Point[..^3]}iw8", StringComparison.Ordinal), out _));

    [Fact]
    public void Damaged_subscription_never_throws()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 2_000; round++)
        {
            var text = new StringBuilder(Valid);
            for (var change = random.Next(1, 4); change > 0; change--)
                text[random.Next(text.Length)] = (char)random.Next(0, 0x250);
            text.Length = random.Next(3) == 0 ? random.Next(text.Length) : text.Length;

            Assert.Equal(PushSubscription.TryParse(text.ToString(), out var subscription), subscription is not null);
        }
    }
}
