using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Forwarding.Tests.Simulation;
using Tocsin.Testing;

namespace Tocsin.Media.Forwarding.Tests;

/// <summary>Paths that lose nothing and keep the order: whatever wishes change and however long queues are, nobody has anything to ask for again.</summary>
public sealed class LosslessPathTests
{
    private readonly MeetingSimulation simulation = new(TestSeed.Next());

    [Theory]
    [InlineData(100_000)]
    [InlineData(3_000)]
    [InlineData(900)]
    [InlineData(300)]
    public void Numbers_go_on_one_by_one_whatever_is_wished_for(int kilobits)
    {
        var random = simulation.Random;
        var publishers = Enumerable.Range(0, 3).Select(_ => simulation.Join()).ToArray();
        var bob = simulation.Join();
        bob.Downlink.Rate = BitRate.FromKilobits(kilobits);
        // It delays rather than drops, as home routers do.
        bob.Downlink.QueueLimit = TimeSpan.FromMinutes(1);
        var cameras = publishers.Select(publisher => publisher.PublishCamera()).ToArray();
        var screen = publishers[0].PublishCamera(ProducerSource.Screen, new SimulatedEncoding(400, 10));
        var voice = publishers[0].PublishMicrophone();
        var tracks = cameras.Select(camera => bob.Watch(camera.Producer)).Append(bob.Watch(screen.Producer)).Append(bob.Watch(voice.Producer)).ToArray();

        for (var round = 0; round < 100; round++)
        {
            simulation.Run(TimeSpan.FromMilliseconds(random.Next(1, 600)));
            var wish = tracks[random.Next(cameras.Length)].Consumer;
            switch (random.Next(6))
            {
                case 0:
                    wish.SetPreferredLayers(simulation.Now, new VideoLayers(random.Next(3), random.Next(3)));
                    break;
                case 1:
                    wish.Pause(simulation.Now);
                    break;
                case 2:
                    wish.Resume(simulation.Now);
                    break;
                case 3:
                    cameras[random.Next(cameras.Length)].Camera.SetActive(random.Next(3), isActive: random.Next(3) > 0);
                    break;
                default:
                    wish.SetPriority(simulation.Now, wish.Priority == VideoPriority.Speaker ? VideoPriority.Thumbnail : VideoPriority.Speaker);
                    break;
            }
        }

        Assert.All(tracks, track => Assert.True(track.SeamCount == 0, $"{track.Consumer.Kind}: {track.SeamCount} seams, the last {track.LatestSeam}"));
        Assert.All(tracks, track => Assert.Empty(track.Faults));
        Assert.All(tracks, track => Assert.Equal(0, track.Nacks?.RequestCount ?? 0));
        Assert.All(publishers, publisher => Assert.Equal(0, publisher.Publishing.Nacks));
    }
}
