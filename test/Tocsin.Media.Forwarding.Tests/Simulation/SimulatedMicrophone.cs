using System.Buffers.Binary;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>Opus, a packet every 20 ms, with its level.</summary>
internal sealed class SimulatedMicrophone
{
    private readonly MeetingSimulation simulation;
    private readonly OutgoingStream stream;
    private int count;

    public SimulatedMicrophone(MeetingSimulation simulation, SendingBrowser browser, string mid, bool repeats)
    {
        this.simulation = simulation;
        stream = browser.AddStream(mid, null, 63, null, 48_000);
        stream.Repeats = repeats;
    }

    public uint Ssrc => stream.Ssrc;

    /// <summary>RFC 6464: 0 loudest, 127 silence.</summary>
    public byte Level { get; set; } = 30;

    public void Start() => simulation.Time.Every(TimeSpan.FromMilliseconds(20), Encode);

    private void Encode()
    {
        var payload = new byte[80];
        BinaryPrimitives.WriteInt32BigEndian(payload, count++);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(4), simulation.Now.Nanoseconds);
        stream.Send(payload, stream.TimestampAt(simulation.Now), marker: false, Level);
    }
}
