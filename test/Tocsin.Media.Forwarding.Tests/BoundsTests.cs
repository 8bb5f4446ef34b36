using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Tests.Parameters;
using Tocsin.Media.Forwarding.Tests.Simulation;

namespace Tocsin.Media.Forwarding.Tests;

/// <summary>Each bound is refused with its own reason, and what was refused leaves nothing behind.</summary>
public sealed class BoundsTests
{
    private readonly MeetingSimulation simulation = new(
        1, new MeetingOptions { MaximumParticipants = 3, MaximumTransports = 2, MaximumProducers = 2, MaximumConsumers = 2, PacketMemory = 40_000 });

    [Fact]
    public void Participants_transports_producers_and_consumers_are_bounded()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        var carol = simulation.Join();
        Assert.Equal(Refusal.TooManyParticipants, simulation.Meeting.TryAddParticipant(out _));
        Assert.Equal(Refusal.TooManyTransports, alice.Participant.TryCreateTransport(simulation.Now, alice.Publishing, out _));
        var camera = alice.PublishCamera().Producer;
        var microphone = alice.PublishMicrophone().Producer;
        Assert.Equal(Refusal.TooManyProducers, Produce(alice, ClientParameters.Opus("5", 5)));
        bob.Watch(camera);
        bob.Watch(microphone);
        var third = carol.PublishMicrophone().Producer;
        Assert.Equal(Refusal.TooManyConsumers, bob.ReceiveTransport.TryConsume(simulation.Now, third, SimulatedClient.Device, new(), out _));
    }

    [Fact]
    public void What_is_in_use_or_somebody_elses_is_refused()
    {
        var (alice, bob) = (simulation.Join(), simulation.Join());
        Assert.Equal(Refusal.None, Produce(alice, ClientParameters.Opus("1", 5)));
        Assert.Equal(Refusal.StreamInUse, Produce(alice, ClientParameters.Opus("1", 6)));
        Assert.Equal(Refusal.StreamInUse, Produce(alice, ClientParameters.Opus("2", 5)));
        Assert.Equal(Refusal.HeaderExtensionConflict, Produce(alice, ClientParameters.Opus("2", 6, audioLevelId: 12)));
        Assert.Equal(Refusal.None, Produce(alice, ClientParameters.Opus("2", 6)));
        var producer = alice.SendTransport.Producers[0];
        Assert.Equal(Refusal.WrongProducer, alice.ReceiveTransport.TryConsume(simulation.Now, producer, SimulatedClient.Device, new(), out _));
        var other = new MeetingSimulation(2).Join();
        Assert.Equal(Refusal.WrongProducer, other.ReceiveTransport.TryConsume(simulation.Now, producer, SimulatedClient.Device, new(), out _));
        Assert.Equal(Refusal.UnsupportedCodec, bob.ReceiveTransport.TryConsume(simulation.Now, producer, new RtpCapabilities([], []), new(), out _));
        bob.Watch(producer);
        Assert.Equal(Refusal.AlreadyConsumed, bob.ReceiveTransport.TryConsume(simulation.Now, producer, SimulatedClient.Device, new(), out _));
    }

    [Fact]
    public void Packets_past_the_memory_of_a_meeting_are_counted_and_not_kept()
    {
        var alice = simulation.Join();
        var (producer, _) = alice.PublishCamera();
        simulation.Run(TimeSpan.FromSeconds(3));

        Assert.InRange(simulation.Meeting.PacketMemory, 30_000, 40_000);
        Assert.True(producer.GetStatistics(simulation.Now).Sum(statistics => statistics.Refused) > 100);
    }

    private Refusal Produce(SimulatedClient client, RtpParameters parameters) =>
        client.SendTransport.TryProduce(simulation.Now, MediaKind.Audio, ProducerSource.Microphone, parameters, isPaused: false, out _);
}
