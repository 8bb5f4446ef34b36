using Tocsin.Server.Features.Channels;
using Tocsin.Storage;

namespace Tocsin.Server.Hosting;

/// <summary>Reads and checks the configuration at start. Errors are sentences for the administrator, all at once.</summary>
internal static class ConfigurationReader
{
    /// <param name="file">Configuration file, or null: <c>tocsin.json</c> of the working directory where there is one.</param>
    /// <param name="flags">Key to value, as given on the command line; they win.</param>
    public static ConfigurationResult Read(string? file, IReadOnlyDictionary<string, string?> flags)
    {
        ArgumentNullException.ThrowIfNull(flags);
        if (file is not null && !File.Exists(file)) return ConfigurationResult.Refused($"The configuration file {file} does not exist.");
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(file ?? "tocsin.json"), optional: true)
                .AddEnvironmentVariables("TOCSIN_")
                .AddInMemoryCollection(flags)
                .Build();
            var options = new TocsinOptions();
            configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            var errors = Check(options);
            return errors.Count == 0 ? new ConfigurationResult(options, configuration, []) : ConfigurationResult.Refused([.. errors]);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or FormatException)
        {
            return ConfigurationResult.Refused(exception.InnerException is { } inner ? $"{exception.Message} ({inner.Message})" : exception.Message);
        }
    }

    private static List<string> Check(TocsinOptions options)
    {
        var errors = new List<string>();
        if (options.MaximumConnections < 1) errors.Add("maximumConnections: at least 1 is expected.");
        if (options.Port is < 0 or > 65535) errors.Add($"port: {options.Port} is not a port (0 to 65535).");
        if (options.Address != "*" && !System.Net.IPAddress.TryParse(options.Address, out _)) errors.Add($"address: '{options.Address}' is neither an IP address nor '*'.");
        if (options.Database is { } database && !DatabaseOptions.TryParse(database, out _)) errors.Add("database: expected postgres://user:password@host:port/database.");
        if (options.PublicUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")) errors.Add($"publicUrl: '{url}' is not an http(s) address.");
        if (options.Metrics.OtlpEndpoint is { } otlp && !Uri.TryCreate(otlp, UriKind.Absolute, out _)) errors.Add($"metrics.otlpEndpoint: '{otlp}' is not an address.");
        if (options.CarrierLab is { } lab && !(Uri.TryCreate(lab, UriKind.Absolute, out var page) && page.IsLoopback)) errors.Add($"carrierLab: '{lab}' is not an address of this machine.");
        if ((options.Tls.Certificate is null) != (options.Tls.Key is null)) errors.Add("tls: certificate and key go together.");
        errors.AddRange(new[] { options.Tls.Certificate, options.Tls.Key }.Where(path => path is not null && !File.Exists(path)).Select(path => $"tls: the file {path} does not exist."));
        errors.AddRange(options.TrustedProxies.Where(proxy => !System.Net.IPAddress.TryParse(proxy, out _)).Select(proxy => $"trustedProxies: '{proxy}' is not an IP address."));
        errors.AddRange(ChannelConfiguration.FindErrors(options));
        errors.AddRange(options.Retention.FindErrors());
        errors.AddRange(options.Media.FindErrors());
        errors.AddRange(options.Files.FindErrors());
        errors.AddRange(options.PublicPage.FindErrors());
        return errors;
    }
}

/// <param name="Options">Null when refused.</param>
internal sealed record ConfigurationResult(TocsinOptions? Options, IConfiguration? Configuration, IReadOnlyList<string> Errors)
{
    public static ConfigurationResult Refused(params string[] errors) => new(null, null, errors);
}
