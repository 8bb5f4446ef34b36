using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Tests.Simulation;
using Tocsin.Media.Forwarding.Transports;
using Tocsin.Testing;

namespace Tocsin.Media.Forwarding.Tests;

public sealed class WakeUpQueueTests
{
    /// <summary>Against a list that is searched from end to end.</summary>
    [Fact]
    public void Whoever_is_due_first_comes_first_however_often_wake_ups_are_moved()
    {
        var random = TestSeed.Random();
        var simulation = new MeetingSimulation(1, new MeetingOptions { MaximumTransports = 60 });
        Assert.Equal(Refusal.None, simulation.Meeting.TryAddParticipant(out var participant));
        var transports = new List<Transport>();
        for (var index = 0; index < 60; index++)
        {
            Assert.Equal(Refusal.None, participant!.TryCreateTransport(simulation.Now, null!, out var transport));
            transports.Add(transport!);
        }

        var queue = new WakeUpQueue();
        var expected = new Dictionary<Transport, long>();
        for (var step = 0; step < 20_000; step++)
        {
            var transport = transports[random.Next(transports.Count)];
            switch (random.Next(4))
            {
                case 0:
                    queue.Remove(transport);
                    expected.Remove(transport);
                    break;
                case 1:
                    var now = new Instant(random.Next(1_000));
                    if (queue.TryTakeDue(now, out var due))
                    {
                        Assert.Equal(expected.Values.Min(), expected[due]);
                        Assert.True(expected.Remove(due, out var at) && at <= now.Nanoseconds);
                    }
                    else
                    {
                        Assert.DoesNotContain(expected.Values, value => value <= now.Nanoseconds);
                    }

                    break;
                default:
                    expected[transport] = random.Next(1_000);
                    queue.Set(transport, new Instant(expected[transport]));
                    break;
            }

            Assert.Equal(expected.Count == 0 ? Instant.Never : new Instant(expected.Values.Min()), queue.Next);
        }
    }
}
