using System.Net;
using System.Net.Sockets;
using System.Text;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Forwarding.Parameters;
using Tocsin.Media.Wire.Rtp;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>As much SDP as it takes to talk to Janus: the client is the active end of DTLS, and what it receives it takes as it is offered.</summary>
/// <remarks>RFC 8866, RFC 8829.</remarks>
internal static class SessionDescription
{
    public static string OfferOf(Track track, ClientEnd client)
    {
        var sdp = Begin();
        AddMedia(sdp, track.Kind, track.PayloadType, "0", client);
        sdp.Append("a=sendonly\r\n");
        sdp.Append($"a=extmap:{Track.TransportNumberId} {HeaderExtensionUri.TransportSequenceNumber}\r\n");
        sdp.Append($"a=msid:bench bench{track.Ssrc}\r\na=ssrc:{track.Ssrc} cname:bench\r\n");
        return sdp.ToString();
    }

    /// <summary>Takes everything that is offered.</summary>
    public static string AnswerTo(string offer, MediaKind kind, ClientEnd client)
    {
        var sdp = Begin();
        var payloadType = (byte)0;
        var mids = new List<string>();
        foreach (var line in LinesOf(offer))
        {
            if (line.StartsWith("m=", StringComparison.Ordinal))
                payloadType = byte.Parse(line.Split(' ')[3]);
            if (!line.StartsWith("a=mid:", StringComparison.Ordinal))
                continue;
            mids.Add(line["a=mid:".Length..]);
            AddMedia(sdp, kind, payloadType, mids[^1], client);
            sdp.Append("a=recvonly\r\n");
        }

        return sdp.ToString().Replace("a=group:BUNDLE 0", $"a=group:BUNDLE {string.Join(' ', mids)}", StringComparison.Ordinal);
    }

    public static ServerEnd ReadServerEnd(string description)
    {
        var lines = LinesOf(description);
        var fingerprint = Value("a=fingerprint:").Split(' ');
        if (!DtlsFingerprint.TryParse(fingerprint[0], fingerprint[1], out var certificate))
            throw new InvalidOperationException($"no fingerprint that is understood: {fingerprint[0]}");
        var credentials = new IceCredentials(Value("a=ice-ufrag:"), Value("a=ice-pwd:"));
        var address = lines.Where(line => line.StartsWith("a=candidate:", StringComparison.Ordinal)).Select(AddressOf).First(end => end is not null)!;
        return new ServerEnd(credentials, address, certificate!);
        string Value(string name) => Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? throw new InvalidOperationException($"no {name}");
    }

    /// <summary>Null for other transports than UDP over IPv4.</summary>
    private static IPEndPoint? AddressOf(string candidate)
    {
        var fields = candidate.Split(' ');
        var isOurs = fields[1] == "1" && fields[2].Equals("udp", StringComparison.OrdinalIgnoreCase);
        return isOurs && IPAddress.TryParse(fields[4], out var address) && address.AddressFamily == AddressFamily.InterNetwork ? new IPEndPoint(address, int.Parse(fields[5])) : null;
    }

    private static StringBuilder Begin() => new("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=msid-semantic: WMS *\r\n");

    private static void AddMedia(StringBuilder sdp, MediaKind kind, byte payloadType, string mid, ClientEnd client)
    {
        var (name, format) = kind == MediaKind.Audio ? ("audio", "opus/48000/2") : ("video", "VP8/90000");
        sdp.Append($"m={name} 9 UDP/TLS/RTP/SAVPF {payloadType}\r\nc=IN IP4 127.0.0.1\r\na=mid:{mid}\r\na=rtcp-mux\r\n");
        sdp.Append($"a=ice-ufrag:{LoadClient.UsernameFragment}\r\na=ice-pwd:{LoadClient.Password}\r\na=fingerprint:{DtlsFingerprint.Algorithm} {client.Fingerprint}\r\na=setup:active\r\n");
        sdp.Append($"a=candidate:1 1 udp 2130706431 127.0.0.1 {client.Port} typ host\r\na=end-of-candidates\r\na=rtpmap:{payloadType} {format}\r\n");
        if (kind == MediaKind.Video)
            sdp.Append($"a=rtcp-fb:{payloadType} nack\r\na=rtcp-fb:{payloadType} nack pli\r\na=rtcp-fb:{payloadType} ccm fir\r\n");
        sdp.Append($"a=rtcp-fb:{payloadType} transport-cc\r\n");
    }

    private static string[] LinesOf(string description) => description.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries);
}
