using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Peers;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;
using Tocsin.Media.Forwarding.Tests.Parameters;
using Tocsin.Media.Forwarding.Transports;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <summary>A participant with its browser, as mediasoup-client has it: a transport to send on and one to receive on.</summary>
internal sealed class SimulatedClient
{
    private readonly MeetingSimulation simulation;
    private readonly ReceivingBrowser receiving;
    private int mids;

    public SimulatedClient(MeetingSimulation simulation)
    {
        this.simulation = simulation;
        Uplink = new NetworkLink(simulation.Random);
        Downlink = new NetworkLink(simulation.Random);
        Assert.Equal(Refusal.None, simulation.Meeting.TryAddParticipant(out var participant));
        Participant = participant!;
        Publishing = new SendingBrowser(simulation, Uplink, Downlink);
        receiving = new ReceivingBrowser(simulation, Uplink, Downlink);
        SendTransport = CreateTransport(Publishing);
        ReceiveTransport = CreateTransport(receiving);
    }

    public Participant Participant { get; }

    public Transport SendTransport { get; }

    public Transport ReceiveTransport { get; }

    public NetworkLink Uplink { get; }

    public NetworkLink Downlink { get; }

    public SendingBrowser Publishing { get; }

    public ReceivingBrowser Receiving => receiving;

    /// <summary>Three qualities of VP8 with three temporal layers each.</summary>
    public (Producer Producer, SimulatedCamera Camera) PublishCamera(ProducerSource source = ProducerSource.Camera, params SimulatedEncoding[] encodings)
    {
        var mid = $"{mids++}";
        var camera = new SimulatedCamera(simulation, Publishing, mid, encodings.Length > 0 ? encodings : SimulatedEncoding.Usual);
        Assert.Equal(
            Refusal.None,
            SendTransport.TryProduce(
                simulation.Now, MediaKind.Video, source, ClientParameters.Simulcast(mid, count: camera.Encodings.Count), isPaused: false, out var producer));
        camera.Start();
        return (producer!, camera);
    }

    /// <param name="repeats">As Chromium by mediasoup-client: lost packets of it are sent once more where they are asked for.</param>
    public (Producer Producer, SimulatedMicrophone Microphone) PublishMicrophone(byte level = 30, bool repeats = false)
    {
        var mid = $"{mids++}";
        var microphone = new SimulatedMicrophone(simulation, Publishing, mid, repeats) { Level = level };
        Assert.Equal(
            Refusal.None,
            SendTransport.TryProduce(
                simulation.Now, MediaKind.Audio, ProducerSource.Microphone, ClientParameters.Opus(mid, microphone.Ssrc, repeats: repeats), isPaused: false, out var producer));
        microphone.Start();
        return (producer!, microphone);
    }

    public ReceivedTrack Watch(Producer producer, ConsumerOptions? options = null)
    {
        Assert.Equal(
            Refusal.None, ReceiveTransport.TryConsume(simulation.Now, producer, Device, options ?? new ConsumerOptions(), out var consumer));
        return receiving.Add(consumer!);
    }

    /// <summary>What a browser that knows everything says it can receive.</summary>
    public static RtpCapabilities Device { get; } = new(
        RouterCapabilities.All.Codecs,
        [.. RouterCapabilities.All.HeaderExtensions.Select(extension => extension with { Direction = HeaderExtensionDirection.SendReceive })]);

    private Transport CreateTransport(SimulatedBrowser browser)
    {
        if (simulation.IsEncrypted)
            browser.Encryption = new EncryptedPath(simulation, browser, Uplink, Downlink);
        Assert.Equal(Refusal.None, Participant.TryCreateTransport(simulation.Now, (IMediaSender?)browser.Encryption?.Peer ?? browser, out var transport));
        browser.Transport = transport!;
        if (simulation.IsEncrypted)
            simulation.Paths.Add(browser.Encryption!);
        else
            transport!.SetConnected(simulation.Now, isConnected: true);
        return transport!;
    }
}

/// <summary>What both ends of a browser have in common: packets come from the SFU by <see cref="IMediaSender"/>, and go to it over the network.</summary>
internal abstract class SimulatedBrowser(MeetingSimulation simulation, NetworkLink toServer, NetworkLink fromServer) : IMediaSender
{
    public int RtpOverhead => 16;

    public int PathChanges { get; set; }

    public Transport Transport { get; set; } = null!;

    /// <summary>Null: packets go in clear.</summary>
    public EncryptedPath? Encryption { get; set; }

    protected MeetingSimulation Simulation { get; } = simulation;

    protected Instant Now => Simulation.Now;

    public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        Assert.True(RtpHeader.TryParse(header, out var parsed) && parsed.Length == header.Length, "Not a header.");
        byte[] packet = [.. header, .. payload];
        Deliver(packet.Length, () => ReceiveRtp(packet));
        return true;
    }

    public bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> copy, out int length)
    {
        header.CopyTo(copy);
        payload.CopyTo(copy[header.Length..]);
        length = header.Length + payload.Length;
        return SendRtp(header, payload);
    }

    public bool Repeat(ReadOnlySpan<byte> protectedPacket)
    {
        var packet = protectedPacket.ToArray();
        Deliver(packet.Length, () => ReceiveRtp(packet));
        return true;
    }

    public bool SendRtcp(ReadOnlySpan<byte> packet)
    {
        var copy = packet.ToArray();
        Assert.True(copy.Length <= 1_200, "Too long a report.");
        Deliver(copy.Length, () => ReceiveRtcp(copy));
        return true;
    }

    public void SendToServer(byte[] packet, bool isRtcp)
    {
        if (Encryption is { } encryption)
        {
            encryption.SendToServer(packet, isRtcp);
            return;
        }

        if (toServer.Send(Now, packet.Length + 44) is not { } arrival)
            return;
        Simulation.Time.At(arrival, () => HandleAtServer(packet, isRtcp));
        if (!isRtcp && toServer.DoublesNext())
            Simulation.Time.At(arrival + TimeSpan.FromMilliseconds(1), () => HandleAtServer(packet, isRtcp));
    }

    private void HandleAtServer(byte[] packet, bool isRtcp)
    {
        if (isRtcp)
            Transport.HandleRtcp(Now, packet);
        else
            Transport.HandleRtp(Now, packet);
    }

    /// <summary>A packet from the server, in clear.</summary>
    public void Receive(byte[] packet, bool isRtcp)
    {
        if (isRtcp)
            ReceiveRtcp(packet);
        else
            ReceiveRtp(packet);
    }

    protected abstract void ReceiveRtp(byte[] packet);

    protected abstract void ReceiveRtcp(byte[] packet);

    private void Deliver(int length, Action receive)
    {
        if (fromServer.Send(Now, length + 44) is { } arrival)
            Simulation.Time.At(arrival, receive);
    }
}
