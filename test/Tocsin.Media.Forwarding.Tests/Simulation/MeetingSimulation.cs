using Tocsin.Media.Engine;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>A whole meeting under virtual time: clients, their networks, and the host's part of the contract.</summary>
internal sealed class MeetingSimulation : IMeetingEvents
{
    private readonly List<SimulatedClient> clients = [];

    public MeetingSimulation(int seed, MeetingOptions? options = null)
    {
        Random = new Random(seed);
        Meeting = new Meeting(options ?? new MeetingOptions(), this, new Random(seed + 1));
    }

    public Random Random { get; }

    public VirtualTime Time { get; } = new();

    public Instant Now => Time.Now;

    public Meeting Meeting { get; }

    /// <summary>Whether clients join through ICE, DTLS and SRTP; large meetings do without.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Of all transports, where they are encrypted; the test disposes of them.</summary>
    public List<EncryptedPath> Paths { get; } = [];

    public IReadOnlyList<SimulatedClient> Clients => clients;

    public List<Consumer> ClosedConsumers { get; } = [];

    public List<(Consumer Consumer, VideoLayers? Layers)> LayerChanges { get; } = [];

    public List<(Producer Producer, int Layer)> DemandChanges { get; } = [];

    public int SpeakerChanges { get; private set; }

    public SimulatedClient Join()
    {
        var client = new SimulatedClient(this);
        clients.Add(client);
        return client;
    }

    public void Run(TimeSpan duration)
    {
        var end = Now + duration;
        while (true)
        {
            var next = Instant.Earlier(Time.Next, Meeting.NextWakeUp);
            if (next > end)
                break;
            Time.MoveTo(next);
            if (Meeting.NextWakeUp <= Now)
                Meeting.HandleTimeout(Now);
            Assert.True(Meeting.NextWakeUp > Now, "The meeting wants to be called again at the same time.");
        }

        Time.MoveTo(end);
    }

    public void OnConsumerClosed(Instant now, Consumer consumer) => ClosedConsumers.Add(consumer);

    public void OnLayersChanged(Instant now, Consumer consumer) => LayerChanges.Add((consumer, consumer.CurrentLayers));

    public void OnDemandChanged(Instant now, Producer producer) => DemandChanges.Add((producer, producer.WantedSpatialLayer));

    public void OnActiveSpeakersChanged(Instant now, Meeting meeting) => SpeakerChanges++;
}
