using Tocsin.Media.Engine.Feedback;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Tests.Simulation;
using Tocsin.Testing;

namespace Tocsin.Media.Forwarding.Tests;

/// <summary>Meetings through real peers: every packet is checked by ICE, encrypted and decrypted, on the way there and on the way back.</summary>
public sealed class EncryptedMeetingTests : IDisposable
{
    private readonly MeetingSimulation simulation = new(TestSeed.Next()) { IsEncrypted = true };

    public void Dispose() => simulation.Paths.ForEach(path => path.Dispose());

    /// <remarks>Encrypted anew it would be refused here, and with another content under the same number there.</remarks>
    [Fact]
    public void What_a_subscriber_loses_of_a_voice_is_sent_again_as_it_was()
    {
        var (alice, bob, carol) = (simulation.Join(), simulation.Join(), simulation.Join());
        var voice = alice.PublishMicrophone().Producer;
        simulation.Run(TimeSpan.FromSeconds(3));
        var (asks, asksNot) = ((ReceivedAudio)bob.Watch(voice), (ReceivedAudio)carol.Watch(voice));
        asks.Nacks = new NackGenerator();
        simulation.Run(TimeSpan.FromSeconds(1));
        (bob.Downlink.Loss, carol.Downlink.Loss) = (0.1, 0.1);
        simulation.Run(TimeSpan.FromSeconds(20));
        (bob.Downlink.Loss, carol.Downlink.Loss) = (0, 0);
        simulation.Run(TimeSpan.FromSeconds(1));
        Assert.InRange(asksNot.Missing, 50, 200);
        Assert.InRange(asks.Missing, 0, 6);
        Assert.InRange(asks.Consumer.Statistics.Retransmissions, 50, 250);
        Assert.Equal(0, asksNot.Consumer.Statistics.Retransmissions);
        Assert.Empty(asks.Faults);
        Assert.All(simulation.Paths, path => Assert.Equal(0, path.Peer.Statistics.MediaIn.Forged + path.Peer.Statistics.MediaOut.Replayed));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.02, 0.01)]
    public void Three_people_see_and_hear_each_other(double loss, double duplication)
    {
        var people = Enumerable.Range(0, 3).Select(_ => simulation.Join()).ToList();
        foreach (var link in people.SelectMany(person => (NetworkLink[])[person.Uplink, person.Downlink]))
            (link.Loss, link.Duplication, link.Reordering) = (loss, duplication, duplication);
        // Numbers begin shortly before they wrap around: a receiver that has no key until they have would not know that they did (RFC 3711 section 3.3.1), and browsers begin in the lower half.
        for (var left = 200; left > 0 && !simulation.Paths.TrueForAll(path => path.CanSend && path.Peer.State == PeerState.Connected); left--)
            simulation.Run(TimeSpan.FromMilliseconds(100));
        var published = people.ConvertAll(person => (Person: person, person.PublishCamera().Producer, Voice: person.PublishMicrophone().Producer));
        simulation.Run(TimeSpan.FromSeconds(3));
        Assert.All(simulation.Paths, path => Assert.Equal(PeerState.Connected, path.Peer.State));

        foreach (var person in people)
        {
            foreach (var other in published.Where(other => other.Person != person))
            {
                person.Watch(other.Producer);
                person.Watch(other.Voice);
            }
        }

        simulation.Run(TimeSpan.FromSeconds(8));

        var tracks = people.SelectMany(person => person.Receiving.Tracks).ToList();
        Assert.Equal(12, tracks.Count);
        Assert.All(tracks, track => Assert.Empty(track.Faults));
        Assert.All(tracks.OfType<ReceivedVideo>(), video => Assert.True(video.DecodedCount > 100, $"{video.DecodedCount} frames"));
        Assert.All(tracks.OfType<ReceivedAudio>(), audio => Assert.True(audio.Count > 350, $"{audio.Count} packets"));
        Assert.All(simulation.Paths, path => Assert.Equal(0, path.Peer.Statistics.MediaIn.Forged + path.Peer.Statistics.MediaOut.Replayed));
    }
}
