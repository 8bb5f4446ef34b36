using Tocsin.Media.Forwarding.Parameters;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>Who publishes what to whom.</summary>
/// <param name="Publishers">Of each meeting, each with one track.</param>
/// <param name="Subscribers">Of each meeting. Where there are as many as publishers they are the same people, who do not receive themselves.</param>
internal sealed record Scenario(string Name, MediaKind Kind, int Meetings, int Publishers, int Subscribers)
{
    private static readonly Scenario[] All =
    [
        new("video-10", MediaKind.Video, 1, 1, 10),
        new("video-50", MediaKind.Video, 1, 1, 50),
        new("audio-10", MediaKind.Audio, 1, 1, 10),
        new("audio-50", MediaKind.Audio, 1, 1, 50),
        new("meeting-50", MediaKind.Video, 1, 50, 50),
        new("meetings-1x5", MediaKind.Video, 1, 5, 5),
        new("meetings-10x5", MediaKind.Video, 10, 5, 5),
        new("meetings-100x5", MediaKind.Video, 100, 5, 5),
        new("meetings-50x10", MediaKind.Video, 50, 10, 10),
        new("meeting-500", MediaKind.Video, 1, 6, 494),
        new("call-10", MediaKind.Video, 1, 10, 10),
        new("call-5", MediaKind.Video, 1, 5, 5),
    ];

    /// <summary>Bytes of RTP payload.</summary>
    public int PayloadLength => Kind == MediaKind.Audio ? 120 : 1_180;

    /// <summary>Audio has one packet each 20 ms; a frame of video of 2.5 Mbit/s has ten.</summary>
    public int PacketsPerFrame => Kind == MediaKind.Audio ? 1 : 10;

    /// <summary>How often each packet is passed on.</summary>
    public int FanOut => Publishers == Subscribers ? Subscribers - 1 : Subscribers;

    /// <summary>The first step's, for each publisher: some 5,000 packets a second leave.</summary>
    public double FirstRate => 5_000.0 / (Meetings * Publishers * FanOut);

    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Scenario Named(string name) => Array.Find(All, scenario => scenario.Name == name) ?? throw new ArgumentException($"no scenario '{name}'", nameof(name));

    /// <summary>One meeting in which some speak and all others listen.</summary>
    public static Scenario OfJoining(int speakers, int listeners) => new("join", MediaKind.Audio, 1, speakers, listeners);

    public bool IsFor(int publisher, int subscriber) => Publishers != Subscribers || publisher != subscriber;
}
