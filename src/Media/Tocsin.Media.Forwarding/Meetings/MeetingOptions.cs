using Tocsin.Media.Engine;

namespace Tocsin.Media.Forwarding.Meetings;

/// <summary>The bounds of one meeting. The defaults suit a meeting of an organisation; what is beyond a bound is refused, never queued.</summary>
public sealed record MeetingOptions
{
    public int MaximumParticipants { get; init; } = 1_000;

    /// <summary>Of one participant: a send and a receive transport, and those of a reconnection that the old ones have not noticed yet.</summary>
    public int MaximumTransports { get; init; } = 4;

    /// <summary>Of one transport: microphone, camera, screen and its sound, and as many again.</summary>
    public int MaximumProducers { get; init; } = 8;

    /// <summary>Of one transport.</summary>
    public int MaximumConsumers { get; init; } = 2_000;

    /// <summary>Assumed of a subscriber's path until feedback says more.</summary>
    public BitRate InitialBitRate { get; init; } = BitRate.FromKilobits(600);

    /// <summary>Never less is sent: audio must pass even where nothing seems to.</summary>
    public BitRate LowestBitRate { get; init; } = BitRate.FromKilobits(50);

    /// <summary>Never more is sent to one subscriber.</summary>
    public BitRate HighestBitRate { get; init; } = BitRate.FromMegabits(50);

    /// <summary>Only the cameras of so many participants who spoke last are passed on; null: all. Screens always are.</summary>
    public int? LastSpeakers { get; init; }

    /// <summary>Only so many voices are passed on at once, the loudest: nobody understands more, and silence from hundreds is still hundreds of packets.</summary>
    public int AudibleSpeakers { get; init; } = 8;

    /// <summary>Participants may receive what they send themselves: a call of one, to try the way there and back.</summary>
    public bool LoopsBack { get; init; }

    /// <summary>Bytes of packets that are kept for retransmission and pacing, in all. What is beyond is not kept: losses of then are mended by key frames.</summary>
    public long PacketMemory { get; init; } = 256L << 20;
}
