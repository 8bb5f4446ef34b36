namespace Tocsin.Testing.Networks;

/// <summary>
/// A server's network and sites from where people reach it, each a namespace with one cable and a default route, and no way out. Firefox needs such: it pairs with no candidate of
/// the loopback interface. The server has one address for all of them.
/// </summary>
public sealed class TestNetwork : IAsyncDisposable
{
    /// <summary>RFC 5737: for documentation, nobody's.</summary>
    public const string ServerAddress = "198.51.100.1";

    private readonly List<NetworkSite> sites = [];

    private TestNetwork(NetworkNamespace server) => Server = server;

    public NetworkNamespace Server { get; }

    /// <exception cref="InvalidOperationException">The system does not let us; the message says what to do.</exception>
    public static async Task<TestNetwork> CreateAsync()
    {
        var network = new TestNetwork(await NetworkNamespace.CreateAsync());
        await network.Server.IpAsync($"address add {ServerAddress}/32 dev lo");
        return network;
    }

    /// <summary>A site whose cable is as good as the machine.</summary>
    public async Task<NetworkSite> AddSiteAsync()
    {
        var (inside, near) = (await NetworkNamespace.CreateAsync(), $"site{sites.Count}");
        var site = Add(new NetworkSite(inside, null));
        await Server.IpAsync($"link add name {near} type veth peer name cable netns {inside.ProcessId}");
        await ConnectAsync(site, near);
        return site;
    }

    /// <summary>A site at the end of a line that can be made bad. It begins perfect.</summary>
    public async Task<NetworkSite> AddFarSiteAsync(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var (inside, near) = (await NetworkNamespace.CreateAsync(), $"site{sites.Count}");
        var site = Add(new NetworkSite(inside, new ImpairedLine(TunDevice.Create(Server, near), TunDevice.Create(inside, "cable"), random)));
        await ConnectAsync(site, near);
        return site;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var site in sites) await site.DisposeAsync();
        await Server.DisposeAsync();
    }

    private NetworkSite Add(NetworkSite site)
    {
        sites.Add(site);
        return site;
    }

    private async Task ConnectAsync(NetworkSite site, string near)
    {
        var network = $"10.77.{sites.Count}";
        // An address that the system gives itself (IPv6, link-local) is there a second or two after the cable: Chromium then ends what it is loading (ERR_NETWORK_CHANGED).
        await Server.IpAsync($"link set {near} addrgenmode none");
        await site.Inside.IpAsync("link set cable addrgenmode none");
        await Server.IpAsync($"address add {network}.1/24 dev {near}");
        await Server.IpAsync($"link set {near} up");
        await site.Inside.IpAsync($"address add {network}.2/24 dev cable");
        await site.Inside.IpAsync("link set cable up");
        await site.Inside.IpAsync($"route add default via {network}.1 dev cable");
    }
}
