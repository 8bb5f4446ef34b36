namespace Tocsin.Media.Forwarding.Parameters;

/// <summary>Which codec the cameras of a meeting are best sent in: the first of a few that every device decodes.</summary>
public static class VideoCodecChoice
{
    private const string Base = "video/VP8";

    /// <summary>VP9 has all sizes in one stream, for some two thirds of what VP8 takes. H264 is for devices that have nothing else. AV1 costs a laptop more than a call is worth.</summary>
    private static readonly string[] Preferred = ["video/VP9", Base, "video/H264"];

    /// <summary>Before anybody said what they decode.</summary>
    public static string First => Preferred[0];

    /// <summary>
    /// The codec from now on. It only ever falls: each change costs everybody a key frame and, for a while, both streams. Where no codec is left that all decode, it is VP8, which most do.
    /// </summary>
    /// <param name="now">What was chosen before.</param>
    /// <param name="devices">Of all whose device is known.</param>
    public static string Choose(string now, IReadOnlyCollection<RtpCapabilities> devices)
    {
        for (var index = Math.Max(0, Array.IndexOf(Preferred, now)); index < Preferred.Length; index++)
        {
            if (devices.All(device => Decodes(device, Preferred[index])))
                return Preferred[index];
        }

        return now == First ? Base : now;
    }

    private static bool Decodes(RtpCapabilities device, string mimeType)
    {
        foreach (var codec in RouterCapabilities.All.Codecs)
        {
            if (codec.MimeType == mimeType)
                return CodecMatching.FindCapability(device, codec.MimeType, codec.ClockRate, codec.Channels, codec.Parameters) is not null;
        }

        return false;
    }
}
