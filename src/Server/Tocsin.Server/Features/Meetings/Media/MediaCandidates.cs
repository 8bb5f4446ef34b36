using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Tocsin.Server.Features.Meetings.Signalling;

namespace Tocsin.Server.Features.Meetings.Media;

/// <summary>Host candidates of an ICE-lite server.</summary>
/// <remarks>RFC 8445 section 5.1.2.1, RFC 6544 section 4.2. Of one component, and stated, not gathered.</remarks>
internal static class MediaCandidates
{
    private const uint HostPreference = 126;
    private const uint Component = 1;

    // Above any TCP candidate, whatever the order of addresses: TCP is for who has nothing else.
    private const uint UdpPreference = 65_535;
    private const uint TcpPreference = 32_767;

    public static IReadOnlyList<IceCandidate> Of(IReadOnlyList<IPAddress> addresses, int udpPort, int? tcpPort)
    {
        var udp = addresses.Select((address, i) => Candidate(address, i, "udp", udpPort, UdpPreference, null));
        return tcpPort is { } port ? [.. udp, .. addresses.Select((address, i) => Candidate(address, i, "tcp", port, TcpPreference, "passive"))] : [.. udp];
    }

    /// <summary>As configured; else where it receives; else each address by which this machine can be reached.</summary>
    public static IReadOnlyList<IPAddress> Advertised(MediaOptions options, IPAddress bound)
    {
        if (options.Addresses.Count > 0) return [.. options.Addresses.Select(IPAddress.Parse)];
        if (!bound.Equals(IPAddress.Any) && !bound.Equals(IPAddress.IPv6Any)) return [bound];
        var own = NetworkInterface.GetAllNetworkInterfaces().Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address)
            .Where(address => !address.IsIPv6LinkLocal && (address.AddressFamily == AddressFamily.InterNetwork || bound.AddressFamily == AddressFamily.InterNetworkV6))
            .OrderBy(address => IPAddress.IsLoopback(address)).ThenBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).ToList();
        var reachable = own.Where(address => !IPAddress.IsLoopback(address)).Take(8).ToList();
        return reachable.Count > 0 ? reachable : [IPAddress.Loopback];
    }

    private static IceCandidate Candidate(IPAddress address, int index, string protocol, int port, uint preference, string? tcpType)
    {
        var text = address.ToString();
        return new($"{protocol}{index}", (HostPreference << 24) | ((preference - (uint)index) << 8) | (256 - Component), text, text, protocol, port, "host", tcpType);
    }
}
