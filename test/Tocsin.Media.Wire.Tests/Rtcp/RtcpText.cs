using System.Text;
using Tocsin.Media.Wire.Rtcp;

namespace Tocsin.Media.Wire.Tests.Rtcp;

/// <summary>What the reader under test reads, in the words of <see cref="NaiveRtcp"/>.</summary>
internal static class RtcpText
{
    public static List<string>? Read(ReadOnlySpan<byte> datagram)
    {
        if (!RtcpCompound.TryParse(datagram, out var compound))
            return null;
        var lines = new List<string>();
        foreach (var packet in compound)
            lines.Add(Describe(packet));
        return lines;
    }

    private static string Describe(in RtcpPacket packet)
    {
        if (SenderReport.TryParse(packet, out var sender))
        {
            var (ssrc, ntp, rtp, packets, octets) = sender.Information;
            return $"SR {ssrc} {ntp >> 32}.{(uint)ntp} {rtp} {packets} {octets}{Reports(sender.Reports)}";
        }

        if (ReceiverReport.TryParse(packet, out var receiver))
            return $"RR {receiver.SenderSsrc}{Reports(receiver.Reports)}";
        if (SourceDescription.TryParse(packet, out var description))
            return Items(description);
        if (Goodbye.TryParse(packet, out var goodbye))
        {
            var text = new StringBuilder("BYE");
            for (var index = 0; index < goodbye.Count; index++)
                text.Append(' ').Append(goodbye[index]);
            return text.ToString();
        }

        return FeedbackMessage.TryParse(packet, out var feedback) ? $"FB {feedback.SenderSsrc} {feedback.MediaSsrc} " + Feedback(feedback) : "?";
    }

    private static string Reports(ReportBlocks reports)
    {
        var text = new StringBuilder();
        for (var index = 0; index < reports.Count; index++)
        {
            var (ssrc, fraction, lost, highest, jitter, last, delay) = reports[index];
            text.Append($" [{ssrc} {fraction} {lost} {highest} {jitter} {last} {delay}]");
        }

        return text.ToString();
    }

    private static string Items(SourceDescription description)
    {
        var text = new StringBuilder("SDES");
        foreach (var item in description)
            text.Append($" {item.Ssrc}:{(int)item.Type}={Convert.ToHexString(item.Text)}");
        return text.ToString();
    }

    private static string Feedback(in FeedbackMessage message)
    {
        switch (message.Kind)
        {
            case FeedbackKind.GenericNack:
                var numbers = new List<ushort>();
                var isNack = GenericNack.TryParse(message, out var nack);
                foreach (var number in nack)
                    numbers.Add(number);
                return isNack ? "NACK " + string.Join(',', numbers) : "?";
            case FeedbackKind.PictureLossIndication:
                return "PLI";
            case FeedbackKind.FullIntraRequest:
                var isFir = FullIntraRequest.TryParse(message, out var fir);
                var entries = new List<string>();
                for (var index = 0; index < fir.Count; index++)
                    entries.Add($"{fir[index].Ssrc}#{fir[index].SequenceNumber}");
                return isFir ? "FIR " + string.Join(',', entries) : "?";
            case FeedbackKind.Application:
                var isRemb = ReceiverEstimatedMaximumBitrate.TryParse(message, out var remb);
                var sources = new List<uint>();
                for (var index = 0; index < remb.Count; index++)
                    sources.Add(remb[index]);
                return isRemb ? $"REMB {remb.BitsPerSecond} " + string.Join(',', sources) : "?";
            case FeedbackKind.TransportWide:
                if (!TransportWideFeedback.TryParse(message, out var feedback))
                    return "?";
                var text = new StringBuilder($"TWCC {feedback.BaseSequenceNumber}+{feedback.StatusCount} {feedback.ReferenceTime64ms} #{feedback.FeedbackNumber}");
                foreach (var (number, time) in feedback)
                    text.Append($" {number}@{time}");
                return text.ToString();
            default:
                return "other";
        }
    }
}
