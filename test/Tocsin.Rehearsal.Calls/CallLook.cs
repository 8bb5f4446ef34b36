using System.Globalization;

namespace Tocsin.Rehearsal.Calls;

/// <summary>What somebody's browser says of a call at one moment: what is on the page, and the statistics of WebRTC (W3C webrtc-stats).</summary>
/// <param name="At">Milliseconds since the page was opened.</param>
/// <param name="InCall">The page of the call is there, whole.</param>
public sealed record CallLook(double At, bool InCall, IReadOnlyList<Tile> Tiles, IReadOnlyList<ReceivedStream> Received, IReadOnlyList<SentStream> Sent, IReadOnlyList<MediaPath> Paths)
{
    public IEnumerable<ReceivedStream> Videos => Received.Where(stream => stream.Kind == "video");

    public IEnumerable<ReceivedStream> Voices => Received.Where(stream => stream.Kind == "audio");

    /// <summary>The video that a tile shows.</summary>
    public ReceivedStream? VideoOf(string name) => Tiles.FirstOrDefault(tile => tile.Name == name) is { Track.Length: > 0 } tile ? Received.FirstOrDefault(stream => stream.Track == tile.Track) : null;

    /// <summary>The voice of whoever a tile shows.</summary>
    public ReceivedStream? VoiceOf(string name) => VideoOf(name) is { } video ? Voices.FirstOrDefault(stream => stream.From == video.From) : null;

    public override string ToString() => $"{(InCall ? "in the call" : "not in the call")}; tiles: {string.Join(", ", Tiles.Select(tile => tile.ToString()))}\n{string.Join('\n', Received)}\n{string.Join('\n', Sent)}\n{string.Join('\n', Paths)}";
}

/// <summary>One face or screen on the page.</summary>
public sealed record Tile(string Name, string Track, bool Speaks, IReadOnlyList<string> Marks)
{
    public override string ToString() => $"{Name}{(Speaks ? " (speaks)" : "")}{(Track.Length == 0 ? " (no picture)" : "")}{(Marks.Count > 0 ? $" [{string.Join(", ", Marks)}]" : "")}";
}

/// <summary>A stream that comes (RTCInboundRtpStreamStats).</summary>
/// <param name="From">The participant and what it shows, as the client names streams.</param>
public sealed record ReceivedStream(
    string From,
    string Track,
    string Kind,
    long Packets,
    long Lost,
    long Frames,
    int Width,
    double Energy,
    double Samples,
    double Concealed,
    double SilentlyConcealed,
    int Freezes,
    double FrozenSeconds,
    long Bytes,
    long Retransmitted,
    int KeyFrames,
    int KeyFramesAsked,
    int Nacks,
    string Codec = "")
{
    /// <summary>Samples that were made up because what should have been played had not come, where it was not silence.</summary>
    public double Invented => Concealed - SilentlyConcealed;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"  receives {Kind} {Codec} of {From[..Math.Min(8, From.Length)]}: {Packets} packets, {Lost} lost, {Retransmitted} again, {Frames} frames ({KeyFrames} key, {KeyFramesAsked} asked), {Width} wide, energy {Energy:0.0000}, {Concealed:0} of {Samples:0} samples concealed ({SilentlyConcealed:0} silently), {Freezes} freezes of {FrozenSeconds:0.0} s, {Nacks} NACKs, {Bytes} B");
}

/// <summary>A stream that goes (RTCOutboundRtpStreamStats).</summary>
public sealed record SentStream(string Kind, string Rid, long Frames, int Width, long Bytes, int Nacks, double Target, bool Active, string Limited, string Codec = "", string Layers = "")
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"  sends {Kind} {Codec} {Layers}{Rid}: {Frames} frames, {Width} wide, {Bytes} B, {Nacks} NACKs, target {Target / 1000:0} kbit/s{(Active ? "" : ", off")}, limited by {Limited}");
}

/// <summary>Where nothing moved, or nothing was there, in somebody's picture.</summary>
/// <param name="Longest">Milliseconds between two pictures.</param>
/// <param name="Emptied">How often there was none at all.</param>
public sealed record PictureHole(double Longest, int Emptied);

/// <summary>How media go (the selected RTCIceCandidatePairStats).</summary>
public sealed record MediaPath(string Protocol, double RoundTrip, double Available, string State)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"  path {Protocol}, {RoundTrip * 1000:0} ms there and back, {Available / 1000:0} kbit/s out, {State}");
}
