using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

public sealed class DeliveryTagTests
{
    private readonly DeliveryTag tag = new("one key of sixteen octets"u8.ToArray());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4711)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void Tag_gives_its_delivery_back_whatever_became_of_its_case(long number)
    {
        foreach (var purpose in Enum.GetValues<TagPurpose>())
        {
            var text = tag.Write(purpose, new DeliveryId(number));

            Assert.Matches("^[br][0-9a-z]{1,13}-[a-z2-7]{16}$", text);
            Assert.True(tag.TryRead(text.ToUpperInvariant(), out var read, out var delivery));
            Assert.Equal((purpose, number), (read, delivery.Value));
        }
    }

    [Fact]
    public void Tag_for_reports_does_not_work_for_replies_and_one_delivery_not_for_another()
    {
        var text = tag.Write(TagPurpose.Bounce, new DeliveryId(4711));

        Assert.False(tag.TryRead($"r{text[1..]}", out _, out _));
        Assert.False(tag.TryRead($"b3mw{text[4..]}", out _, out _));
        Assert.False(new DeliveryTag("another key of 16 octets"u8.ToArray()).TryRead(text, out _, out _));
    }

    [Fact]
    public void No_change_to_a_tag_is_believed_and_none_throws()
    {
        var random = TestSeed.Random();
        var text = tag.Write(TagPurpose.Reply, new DeliveryId(4711));
        for (var round = 0; round < 20_000; round++)
        {
            var changed = text.ToCharArray();
            changed[random.Next(changed.Length)] = (char)random.Next(1, 0x200);
            var forged = new string(changed)[..random.Next(1, changed.Length + 1)];

            Assert.Equal(forged.Equals(text, StringComparison.OrdinalIgnoreCase) && forged.All(char.IsAscii), tag.TryRead(forged, out _, out _));
        }
    }
}
