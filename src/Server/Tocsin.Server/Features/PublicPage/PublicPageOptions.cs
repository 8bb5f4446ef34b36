namespace Tocsin.Server.Features.PublicPage;

/// <summary>Where the public page goes. Each property is a key under <c>publicPage</c>.</summary>
internal sealed class PublicPageOptions
{
    /// <summary>Directory that its files are written into at each publication, for a web host to serve; absent: none.</summary>
    public string? Directory { get; set; }

    /// <summary>Serve it under <c>/public/</c>, too. Off: nothing of it is reachable here.</summary>
    public bool Serve { get; set; }

    /// <summary>The address under which people find it, for the feed: <c>https://info.example.org/</c>; absent: the server's own, under <c>/public/</c>.</summary>
    public string? Address { get; set; }

    public IEnumerable<string> FindErrors()
    {
        if (Address is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return $"publicPage.address: '{address}' is not an http(s) address.";
    }
}
