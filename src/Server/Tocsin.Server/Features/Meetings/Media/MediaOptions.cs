using System.Net;
using Tocsin.Media.Host;

namespace Tocsin.Server.Features.Meetings.Media;

/// <summary>Where calls come in. Each property is a key under <c>media</c>.</summary>
internal sealed class MediaOptions
{
    /// <summary>Off: alerts and everything else go on, meetings are refused.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>IP address to receive at, or <c>*</c>; absent: as the server's <c>address</c>.</summary>
    public string? Address { get; set; }

    /// <summary>UDP port, 0 for any free one; absent: the number of the server's own port.</summary>
    public int? Port { get; set; }

    /// <summary>TCP port for clients whose network lets no UDP out; absent: the next after <see cref="Port"/>.</summary>
    public int? TcpPort { get; set; }

    /// <summary>Off: only UDP.</summary>
    public bool Tcp { get; set; } = true;

    /// <summary>Media threads, each with meetings of its own; absent: one for each core.</summary>
    public int? Threads { get; set; }

    /// <summary>
    /// IP addresses that participants are told, the preferred first; needed behind address translation. Absent: where it receives, or each address of this machine.
    /// </summary>
    public IList<string> Addresses { get; } = [];

    /// <summary>Errors as sentences for the administrator.</summary>
    public IEnumerable<string> FindErrors()
    {
        if (Address is { } address && address != "*" && !IPAddress.TryParse(address, out _)) yield return $"media.address: '{address}' is neither an IP address nor '*'.";
        if (Port is < 0 or > 65535) yield return $"media.port: {Port} is not a port (0 to 65535).";
        if (TcpPort is < 0 or > 65535) yield return $"media.tcpPort: {TcpPort} is not a port (0 to 65535).";
        if (Threads is < 1 or > MediaHost.MaximumThreads) yield return $"media.threads: {Threads} is not a number of threads (1 to {MediaHost.MaximumThreads}).";
        foreach (var advertised in Addresses)
        {
            if (!IPAddress.TryParse(advertised, out var parsed) || parsed.Equals(IPAddress.Any) || parsed.Equals(IPAddress.IPv6Any)) yield return $"media.addresses: '{advertised}' is not an IP address that others can reach.";
        }

        if (Addresses.Count > 16) yield return "media.addresses: at most 16; each makes joining slower.";
    }
}
