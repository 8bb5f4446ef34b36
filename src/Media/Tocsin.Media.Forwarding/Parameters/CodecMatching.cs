using System.Globalization;

namespace Tocsin.Media.Forwarding.Parameters;

/// <summary>Whether two ends that name a codec mean one that the other understands.</summary>
internal static class CodecMatching
{
    /// <remarks>RFC 4585 section 6.2.1.</remarks>
    public static readonly RtcpFeedback Nack = new("nack");

    public const string RetransmissionMimeType = "video/rtx";

    /// <remarks>RFC 4588 section 8.1: the payload type that is retransmitted.</remarks>
    public const string AssociatedPayloadType = "apt";

    public static bool IsRetransmission(string mimeType) => mimeType.EndsWith("/rtx", StringComparison.OrdinalIgnoreCase);

    /// <summary>The router's capability for a codec of a client's, or null.</summary>
    public static RtpCodecCapability? FindCapability(
        RtpCapabilities capabilities, string mimeType, int clockRate, int? channels, IReadOnlyDictionary<string, CodecParameter> parameters)
    {
        foreach (var capability in capabilities.Codecs)
        {
            if (!IsRetransmission(capability.MimeType)
                && AreAlike(capability.MimeType, capability.ClockRate, capability.Channels, capability.Parameters, mimeType, clockRate, channels, parameters))
            {
                return capability;
            }
        }

        return null;
    }

    private static bool AreAlike(
        string mimeType, int clockRate, int? channels, IReadOnlyDictionary<string, CodecParameter> parameters,
        string otherMimeType, int otherClockRate, int? otherChannels, IReadOnlyDictionary<string, CodecParameter> otherParameters)
    {
        if (!mimeType.Equals(otherMimeType, StringComparison.OrdinalIgnoreCase) || clockRate != otherClockRate || (channels ?? 1) != (otherChannels ?? 1))
            return false;
        return mimeType.ToUpperInvariant() switch
        {
            // RFC 6184 section 8.2.2: mode and profile must agree; the level may differ.
            "VIDEO/H264" => NumberOf(parameters, "packetization-mode") == NumberOf(otherParameters, "packetization-mode")
                && IsConstrainedBaseline(parameters) && IsConstrainedBaseline(otherParameters),
            // RFC 9628 section 6: without a profile, 0 is meant.
            "VIDEO/VP9" => NumberOf(parameters, "profile-id") == NumberOf(otherParameters, "profile-id"),
            // RTP Payload Format for AV1 section 7.2.1: without a profile, 0 (Main) is meant.
            "VIDEO/AV1" => NumberOf(parameters, "profile") == NumberOf(otherParameters, "profile"),
            _ => true,
        };
    }

    /// <summary>0 where it is not there or no number.</summary>
    public static long NumberOf(IReadOnlyDictionary<string, CodecParameter> parameters, string name)
    {
        if (!parameters.TryGetValue(name, out var parameter))
            return 0;
        if (parameter.Text is not { } text)
            return parameter.Number;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    /// <remarks>RFC 6184 section 8.1, table 5: three bytes in hexadecimal, profile, constraints and level.</remarks>
    private static bool IsConstrainedBaseline(IReadOnlyDictionary<string, CodecParameter> parameters)
    {
        if (!parameters.TryGetValue("profile-level-id", out var parameter)
            || !int.TryParse(parameter.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var profile))
        {
            return false;
        }

        var (idc, constraints) = (profile >> 16, (profile >> 8) & 0xFF);
        return idc switch
        {
            0x42 => (constraints & 0x40) != 0,
            0x4D => (constraints & 0x80) != 0,
            0x58 => (constraints & 0xC0) == 0xC0,
            _ => false,
        };
    }
}
