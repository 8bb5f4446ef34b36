using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Forwarding.Tests.Simulation;
using Tocsin.Testing;

namespace Tocsin.Media.Forwarding.Tests;

/// <summary>Two or three in a meeting, each behavior by itself. The receivers find fault with whatever a browser would stumble over.</summary>
public sealed class MeetingTests
{
    private readonly MeetingSimulation simulation = new(TestSeed.Next());

    [Fact]
    public void A_subscriber_on_a_good_path_soon_sees_the_best_quality_without_a_seam()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishCamera();
        var (voice, _) = alice.PublishMicrophone();
        Run(1);

        var joinedAt = simulation.Now;
        var video = (ReceivedVideo)bob.Watch(producer);
        var audio = (ReceivedAudio)bob.Watch(voice);
        Run(2);
        Assert.Equal(2, video.EncodingNow);
        Assert.True(video.FirstDecodedAt - joinedAt < TimeSpan.FromMilliseconds(200), $"The first picture after {video.FirstDecodedAt - joinedAt}");
        video.ResetExtremes();
        Run(8);

        Assert.Empty(video.Faults);
        Assert.Empty(audio.Faults);
        Assert.Equal(0, audio.Missing);
        Assert.True(audio.Count > 480, $"{audio.Count} packets of audio");
        Assert.True(video.DecodedCount > 230, $"{video.DecodedCount} frames");
        Assert.Equal(0, video.StallCount);
        Assert.Equal(new VideoLayers(2, 2), video.Consumer.CurrentLayers);
        Assert.True(video.LongestFreeze < TimeSpan.FromMilliseconds(120), $"A freeze of {video.LongestFreeze}");
        Assert.True(bob.ReceiveTransport.Statistics.Estimate > BitRate.FromKilobits(1_700), $"{bob.ReceiveTransport.Statistics.Estimate}");
    }

    /// <remarks>It was shared ten times a second for each subscriber, whether or not that could come to anything else: a tenth of the processor in a hundred small meetings.</remarks>
    [Fact]
    public void A_path_that_carries_all_that_is_wanted_is_shared_anew_only_where_something_changes()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishCamera();
        var (voice, _) = alice.PublishMicrophone();
        var video = (ReceivedVideo)bob.Watch(producer);
        bob.Watch(voice);
        Run(10);
        var settled = bob.ReceiveTransport.AllocationCount;
        Run(10);
        Assert.Equal(settled, bob.ReceiveTransport.AllocationCount);
        Assert.Equal(new VideoLayers(2, 2), video.Consumer.CurrentLayers);

        // A wish, a path that narrows, and an encoding that is turned off are each heeded as soon as before.
        video.Consumer.SetPreferredLayers(simulation.Now, new(1, 2));
        Run(1);
        Assert.Equal((1, settled + 1), (video.EncodingNow, bob.ReceiveTransport.AllocationCount));
        video.Consumer.SetPreferredLayers(simulation.Now, VideoLayers.Highest);
        Run(2);
        Assert.Equal(2, video.EncodingNow);
        bob.Downlink.Rate = BitRate.FromKilobits(450);
        Run(6);
        Assert.Equal(0, video.EncodingNow);
        Assert.Empty(video.Faults);
    }

    [Theory]
    [InlineData(0.02, 0, 0, 0)]
    [InlineData(0, 0.005, 0, 0)]
    [InlineData(0, 0, 15, 0.05)]
    [InlineData(0.02, 0.003, 10, 0.02)]
    public void Losses_before_and_after_the_server_are_repaired(double loss, double burst, int jitterMilliseconds, double reordering)
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        foreach (var link in (NetworkLink[])[alice.Uplink, bob.Downlink])
        {
            (link.Loss, link.BurstLoss, link.Jitter) = (loss, burst, TimeSpan.FromMilliseconds(jitterMilliseconds));
            (link.Reordering, link.Duplication) = (reordering, 0.01);
        }

        var (producer, _) = alice.PublishCamera();
        Run(1);

        var video = (ReceivedVideo)bob.Watch(producer);
        Run(20);

        Assert.Empty(video.Faults);
        Assert.True(video.StallCount <= 2, $"{video.StallCount} stalls");
        Assert.True(video.DecodedCount > 350, $"{video.DecodedCount} frames");
        Assert.True(video.LongestFreeze < TimeSpan.FromSeconds(2), $"A freeze of {video.LongestFreeze}");
        Assert.True(loss + burst == 0 || bob.Receiving.RetransmissionCount > 10, $"{bob.Receiving.RetransmissionCount} retransmissions");
        Assert.True(loss + burst == 0 || alice.Publishing.Nacks > 10, $"{alice.Publishing.Nacks} requests");
    }

    [Fact]
    public void A_path_that_narrows_gets_a_lower_quality_and_one_that_widens_a_better_one()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishCamera();
        var (voice, _) = alice.PublishMicrophone();
        var video = (ReceivedVideo)bob.Watch(producer);
        var audio = (ReceivedAudio)bob.Watch(voice);
        bob.Downlink.Rate = BitRate.FromMegabits(4);
        Run(8);
        Assert.Equal(2, video.EncodingNow);

        bob.Downlink.Rate = BitRate.FromKilobits(450);
        Run(8);
        Assert.Equal(0, video.EncodingNow);
        bob.Downlink.ResetLongestQueue();
        video.ResetExtremes();
        Run(8);
        Assert.True(bob.Downlink.LongestQueue < TimeSpan.FromMilliseconds(250), $"A queue of {bob.Downlink.LongestQueue}");
        Assert.True(video.LongestFreeze < TimeSpan.FromSeconds(1), $"A freeze of {video.LongestFreeze}");
        Assert.InRange(bob.ReceiveTransport.Statistics.Estimate.BitsPerSecond, 220_000, 520_000);

        bob.Downlink.Rate = BitRate.FromMegabits(4);
        Run(25);
        Assert.Equal(2, video.EncodingNow);
        Assert.Empty(video.Faults);
        Assert.Empty(audio.Faults);
    }

    /// <summary>As a Chromium's fake camera is encoded: the best of one size takes about what the next size takes at half its pictures, so that either is no choice for a moment.</summary>
    [Fact]
    public void On_a_narrow_path_a_picture_goes_on_while_rates_of_its_qualities_cross()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishCamera(ProducerSource.Camera, new(80, 10), new(160, 10), new(310, 10));
        var (voice, _) = alice.PublishMicrophone();
        var video = (ReceivedVideo)bob.Watch(producer);
        bob.Watch(voice);
        bob.Downlink.Rate = BitRate.FromMegabits(3);
        Run(10);
        Assert.Equal(2, video.EncodingNow);

        bob.Downlink.Rate = BitRate.FromKilobits(500);
        Run(5);
        video.ResetExtremes();
        Run(60);
        Assert.True(video.LongestFreeze < TimeSpan.FromSeconds(1), $"A freeze of {video.LongestFreeze}");
        Assert.Empty(video.Faults);
    }

    [Fact]
    public void On_a_narrow_path_audio_passes_whole_and_the_screen_before_cameras()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        bob.Downlink.Rate = BitRate.FromKilobits(700);
        bob.Downlink.QueueLimit = TimeSpan.FromSeconds(1);
        var (voice, _) = alice.PublishMicrophone();
        var (camera, _) = alice.PublishCamera();
        var (screen, _) = alice.PublishCamera(ProducerSource.Screen, new SimulatedEncoding(400, 10));
        Run(1);

        var audio = (ReceivedAudio)bob.Watch(voice);
        var shownCamera = (ReceivedVideo)bob.Watch(camera);
        var shownScreen = (ReceivedVideo)bob.Watch(screen);
        Run(10);
        var missing = audio.Missing;
        Run(15);

        Assert.Equal(missing, audio.Missing);
        Assert.True(audio.LongestDelay < TimeSpan.FromMilliseconds(700), $"Audio came after {audio.LongestDelay}");
        Assert.True(shownScreen.DecodedCount > 60, $"{shownScreen.DecodedCount} frames of the screen, {shownCamera.DecodedCount} of the camera");
        // Not at this very moment: what so narrow a path carries trembles.
        Assert.True(simulation.Now - shownScreen.LastDecodedAt < TimeSpan.FromSeconds(3), $"The screen stands still since {shownScreen.LastDecodedAt.Nanoseconds / 1_000_000} ms");
        Assert.NotEqual(2, shownCamera.EncodingNow);
        Assert.Empty(shownScreen.Faults);
        Assert.Empty(shownCamera.Faults);
        Assert.Empty(audio.Faults);
    }

    [Fact]
    public void A_video_alone_comes_back_after_a_path_that_carried_nothing()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (camera, _) = alice.PublishCamera();
        var shown = (ReceivedVideo)bob.Watch(camera);
        Run(5);
        bob.Downlink.Loss = 1;
        Run(12);
        bob.Downlink.Loss = 0;
        Run(45);
        Assert.True(simulation.Now - shown.LastDecodedAt < TimeSpan.FromSeconds(3), $"stands still since {shown.LastDecodedAt.Nanoseconds / 1_000_000} ms");
        Assert.Empty(shown.Faults);
    }

    /// <remarks>In a real browser whose UDP was blocked in mid-call, the voice came over TCP, and no picture for a minute.</remarks>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(16)]
    public void A_video_beside_a_voice_is_back_within_seconds_of_a_dead_path(int seconds)
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (camera, _) = alice.PublishCamera();
        var (voice, _) = alice.PublishMicrophone();
        var shown = (ReceivedVideo)bob.Watch(camera);
        bob.Watch(voice);
        Run(5);
        bob.Downlink.Loss = 1;
        bob.Uplink.Loss = 1;
        Run(seconds);
        var frames = shown.DecodedCount;
        (bob.Downlink.Loss, bob.Uplink.Loss) = (0, 0);
        Run(4);
        Assert.True(shown.DecodedCount > frames + 30, $"{shown.DecodedCount - frames} frames in four seconds, {bob.ReceiveTransport.Statistics.Estimate} estimated");
        Assert.Empty(shown.Faults);
    }

    [Fact]
    public void A_path_that_broke_is_silent_and_the_others_are_not()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (camera, _) = alice.PublishCamera();
        var (voice, _) = alice.PublishMicrophone();
        bob.Watch(camera);
        bob.Watch(voice);
        Run(5);
        Assert.False(bob.ReceiveTransport.IsSilent(simulation.Now) || alice.SendTransport.IsSilent(simulation.Now));
        bob.Uplink.Loss = 1;
        Run(2);
        Assert.True(bob.ReceiveTransport.IsSilent(simulation.Now));
        Assert.False(alice.SendTransport.IsSilent(simulation.Now));
        bob.Uplink.Loss = 0;
        Run(1);
        Assert.False(bob.ReceiveTransport.IsSilent(simulation.Now));
        alice.Uplink.Loss = 1;
        Run(2);
        Assert.True(alice.SendTransport.IsSilent(simulation.Now));
        Assert.False(bob.ReceiveTransport.IsSilent(simulation.Now));
        alice.Uplink.Loss = 0;
        Run(1);
        Assert.False(alice.SendTransport.IsSilent(simulation.Now));
    }

    [Fact]
    public void A_path_on_which_nothing_is_due_is_not_silent()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (voice, _) = alice.PublishMicrophone();
        bob.Watch(voice);
        Run(5);
        Assert.False(bob.SendTransport.IsSilent(simulation.Now), "Nothing was published.");
        Assert.False(alice.ReceiveTransport.IsSilent(simulation.Now), "Nothing was sent.");

        // Nothing is sent any more after packets of which nobody will ever hear.
        bob.Downlink.Loss = 1;
        simulation.Run(TimeSpan.FromMilliseconds(100));
        voice.Pause(simulation.Now);
        bob.Downlink.Loss = 0;
        alice.Uplink.Loss = 1;
        Run(5);
        Assert.False(bob.ReceiveTransport.IsSilent(simulation.Now), "Only what was sent last was lost.");
        Assert.False(alice.SendTransport.IsSilent(simulation.Now), "What is published is paused.");
        voice.Resume(simulation.Now);
        Assert.False(alice.SendTransport.IsSilent(simulation.Now), "It has only just been resumed.");
        Run(2);
        Assert.True(alice.SendTransport.IsSilent(simulation.Now));
        alice.SendTransport.SetConnected(simulation.Now, isConnected: false);
        Assert.False(alice.SendTransport.IsSilent(simulation.Now), "It is known to have no path.");
    }

    [Fact]
    public void A_receiver_that_never_gave_feedback_is_not_silent()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (voice, _) = alice.PublishMicrophone();
        bob.Receiving.GivesFeedback = false;
        bob.Watch(voice);
        Run(5);
        Assert.False(bob.ReceiveTransport.IsSilent(simulation.Now));
    }

    /// <remarks>In a real browser, estimates of UDP that was blocked stayed when TCP took over.</remarks>
    [Fact]
    public void What_was_estimated_of_one_path_does_not_hold_for_the_next()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (camera, _) = alice.PublishCamera();
        var shown = (ReceivedVideo)bob.Watch(camera);
        bob.Downlink.Rate = BitRate.FromKilobits(120);
        Run(20);
        Assert.True(bob.ReceiveTransport.Statistics.Estimate < BitRate.FromKilobits(300), $"{bob.ReceiveTransport.Statistics.Estimate}");
        bob.Downlink.Rate = BitRate.FromMegabits(100);
        bob.Receiving.PathChanges++;
        Run(4);
        Assert.Equal(2, shown.EncodingNow);
        Assert.Empty(shown.Faults);
    }

    /// <remarks>As mediasoup does it: the publisher's own line loses nothing, so nobody else tells its encoder that FEC is needed.</remarks>
    [Theory]
    [InlineData(0.1, 25)]
    [InlineData(0.9, 51)]
    public void A_microphone_hears_of_what_the_worst_subscriber_loses_up_to_a_bound_and_a_camera_does_not(double loss, byte told)
    {
        var (alice, bob, carol) = (simulation.Join(), simulation.Join(), simulation.Join());
        var (voice, microphone) = alice.PublishMicrophone();
        var (camera, _) = alice.PublishCamera();
        carol.Watch(voice);
        var (audio, video) = (bob.Watch(voice), bob.Watch(camera));
        Run(1);
        bob.Receiving.ReportLoss(audio, loss);
        bob.Receiving.ReportLoss(video, loss);
        Run(6);
        Assert.Equal(told, alice.Publishing.FractionsLost[microphone.Ssrc]);
        Assert.All(alice.Publishing.FractionsLost.Where(stream => stream.Key != microphone.Ssrc), stream => Assert.Equal(0, stream.Value));
        bob.Receiving.ReportLoss(audio, 0);
        Run(6);
        Assert.Equal(0, alice.Publishing.FractionsLost[microphone.Ssrc]);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    public void What_the_server_misses_of_a_voice_is_asked_for_and_told_as_lost_all_the_same(int milliseconds)
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        (alice.Uplink.Delay, alice.Downlink.Delay) = (TimeSpan.FromMilliseconds(milliseconds / 2), TimeSpan.FromMilliseconds(milliseconds / 2));
        var (voice, microphone) = alice.PublishMicrophone(repeats: true);
        var audio = (ReceivedAudio)bob.Watch(voice);
        Run(1);
        alice.Uplink.Loss = 0.1;
        // A report is on some fifty packets, of which all may arrive.
        var told = new List<double>();
        for (var second = 0; second < 20; second++)
        {
            Run(1);
            told.Add(alice.Publishing.FractionsLost[microphone.Ssrc] / 256.0);
        }

        Assert.InRange(told.Average(), 0.02, 0.3);
        alice.Uplink.Loss = 0;
        Run(1);
        Assert.InRange(audio.Missing, 0, 10);
        Assert.InRange(alice.Publishing.Nacks, 60, 250);
        Assert.Equal(0, alice.Publishing.KeyFrameRequests);
        Assert.Empty(audio.Faults);
    }

    /// <remarks>What it writes into its headers each time would give away its key (<c>PublishedTrack.IsRepeatedAsItWas</c>).</remarks>
    [Fact]
    public void Who_would_send_a_voice_again_with_another_header_is_not_asked()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var audio = (ReceivedAudio)bob.Watch(alice.PublishMicrophone().Producer);
        alice.Uplink.Loss = 0.1;
        Run(5);
        Assert.Equal(0, alice.Publishing.Nacks);
        Assert.InRange(audio.Missing, 5, 60);
    }

    /// <remarks>Feedback speaks of a packet that was sent twice as one that took very long.</remarks>
    [Fact]
    public void Voices_that_are_sent_again_lower_no_estimate()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (voice, camera) = (alice.PublishMicrophone().Producer, alice.PublishCamera().Producer);
        var (audio, video) = ((ReceivedAudio)bob.Watch(voice), (ReceivedVideo)bob.Watch(camera));
        audio.Nacks = new NackGenerator();
        (bob.Downlink.Rate, bob.Downlink.Delay, bob.Uplink.Delay) = (BitRate.FromMegabits(4), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50));
        Run(8);
        Assert.Equal(2, video.EncodingNow);
        bob.Downlink.Loss = 0.05;
        Run(20);
        Assert.Equal(2, video.EncodingNow);
        bob.Downlink.Loss = 0;
        Run(1);
        Assert.InRange(audio.Missing, 0, 4);
        Assert.True(audio.Consumer.Statistics.Retransmissions > 20);
    }

    [Fact]
    public void Probes_of_a_publisher_are_counted_but_never_passed_on()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, camera) = alice.PublishCamera();
        var video = (ReceivedVideo)bob.Watch(producer);
        Run(1);
        var received = bob.Receiving.Tracks.Count;

        for (var probe = 0; probe < 20; probe++)
            camera.SendProbe(0);
        Run(2);

        Assert.Equal(received, bob.Receiving.Tracks.Count);
        Assert.Equal(0, video.FillerCount);
        Assert.Empty(video.Faults);
        Assert.Equal(0, alice.SendTransport.Statistics.UnknownPackets);
    }

    [Fact]
    public void A_quality_that_its_publisher_turns_off_gives_way_to_one_that_is_sent()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, camera) = alice.PublishCamera();
        var video = (ReceivedVideo)bob.Watch(producer);
        Run(5);
        Assert.Equal(2, video.EncodingNow);

        camera.SetActive(2, isActive: false);
        Run(5);
        Assert.Equal(1, video.EncodingNow);
        Assert.True(simulation.Now - video.LastDecodedAt < TimeSpan.FromMilliseconds(150));

        camera.SetActive(2, isActive: true);
        Run(8);
        Assert.Equal(2, video.EncodingNow);
        Assert.Empty(video.Faults);
        Assert.True(video.LongestFreeze < TimeSpan.FromSeconds(2.5), $"A freeze of {video.LongestFreeze}");
    }

    [Fact]
    public void Pauses_of_subscriber_and_publisher_leave_no_seam()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishCamera();
        var (voice, _) = alice.PublishMicrophone();
        var video = (ReceivedVideo)bob.Watch(producer, new ConsumerOptions(IsPaused: true));
        var audio = (ReceivedAudio)bob.Watch(voice);
        Run(2);
        Assert.Equal(0, video.DecodedCount);

        video.Consumer.Resume(simulation.Now);
        Run(3);
        video.Consumer.Pause(simulation.Now);
        audio.Consumer.Pause(simulation.Now);
        Run(0.1);
        var (frames, packets) = (video.DecodedCount, audio.Count);
        Run(3);
        Assert.Equal(frames, video.DecodedCount);
        Assert.Equal(packets, audio.Count);

        video.Consumer.Resume(simulation.Now);
        audio.Consumer.Resume(simulation.Now);
        Run(2);
        producer.Pause(simulation.Now);
        voice.Pause(simulation.Now);
        Run(2);
        producer.Resume(simulation.Now);
        voice.Resume(simulation.Now);
        Run(3);

        Assert.True(video.DecodedCount > frames + 75, $"{video.DecodedCount} frames after {frames}");
        Assert.True(audio.Count > packets + 200, $"{audio.Count} packets after {packets}");
        Assert.Equal(0, audio.Missing);
        Assert.Equal(0, video.StallCount);
        Assert.Empty(video.Faults);
        Assert.Empty(audio.Faults);
    }

    [Fact]
    public void What_nobody_watches_is_said_after_a_while_and_what_somebody_wants_at_once()
    {
        var (alice, bob, carol) = (simulation.Join(), simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishCamera();
        Assert.Equal(-1, producer.WantedSpatialLayer);

        var large = bob.Watch(producer, new ConsumerOptions(PreferredLayers: new VideoLayers(2, 2)));
        carol.Watch(producer, new ConsumerOptions(PreferredLayers: new VideoLayers(0, 2)));
        Assert.Equal(2, producer.WantedSpatialLayer);
        Run(5);

        large.Consumer.SetPreferredLayers(simulation.Now, new VideoLayers(0, 1));
        Run(1);
        Assert.Equal(2, producer.WantedSpatialLayer);
        Run(4);
        Assert.Equal(0, producer.WantedSpatialLayer);
        Assert.Equal((producer, 0), simulation.DemandChanges[^1]);

        large.Consumer.SetPreferredLayers(simulation.Now, new VideoLayers(1, 1));
        Assert.Equal((producer, 1), simulation.DemandChanges[^1]);
        bob.Participant.Close(simulation.Now);
        carol.Participant.Close(simulation.Now);
        Run(5);
        Assert.Equal((producer, -1), simulation.DemandChanges[^1]);
    }

    [Fact]
    public void Preferred_layers_are_never_exceeded()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishCamera();
        var video = (ReceivedVideo)bob.Watch(producer, new ConsumerOptions(PreferredLayers: new VideoLayers(1, 1)));
        Run(6);

        Assert.Equal(0, video.DecodedOf[2]);
        Assert.Equal(0, video.DecodedLayers[2]);
        Assert.True(video.DecodedOf[1] > 50, $"{video.DecodedOf[1]} frames");
        Assert.Empty(video.Faults);
    }

    [Fact]
    public void Voice_and_picture_are_in_step_over_switches_of_quality()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishCamera();
        var (voice, _) = alice.PublishMicrophone();
        var video = (ReceivedVideo)bob.Watch(producer);
        var audio = (ReceivedAudio)bob.Watch(voice);
        foreach (var layer in (int[])[2, 0, 1, 2])
        {
            video.Consumer.SetPreferredLayers(simulation.Now, new VideoLayers(layer, 2));
            Run(5);
            Assert.Equal(layer, video.EncodingNow);
            AssertClock(alice, video, 90_000, video.LatestTimestamp, video.LatestCapturedAt);
            AssertClock(alice, audio, 48_000, audio.LatestTimestamp, audio.LatestCapturedAt);
        }

        Assert.True(video.LargestTimeError < TimeSpan.FromMilliseconds(60), $"A picture out of time by {video.LargestTimeError}");
        Assert.Empty(video.Faults);
    }

    [Fact]
    public void Key_frames_are_asked_for_no_more_often_than_the_limit_however_many_join()
    {
        var alice = simulation.Join();
        var (producer, camera) = alice.PublishCamera();
        Run(2);
        var (before, requests) = (camera.KeyFrames(0), alice.Publishing.KeyFrameRequests);
        var videos = new List<ReceivedVideo>();
        for (var joined = 0; joined < 40; joined++)
        {
            videos.Add((ReceivedVideo)simulation.Join().Watch(producer, new ConsumerOptions(PreferredLayers: new VideoLayers(0, 2))));
            Run(0.025);
        }

        Run(1);
        Assert.All(videos, video => Assert.Empty(video.Faults));
        Assert.All(videos, video => Assert.True(video.DecodedCount > 5, $"{video.DecodedCount} frames"));
        Assert.True(camera.KeyFrames(0) - before <= 5, $"{camera.KeyFrames(0) - before} key frames in two seconds");
        Assert.True(alice.Publishing.KeyFrameRequests - requests <= 6, $"{alice.Publishing.KeyFrameRequests - requests} requests");
    }

    [Fact]
    public void A_closed_producer_ends_its_consumers_and_signalling_hears_of_it()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishCamera();
        var video = bob.Watch(producer);
        Run(1);

        alice.Participant.Close(simulation.Now);
        Run(2);

        Assert.True(video.Consumer.IsClosed);
        Assert.Equal([video.Consumer], simulation.ClosedConsumers);
        Assert.Empty(bob.ReceiveTransport.Consumers);
        Assert.Equal(Refusal.Closed, bob.ReceiveTransport.TryConsume(simulation.Now, producer, SimulatedClient.Device, new(), out _));
        Assert.Equal(0, simulation.Meeting.Pool.HeldCount);
    }

    [Fact]
    public void A_peer_that_was_away_gets_a_key_frame_when_it_is_back()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var (producer, _) = alice.PublishCamera();
        var video = (ReceivedVideo)bob.Watch(producer);
        Run(3);
        bob.ReceiveTransport.SetConnected(simulation.Now, isConnected: false);
        Run(0.2);
        var (frames, keys) = (video.DecodedCount, video.KeyFrameCount);
        Run(3);
        Assert.Equal(frames, video.DecodedCount);

        bob.ReceiveTransport.SetConnected(simulation.Now, isConnected: true);
        Run(1);

        Assert.True(video.DecodedCount > frames + 5, $"{video.DecodedCount} frames after {frames}");
        Assert.True(video.KeyFrameCount > keys);
        Assert.Empty(video.Faults);
    }

    [Fact]
    public void A_publisher_that_begins_anew_with_other_ssrcs_leaves_no_seam()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        alice.Uplink.Loss = 0.02;
        var (producer, camera) = alice.PublishCamera();
        var video = (ReceivedVideo)bob.Watch(producer);
        for (var restart = 0; restart < 4; restart++)
        {
            Run(4);
            Assert.True(simulation.Now - video.LastDecodedAt < TimeSpan.FromMilliseconds(500), $"Nothing for {simulation.Now - video.LastDecodedAt}");
            camera.Restart();
        }

        Run(4);
        Assert.Empty(video.Faults);
        Assert.Equal(2, video.EncodingNow);
        Assert.True(video.DecodedCount > 400, $"{video.DecodedCount} frames");
    }

    /// <summary>Where more is wanted than the path carries, the estimate settles below what it carries, and not far below.</summary>
    [Theory]
    [InlineData(500)]
    [InlineData(1_000)]
    [InlineData(2_000)]
    [InlineData(4_000)]
    public void The_estimate_settles_near_what_the_path_carries(int kilobits)
    {
        var bob = simulation.Join();
        bob.Downlink.Rate = BitRate.FromKilobits(kilobits);
        var tracks = new List<ReceivedVideo>();
        for (var index = 0; index < 6; index++)
            tracks.Add((ReceivedVideo)bob.Watch(simulation.Join().PublishCamera().Producer));
        Run(15);
        var (estimate, queue) = (0L, TimeSpan.Zero);
        for (var sample = 0; sample < 200; sample++)
        {
            Run(0.1);
            estimate += bob.ReceiveTransport.Statistics.Estimate.BitsPerSecond / 200;
            queue += bob.Downlink.QueueDelay(simulation.Now) / 200;
        }

        Assert.InRange(estimate, kilobits * 600, kilobits * 1_050);
        Assert.True(queue < TimeSpan.FromMilliseconds(80), $"A queue of {queue} in the mean");
        Assert.All(tracks, track => Assert.Empty(track.Faults));
        Assert.Contains(tracks, track => simulation.Now - track.LastDecodedAt < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Publishers_hear_of_every_packet_that_arrived()
    {
        var alice = simulation.Join();
        alice.PublishCamera();
        alice.PublishMicrophone();
        Run(5);

        Assert.InRange(alice.Publishing.ReportedArrivals, alice.Uplink.SentCount - 60, alice.Uplink.SentCount);
        Assert.InRange(alice.Publishing.ReceiverReports, 3, 12);
    }

    private void Run(double seconds) => simulation.Run(TimeSpan.FromSeconds(seconds));

    /// <summary>By the last sender report, the stream's time of a picture is the publisher's time when it was taken.</summary>
    private static void AssertClock(SimulatedClient publisher, ReceivedTrack track, int clockRate, uint timestamp, Instant capturedAt)
    {
        var report = track.LatestReport ?? throw new InvalidOperationException("No sender report.");
        var sinceReport = TimeSpan.FromSeconds((int)(timestamp - report.RtpTimestamp) / (double)clockRate);
        var shown = Engine.Feedback.NtpTime.Add(report.NtpTimestamp, sinceReport);
        var error = Engine.Feedback.NtpTime.Distance(publisher.Publishing.NtpAt(capturedAt), shown).Duration();
        // Reports take as long as packets do, so that the server's view of the publisher's clock is late by the way there, and evenly for all.
        Assert.True(error < TimeSpan.FromMilliseconds(5), $"{track.Consumer.Kind} is out of step by {error}");
    }
}
