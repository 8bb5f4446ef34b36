using System.Globalization;
using System.Text;

namespace Tocsin.Alerting.Channels.Sms;

/// <summary>How long the carrier is to keep trying.</summary>
/// <remarks>SMPP 3.4 section 7.1.1.2: relative time, YYMMDDhhmmss000R. Relative, because the carrier's clock and zone are not ours.</remarks>
internal static class ValidityPeriod
{
    public const int Size = 16;

    /// <summary>Longer than any alert is of use, and within what carriers accept.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public static void Write(TimeSpan remaining, Span<byte> destination)
    {
        var seconds = TimeSpan.FromSeconds(Math.Ceiling(Math.Clamp(remaining.TotalSeconds, 1, Longest.TotalSeconds)));
        Span<char> text = stackalloc char[Size];
        text.TryWrite(CultureInfo.InvariantCulture, $"0000{seconds.Days:00}{seconds.Hours:00}{seconds.Minutes:00}{seconds.Seconds:00}000R", out _);
        Encoding.ASCII.GetBytes(text, destination);
    }
}
