using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Tests.Simulation;
using Tocsin.Testing;

namespace Tocsin.Media.Forwarding.Tests;

public sealed class SpeakerTests
{
    private const byte Loud = 25;
    private const byte Quiet = 100;

    [Fact]
    public void Who_speaks_longest_and_loudest_comes_first_and_a_cough_does_not()
    {
        var simulation = new MeetingSimulation(TestSeed.Next());
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (_, first) = alice.PublishMicrophone(Loud);
        var (_, second) = bob.PublishMicrophone(Quiet);
        simulation.Run(TimeSpan.FromSeconds(2));
        Assert.Equal([alice.Participant], simulation.Meeting.ActiveSpeakers);

        second.Level = Loud;
        simulation.Run(TimeSpan.FromMilliseconds(100));
        second.Level = Quiet;
        simulation.Run(TimeSpan.FromSeconds(1));
        Assert.Equal([alice.Participant], simulation.Meeting.ActiveSpeakers);

        (first.Level, second.Level) = (Quiet, Loud);
        simulation.Run(TimeSpan.FromSeconds(2));
        Assert.Equal([bob.Participant, alice.Participant], simulation.Meeting.ActiveSpeakers);
        Assert.Equal(2, simulation.SpeakerChanges);
    }

    [Fact]
    public void Who_is_muted_is_no_speaker_even_where_nobody_else_speaks()
    {
        var simulation = new MeetingSimulation(TestSeed.Next());
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishMicrophone(Loud);
        bob.PublishMicrophone(Quiet);
        simulation.Run(TimeSpan.FromSeconds(2));
        Assert.Equal([alice.Participant], simulation.Meeting.ActiveSpeakers);

        producer.Pause(simulation.Now);
        Assert.Empty(simulation.Meeting.ActiveSpeakers);
        Assert.Equal(2, simulation.SpeakerChanges);

        // Whatever a muted browser still sends.
        simulation.Run(TimeSpan.FromSeconds(2));
        Assert.Empty(simulation.Meeting.ActiveSpeakers);
        producer.Resume(simulation.Now);
        simulation.Run(TimeSpan.FromSeconds(2));
        Assert.Equal([alice.Participant], simulation.Meeting.ActiveSpeakers);
    }

    [Fact]
    public void Only_so_many_voices_are_passed_on_and_silence_is_not()
    {
        var simulation = new MeetingSimulation(TestSeed.Next(), new MeetingOptions { AudibleSpeakers = 2 });
        var listener = simulation.Join();
        var tracks = new List<(SimulatedMicrophone Microphone, ReceivedAudio Heard)>();
        for (var index = 0; index < 4; index++)
        {
            var (producer, microphone) = simulation.Join().PublishMicrophone(Quiet);
            tracks.Add((microphone, (ReceivedAudio)listener.Watch(producer)));
        }

        simulation.Run(TimeSpan.FromSeconds(1));
        Assert.All(tracks, track => Assert.Equal(0, track.Heard.Count));

        foreach (var (microphone, _) in tracks)
            microphone.Level = Loud;
        simulation.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(2, tracks.Count(track => track.Heard.Count > 0));

        // Both fall silent, and their places are free for the others after a while; the first to speak again is heard at once.
        foreach (var (microphone, heard) in tracks.Where(track => track.Heard.Count > 0))
            microphone.Level = Quiet;
        simulation.Run(TimeSpan.FromSeconds(4));
        Assert.All(tracks, track => Assert.True(track.Heard.Count > 50, $"{track.Heard.Count} packets"));
        Assert.All(tracks, track => Assert.Equal(0, track.Heard.Missing));
        Assert.All(tracks, track => Assert.Empty(track.Heard.Faults));
    }

    [Fact]
    public void A_faint_voice_is_heard_while_places_are_free_and_gives_way_to_speech()
    {
        var simulation = new MeetingSimulation(TestSeed.Next(), new MeetingOptions { AudibleSpeakers = 1 });
        var listener = simulation.Join();
        var faint = (ReceivedAudio)listener.Watch(simulation.Join().PublishMicrophone(level: 70).Producer);
        simulation.Run(TimeSpan.FromSeconds(1));
        Assert.True(faint.Count > 45, $"{faint.Count} packets");

        var loud = (ReceivedAudio)listener.Watch(simulation.Join().PublishMicrophone(Loud).Producer);
        var before = faint.Count;
        simulation.Run(TimeSpan.FromSeconds(2));
        Assert.True(loud.Count > 95, $"{loud.Count} packets");
        Assert.True(faint.Count <= before + 3, $"{faint.Count - before} packets more");
    }

    [Fact]
    public void A_voice_comes_back_after_silence_without_a_gap_in_its_numbers()
    {
        var simulation = new MeetingSimulation(TestSeed.Next());
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, microphone) = alice.PublishMicrophone(Loud);
        var heard = (ReceivedAudio)bob.Watch(producer);
        for (var turn = 0; turn < 6; turn++)
        {
            simulation.Run(TimeSpan.FromSeconds(1));
            microphone.Level = microphone.Level == Loud ? Quiet : Loud;
            simulation.Run(TimeSpan.FromSeconds(3));
        }

        Assert.InRange(heard.Count, 500, 1_150);
        Assert.Equal(0, heard.Missing);
        Assert.Empty(heard.Faults);
    }

    [Fact]
    public void Only_cameras_of_the_last_speakers_are_passed_on_and_screens_always()
    {
        var simulation = new MeetingSimulation(TestSeed.Next(), new MeetingOptions { LastSpeakers = 2 });
        var listener = simulation.Join();
        var microphones = new List<SimulatedMicrophone>();
        var cameras = new List<ReceivedVideo>();
        for (var index = 0; index < 4; index++)
        {
            var speaker = simulation.Join();
            microphones.Add(speaker.PublishMicrophone(Quiet).Microphone);
            cameras.Add((ReceivedVideo)listener.Watch(speaker.PublishCamera().Producer));
        }

        var screen = (ReceivedVideo)listener.Watch(simulation.Join().PublishCamera(ProducerSource.Screen, new SimulatedEncoding(200, 10)).Producer);
        simulation.Run(TimeSpan.FromSeconds(3));
        Assert.Equal([true, true, false, false], cameras.Select(camera => camera.DecodedCount > 0));

        microphones[3].Level = Loud;
        simulation.Run(TimeSpan.FromSeconds(3));
        var before = cameras.Select(camera => camera.DecodedCount).ToArray();
        Assert.True(before[3] > 20, $"{before[3]} frames of who speaks");
        microphones[3].Level = Quiet;
        microphones[2].Level = Loud;
        simulation.Run(TimeSpan.FromSeconds(2));
        before = [.. cameras.Select(camera => camera.DecodedCount)];
        simulation.Run(TimeSpan.FromSeconds(2));

        Assert.Equal([false, false, true, true], cameras.Select((camera, index) => camera.DecodedCount > before[index]));
        Assert.True(screen.DecodedCount > 60, $"{screen.DecodedCount} frames of the screen");
        Assert.All(cameras, camera => Assert.Empty(camera.Faults));
    }
}
