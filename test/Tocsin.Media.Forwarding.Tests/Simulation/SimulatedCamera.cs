using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Tests.Simulation;

/// <param name="Kilobits">A second, of all temporal layers.</param>
internal sealed record SimulatedEncoding(int Kilobits, int FramesPerSecond = 25)
{
    public static SimulatedEncoding[] Usual { get; } = [new(150), new(500), new(1_500)];
}

/// <summary>Encodes VP8 in several qualities, with three temporal layers each as libvpx makes them, and answers requests for key frames.</summary>
internal sealed class SimulatedCamera
{
    private const int LargestPayload = 1_100;

    /// <summary>Layer, whether it refers to the base layer only, and how large against the mean: T0 T2 T1 T2.</summary>
    private static readonly (int Layer, bool IsSync, double Size)[] Pattern = [(0, false, 1.6), (2, true, 0.7), (1, true, 1.0), (2, false, 0.7)];

    private readonly MeetingSimulation simulation;
    private readonly SendingBrowser browser;
    private readonly string mid;
    private readonly List<Encoder> encoders = [];

    public SimulatedCamera(MeetingSimulation simulation, SendingBrowser browser, string mid, SimulatedEncoding[] encodings)
    {
        (this.simulation, this.browser, this.mid, Encodings) = (simulation, browser, mid, encodings);
        for (var index = 0; index < encodings.Length; index++)
            encoders.Add(CreateEncoder(index));
    }

    public IReadOnlyList<SimulatedEncoding> Encodings { get; }

    public int KeyFrames(int encoding) => encoders[encoding].KeyFrameCount;

    /// <summary>As a publisher's client does that saves what nobody watches, or whose path is narrow.</summary>
    public void SetActive(int encoding, bool isActive) => encoders[encoding].IsActive = isActive;

    public void SendProbe(int encoding) => encoders[encoding].Stream.SendProbe();

    public void Start()
    {
        for (var index = 0; index < encoders.Count; index++)
        {
            var number = index;
            var interval = TimeSpan.FromSeconds(1) / Encodings[number].FramesPerSecond;
            // The encodings of one picture follow each other a little later.
            simulation.Time.After(TimeSpan.FromMilliseconds(3 * index), () => simulation.Time.Every(interval, () => Encode(number)));
        }
    }

    /// <summary>As a browser does that begins to send anew: other SSRCs, numbers and times for the same RIDs.</summary>
    public void Restart()
    {
        for (var index = 0; index < encoders.Count; index++)
            encoders[index] = CreateEncoder(index);
    }

    private Encoder CreateEncoder(int index)
    {
        var encoder = new Encoder(Encodings[index], browser.AddStream(mid, $"r{index}", 120, 121, 90_000), simulation.Random);
        encoder.Stream.OnKeyFrameRequest = () => encoder.WantsKeyFrame = true;
        return encoder;
    }

    private void Encode(int number)
    {
        var encoder = encoders[number];
        if (!encoder.IsActive)
            return;
        var isKey = encoder.WantsKeyFrame;
        if (isKey)
            encoder.PatternIndex = 0;
        var (layer, isSync, share) = Pattern[encoder.PatternIndex++ % Pattern.Length];
        encoder.WantsKeyFrame = false;
        encoder.KeyFrameCount += isKey ? 1 : 0;
        var index = encoder.FrameCount++;
        var reference = isKey ? FramePayload.NoReference : layer == 2 && !isSync ? encoder.LastOf(1) : encoder.LastOf(0);
        encoder.Remember(layer, index);
        if (layer == 0)
            encoder.BaseLayerIndex++;
        var bytes = (int)(encoder.Encoding.Kilobits * 125.0 / encoder.Encoding.FramesPerSecond * share * (isKey ? 4 : 1) * (0.8 + (0.4 * simulation.Random.NextDouble())));
        var packets = Math.Max(1, (bytes + LargestPayload - 1) / LargestPayload);
        var timestamp = encoder.Stream.TimestampAt(simulation.Now);
        for (var packet = 0; packet < packets; packet++)
        {
            var payload = new FramePayload(number, index, reference, packet, packets, simulation.Now)
                .Write(bytes / packets, encoder.PictureId, encoder.BaseLayerIndex, layer, isSync);
            encoder.Stream.Send(payload, timestamp, marker: packet == packets - 1);
        }

        encoder.PictureId = (ushort)((encoder.PictureId + 1) & 0x7FFF);
    }

    private sealed class Encoder(SimulatedEncoding encoding, OutgoingStream stream, Random random)
    {
        private readonly int[] last = [0, 0, 0];

        public SimulatedEncoding Encoding { get; } = encoding;

        public OutgoingStream Stream { get; } = stream;

        public bool IsActive { get; set; } = true;

        public bool WantsKeyFrame { get; set; } = true;

        public int KeyFrameCount { get; set; }

        public int PatternIndex { get; set; }

        public int FrameCount { get; set; }

        /// <summary>Near the end, so that it wraps around in every test.</summary>
        public ushort PictureId { get; set; } = (ushort)random.Next(0x7FE0, 0x8000);

        public byte BaseLayerIndex { get; set; } = (byte)random.Next(256);

        public int LastOf(int layer) => last[layer];

        public void Remember(int layer, int frame) => Array.Fill(last, frame, layer, last.Length - layer);
    }
}
