using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Testing;

namespace Tocsin.Media.Forwarding.Tests;

public sealed class NumberMapperTests
{
    /// <summary>Against a slow one that knows everything: a number's place is the number of those before it that were not left out.</summary>
    [Fact]
    public void Numbers_move_up_by_what_was_left_out_before_them()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 200; round++)
        {
            var first = random.Next(100_000);
            var mapper = new NumberMapper();
            mapper.Begin(first, 7_000);
            var leftOut = new HashSet<long>();
            var highest = first - 1L;
            for (var step = 0; step < 300; step++)
            {
                var number = highest + 1 + (random.Next(5) == 0 ? random.Next(4) : 0);
                highest = number;
                if (random.Next(3) == 0)
                {
                    mapper.LeaveOut(number);
                    leftOut.Add(number);
                }
                else
                {
                    Assert.Equal(Expected(number), mapper.Keep(number));
                }

                var late = Math.Max(first, highest - random.Next(40));
                var place = mapper.Find(late, out var mapped);
                Assert.Equal(leftOut.Contains(late) ? Place.LeftOut : Place.Kept, place);
                if (place == Place.Kept)
                    Assert.Equal(Expected(late), mapped);
                Assert.Equal(Expected(highest + 1), mapper.Next);
            }

            Assert.Equal(Place.Forgotten, mapper.Find(first - 1, out _));

            long Expected(long number) => 7_000 + number - first - leftOut.Count(left => left < number);
        }
    }

    [Fact]
    public void What_is_too_long_ago_is_forgotten_and_not_guessed()
    {
        var mapper = new NumberMapper();
        mapper.Begin(0, 0);
        for (var number = 0; number < 400; number += 2)
        {
            mapper.Keep(number);
            mapper.LeaveOut(number + 1);
        }

        Assert.Equal(Place.Forgotten, mapper.Find(4, out _));
        Assert.Equal(Place.Kept, mapper.Find(398, out var mapped));
        Assert.Equal(199, mapped);
    }
}
