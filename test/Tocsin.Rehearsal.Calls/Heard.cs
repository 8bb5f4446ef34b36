using System.Globalization;

namespace Tocsin.Rehearsal.Calls;

/// <summary>What came to somebody in a period of a call of two.</summary>
/// <param name="InventedShare">Of the samples that were played, those that were made up because nothing had come.</param>
/// <param name="Frames">Pictures decoded.</param>
public sealed record Heard(double Seconds, double InventedShare, long Frames, int Width, int Freezes, double FrozenSeconds, double KilobitsPerSecond, int KeyFramesAsked, int Nacks, double RoundTrip)
{
    public static Heard Between(CallLook before, CallLook after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var seconds = (after.At - before.At) / 1000;
        double Grew(Func<ReceivedStream, double> figure) => after.Received.Sum(figure) - before.Received.Sum(figure);
        return new(
            seconds,
            Grew(stream => stream.Invented) / Math.Max(1, Grew(stream => stream.Samples)),
            (long)Grew(stream => stream.Frames),
            after.Videos.Select(stream => stream.Width).DefaultIfEmpty().Max(),
            (int)Grew(stream => stream.Freezes),
            Grew(stream => stream.FrozenSeconds),
            Grew(stream => stream.Bytes) * 8 / 1000 / seconds,
            (int)Grew(stream => stream.KeyFramesAsked),
            (int)Grew(stream => stream.Nacks),
            after.Paths.Select(path => path.RoundTrip).DefaultIfEmpty().Max());
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{InventedShare * 100:0.0} % of sound made up, {Frames / Seconds:0.0} pictures/s {Width} wide, {Freezes} freezes of {FrozenSeconds:0.0} s, {KilobitsPerSecond:0} kbit/s, {KeyFramesAsked} key frames asked, {Nacks} NACKs, {RoundTrip * 1000:0} ms");
}
