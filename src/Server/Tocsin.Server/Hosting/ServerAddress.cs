using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Tocsin.Server.Hosting;

/// <summary>The address that people's links begin with, known once the server listens.</summary>
internal sealed class ServerAddress(TocsinOptions options, IServer? server)
{
    /// <summary>As configured, for a command beside the server.</summary>
    public static ServerAddress Configured(TocsinOptions options) => new(options, null);

    /// <summary>Without a trailing slash. <c>localhost</c> rather than 127.0.0.1, because passkeys need a name.</summary>
    public Uri Public => options.PublicUrl is { } url ? new Uri(url.TrimEnd('/')) : OnThisMachine;

    /// <summary>Where this machine reaches it, whatever name it goes by outside.</summary>
    public Uri OnThisMachine
    {
        get
        {
            var bound = server?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
            var scheme = options.Tls.Certificate is null ? "http" : "https";
            var port = bound is null ? options.Port : BindingPort(bound);
            return new Uri($"{scheme}://localhost:{port}");
        }
    }

    private static int BindingPort(string address) => BindingAddress.Parse(address).Port;
}
