using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Forwarding.Tests.Simulation;
using Tocsin.Testing;

namespace Tocsin.Media.Forwarding.Tests;

public sealed class LargeMeetingTests
{
    [Fact]
    public void Five_hundred_see_and_hear_whoever_speaks()
    {
        var seed = TestSeed.Next();
        var simulation = new MeetingSimulation(seed, new MeetingOptions { AudibleSpeakers = 4 });
        var speakers = new List<(Producer Camera, Producer Voice)>();
        for (var index = 0; index < 6; index++)
        {
            var speaker = simulation.Join();
            var (camera, _) = speaker.PublishCamera(ProducerSource.Camera, new SimulatedEncoding(100, 12), new SimulatedEncoding(300, 12));
            var (voice, _) = speaker.PublishMicrophone(level: (byte)(index < 2 ? 30 : 110));
            speakers.Add((camera, voice));
        }

        simulation.Run(TimeSpan.FromSeconds(1));
        var videos = new List<ReceivedVideo>();
        var voices = new List<ReceivedAudio>();
        for (var index = simulation.Clients.Count; index < 500; index++)
        {
            var listener = simulation.Join();
            // One in ten sits behind a bad line.
            if (index % 10 == 0)
                (listener.Downlink.Loss, listener.Downlink.Jitter) = (0.02, TimeSpan.FromMilliseconds(10));
            foreach (var (camera, voice) in speakers)
            {
                voices.Add((ReceivedAudio)listener.Watch(voice));
                if (videos.Count % 3 == 0 || camera == speakers[0].Camera)
                    videos.Add((ReceivedVideo)listener.Watch(camera, new ConsumerOptions(PreferredLayers: new VideoLayers(0, 1))));
            }
        }

        simulation.Run(TimeSpan.FromSeconds(3));

        Assert.Equal(500, simulation.Meeting.Participants.Count);
        Assert.All(videos, video => Assert.Empty(video.Faults));
        Assert.All(voices, voice => Assert.Empty(voice.Faults));
        Assert.True(videos.Count(video => video.DecodedCount >= 10) > videos.Count * 0.97, $"{videos.Count(video => video.DecodedCount < 10)} of {videos.Count} saw too little");
        foreach (var voice in voices)
        {
            var speaks = speakers.FindIndex(speaker => speaker.Voice == voice.Consumer.Producer) < 2;
            Assert.True(speaks ? voice.Count > 125 : voice.Count == 0, $"{voice.Count} packets of one who {(speaks ? "speaks" : "is silent")}");
        }

        Assert.True(simulation.Clients.All(client => client.ReceiveTransport.Statistics.QueuedBytes < 20_000), "A queue has grown");
        Assert.Equal(2, simulation.Meeting.ActiveSpeakers.Count);
    }

    /// <summary>Whatever people do, in any order: nobody's decoder stumbles, and nothing is left behind when they have gone.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    public void People_who_come_go_and_change_their_minds_leave_no_seam(int people)
    {
        var simulation = new MeetingSimulation(TestSeed.Next());
        var random = simulation.Random;
        var producers = new List<Producer>();
        for (var step = 0; step < 200; step++)
        {
            var present = simulation.Clients.Where(client => !client.Participant.IsClosed).ToList();
            if (present.Count < people && random.Next(3) == 0)
            {
                var client = simulation.Join();
                (client.Uplink.Loss, client.Downlink.Loss, client.Downlink.Reordering) = (random.Next(2) * 0.01, random.Next(2) * 0.01, random.Next(2) * 0.02);
                producers.Add(client.PublishCamera().Producer);
                producers.Add(client.PublishMicrophone().Producer);
            }
            else if (present.Count > 0)
            {
                Act(simulation, present[random.Next(present.Count)], producers, present.Count);
            }

            simulation.Run(TimeSpan.FromMilliseconds(random.Next(20, 200)));
        }

        var tracks = simulation.Clients.SelectMany(client => client.Receiving.Tracks).ToList();
        Assert.All(tracks, track => Assert.Empty(track.Faults));
        Assert.True(tracks.OfType<ReceivedVideo>().Sum(video => video.DecodedCount) > 20);
        simulation.Meeting.Close(simulation.Now);
        simulation.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(0, simulation.Meeting.Pool.HeldCount);
        Assert.Empty(simulation.Meeting.Participants);
    }

    private static void Act(MeetingSimulation simulation, SimulatedClient client, List<Producer> producers, int present)
    {
        var (random, now) = (simulation.Random, simulation.Now);
        var consumers = client.ReceiveTransport.Consumers;
        var consumer = consumers.Count > 0 ? consumers[random.Next(consumers.Count)] : null;
        switch (random.Next(12))
        {
            case < 4:
                var producer = producers[random.Next(producers.Count)];
                if (!producer.IsClosed && producer.Participant != client.Participant && !consumers.Any(existing => existing.Producer == producer))
                    client.Watch(producer);
                break;
            case 4:
                consumer?.Pause(now);
                break;
            case 5 or 6:
                consumer?.Resume(now);
                break;
            case 7:
                consumer?.SetPreferredLayers(now, new VideoLayers(random.Next(-1, 4), random.Next(-1, 4)));
                break;
            case 8:
                consumer?.SetPriority(now, (VideoPriority)random.Next(3));
                break;
            case 9:
                var own = client.SendTransport.Producers[random.Next(client.SendTransport.Producers.Count)];
                if (own.IsPaused)
                    own.Resume(now);
                else
                    own.Pause(now);
                break;
            case 10:
                client.ReceiveTransport.SetConnected(now, !client.ReceiveTransport.IsConnected);
                break;
            default:
                if (present > 2 && random.Next(4) == 0)
                    client.Participant.Close(now);
                else
                    consumer?.Close(now);
                break;
        }
    }
}
