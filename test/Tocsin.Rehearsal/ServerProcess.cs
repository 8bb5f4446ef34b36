using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Tocsin.Testing;
using Tocsin.Testing.Networks;

namespace Tocsin.Rehearsal;

/// <summary>The real program, <c>tocsin serve</c>, as a process that can be killed and started again on the same data and port.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    // A start takes a second on a quiet machine; a busy one must not fail a rehearsal.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string program;
    private readonly string configuration;
    private readonly NetworkNamespace? inside;
    private TiedProcess? process;

    private ServerProcess(string program, string configuration, int port, NetworkNamespace? inside) =>
        (this.program, this.configuration, Port, this.inside) = (program, configuration, port, inside);

    public int Port { get; }

    /// <summary>In a network of its own it speaks HTTPS, with a certificate that nobody signed: browsers give no camera to less.</summary>
    public Uri Address => new UriBuilder(inside is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, inside is null ? "127.0.0.1" : TestNetwork.ServerAddress, Port).Uri;

    public int ProcessId => process!.ProcessId;

    /// <summary>The executable, for the commands that are run beside the server.</summary>
    public string Executable => program;

    /// <summary>What the running process wrote.</summary>
    public string Output => process!.Output;

    /// <summary>Built in the same configuration as the code that asks.</summary>
    private static readonly string builtBeside = Path.Combine(
        Repository.Root, "src", "Server", "Tocsin.Server", "bin", AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug", "net10.0", "tocsin");

    /// <summary>Variables such as TOCSIN_TEST_SEED are for the tests: the program reads TOCSIN_ as settings, and refuses what is none.</summary>
    private static IEnumerable<string> WithoutOurs() =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("TOCSIN_", StringComparison.OrdinalIgnoreCase)).SelectMany(name => new[] { "-u", name });

    /// <summary>Writes the configuration; starts nothing yet.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="database"><c>postgres://…</c>, or null for SQLite in the data directory.</param>
    /// <param name="channels">The sections of the channels.</param>
    /// <param name="program">The executable; null for the one built beside.</param>
    /// <param name="webRoot">The built web client; null for none.</param>
    /// <param name="network">Where it runs; null: where the tests do.</param>
    public static ServerProcess Prepare(ScratchDirectory data, string? database, IReadOnlyDictionary<string, object> channels, string? program = null, string? webRoot = null, TestNetwork? network = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var port = LoopbackPort.Free();
        var settings = new Dictionary<string, object>(channels, StringComparer.Ordinal) { ["port"] = port, ["data"] = data.Path, ["webRoot"] = webRoot ?? data.File("no-web") };
        if (database is not null) settings["database"] = database;
        if (network is not null) (settings["address"], settings["tls"]) = (TestNetwork.ServerAddress, WriteCertificate(data));
        var path = data.File(string.Create(CultureInfo.InvariantCulture, $"tocsin-{port}.json"));
        File.WriteAllText(path, JsonSerializer.Serialize(settings));
        return new ServerProcess(program ?? builtBeside, path, port, network?.Server);
    }

    /// <summary>Starts the program and returns at once; see <see cref="ListensAsync"/>.</summary>
    public async Task StartAsync()
    {
        string[] arguments = [.. WithoutOurs(), program, "serve", "--config", configuration];
        var (command, given) = inside?.Inside("env", arguments) ?? ("env", arguments);
        process = await TiedProcess.StartAsync(command, given, niceness: Niceness);
    }

    public Task ListensAsync() => process!.WaitForLineAsync("^Tocsin listens at ", StartLimit);

    /// <summary>Waits until it says that it is ready: what it does to make its first alert fast is done.</summary>
    public async Task IsReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var limit = new CancellationTokenSource(StartLimit);
        while (true)
        {
            using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), limit.Token);
            if (answer.IsSuccessStatusCode) return;

            // There is no signal to wait on; asking more often would slow down what is waited for.
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
        }
    }

    /// <summary>Whether the program has ended, by itself or otherwise.</summary>
    public bool HasEnded => process is null || !File.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/stat"));

    /// <summary>Waits until the program has ended.</summary>
    /// <returns>Its exit code, or 128 plus the number of the signal that ended it.</returns>
    public Task<int> WaitForExitAsync() => process!.WaitForExitAsync(StartLimit);

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        // At once, without starting a program to do it: at a moment that somebody chose.
        using (var running = System.Diagnostics.Process.GetProcessById(ProcessId)) running.Kill();
        await process!.WaitForExitAsync();
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Does something while the program stands still (SIGSTOP): its memory is as it was at that moment, however long one looks.</summary>
    public async Task<T> WhileStoppedAsync<T>(Func<Task<T>> doing)
    {
        ArgumentNullException.ThrowIfNull(doing);
        process!.Signal("STOP");
        try
        {
            return await doing();
        }
        finally
        {
            process!.Signal("CONT");
        }
    }

    /// <summary>A field of <c>/proc/PID/status</c> that is in kB, in MiB.</summary>
    public double MemoryMebibytes(string field)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/status")).First(line => line.StartsWith(field + ":", StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>How it shares the processors with others: null as the tests do, less than nothing before them where that is allowed. For the next start.</summary>
    public int? Niceness { get; set; }

    /// <summary>Processor time that the program has used.</summary>
    public TimeSpan ProcessorTime()
    {
        using var running = System.Diagnostics.Process.GetProcessById(ProcessId);
        return running.TotalProcessorTime;
    }

    private static object WriteCertificate(ScratchDirectory data)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tocsin", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(TestNetwork.ServerAddress));
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        var (certificate, keyFile) = (data.File("tls.pem"), data.File("tls.key"));
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return new { certificate, key = keyFile };
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null) await process.DisposeAsync();
    }
}
