using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Tocsin.Testing;

/// <summary>A real PostgreSQL with a cluster of its own in a temporary directory, on a loopback port. It ends, and its directory goes, with the test process.</summary>
/// <remarks>Durability against power cuts is off (fsync), nothing else: transactions, locks, NOTIFY and crash recovery of the process are the real ones.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string UserName = "tocsin";
    private const int IdleSeconds = 3;

    // initdb starts a server of its own, several times: on a machine that does much else, longer than a moment.
    private static readonly TimeSpan startLimit = TimeSpan.FromMinutes(2);

    private static readonly Lazy<Task<PostgresServer>> sharedServer = new(() => StartAsync());

    private static int databaseCount;

    private readonly TiedProcess process;

    private PostgresServer(TiedProcess process, int port)
    {
        this.process = process;
        Port = port;
    }

    /// <summary>The one server of this test assembly, started when first asked for. Tests keep apart by taking a database each.</summary>
    public static Task<PostgresServer> Shared => sharedServer.Value;

    public int Port { get; }

    /// <summary>Starts a server of the caller's own, for tests that stop or kill it.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        // The port is free when looked for, but only PostgreSQL's own bind decides.
        for (var attempt = 1; ; attempt++)
        {
            var port = LoopbackPort.Free();
            var started = await StartProcessAsync(port);
            try
            {
                await started.WaitForLineAsync("database system is ready to accept connections$", startLimit);
                return new PostgresServer(started, port);
            }
            catch (InvalidOperationException) when (attempt < 5 && started.Output.Contains("could not bind", StringComparison.Ordinal))
            {
                await started.DisposeAsync();
            }
        }
    }

    /// <summary>Creates an empty database with a name of its own.</summary>
    /// <returns>Its connection string in Npgsql's form.</returns>
    public Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default) => CopyDatabaseAsync("template0", cancellationToken);

    /// <summary>Creates a copy of a database, to which nobody may be connected meanwhile, with a name of its own.</summary>
    /// <returns>Its connection string in Npgsql's form.</returns>
    public async Task<string> CopyDatabaseAsync(string template, CancellationToken cancellationToken = default)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref databaseCount)}");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres", pooling: false));
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names that are made above; identifiers cannot be parameters.
        command.CommandText = $"CREATE DATABASE {name} TEMPLATE {template}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionString(name, pooling: true);
    }

    /// <summary>The form that <c>--database</c> takes: <c>postgres://user@host:port/name</c>.</summary>
    public static string AsUrl(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return string.Create(CultureInfo.InvariantCulture, $"postgres://{parts.Username}@{parts.Host}:{parts.Port}/{parts.Database}?Connection%20Idle%20Lifetime={IdleSeconds}&Connection%20Pruning%20Interval={IdleSeconds}");
    }

    /// <summary>Sends a signal (its name without SIG) to every process of the server: KILL is a crash, STOP a server that no longer answers.</summary>
    public void Signal(string signal) => process.Signal(signal);

    /// <summary>Processor time of the server and of everything it started, what has ended included.</summary>
    public TimeSpan ProcessorTime()
    {
        // /proc/PID/stat counts in hundredths of a second. Behind the name, which may hold anything and ends with the last parenthesis: state, parent,
        // ..., and from the 12th on what the process used itself and what its children did that have ended.
        var hundredths = 0L;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) || ReadStat(directory) is not { } stat) continue;
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (id != process.ProcessId && int.Parse(fields[1], CultureInfo.InvariantCulture) != process.ProcessId) continue;
            hundredths += fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        }

        return TimeSpan.FromMilliseconds(hundredths * 10);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static string? ReadStat(string directory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, "stat"));
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return null;
        }
    }

    private string ConnectionString(string database, bool pooling) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = UserName,
        Database = database,
        Pooling = pooling,

        // Every test has a database, and so a pool, of its own: what a finished test leaves open must not keep the next one out.
        ConnectionIdleLifetime = IdleSeconds,
        ConnectionPruningInterval = IdleSeconds,
    }.ConnectionString;

    private static async Task<TiedProcess> StartProcessAsync(int port)
    {
        var binaries = FindBinaries();
        var directory = Directory.CreateTempSubdirectory("tocsin-postgres-").FullName;
        await MakeClusterAsync(binaries, directory);
        string[] command =
        [
            .. AsOrdinaryUser(), Path.Combine(binaries, "postgres"), "-D", Path.Combine(directory, "cluster"),
            "-c", string.Create(CultureInfo.InvariantCulture, $"port={port}"), "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={directory}",
            "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=600", "-c", "shared_buffers=64MB", "-c", "jit=off", "-c", "lc_messages=C",
        ];
        // SIGQUIT is PostgreSQL's immediate shutdown: it waits for no client.
        return await TiedProcess.StartAsync("env", command, stopSignal: "QUIT", removedAfterwards: directory);
    }

    private static async Task MakeClusterAsync(string binaries, string directory)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync(["chown", OrdinaryUser, directory]);
        }

        await RunAsync(
            [
                .. AsOrdinaryUser(), Path.Combine(binaries, "initdb"), "-D", Path.Combine(directory, "cluster"), "-U", UserName,
                "--auth=trust", "--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C.UTF-8",
            ]);
    }

    // PostgreSQL refuses to run as root. nobody is on every system; the cluster is the only thing it is given.
    private const string OrdinaryUser = "nobody";

    private static IEnumerable<string> AsOrdinaryUser() => Environment.IsPrivilegedProcess
        ? ["setpriv", $"--reuid={OrdinaryUser}", "--clear-groups", "--"]
        : [];

    private static async Task RunAsync(string[] command)
    {
        await using var tool = await TiedProcess.StartAsync("env", command);
        var status = await tool.WaitForExitAsync(startLimit);
        if (status != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {status}:\n{tool.Output}");
        }
    }

    private static string FindBinaries()
    {
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => version, StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
                : []);
        return directories.FirstOrDefault(directory => File.Exists(Path.Combine(directory, "initdb")))
            ?? throw new InvalidOperationException("PostgreSQL is not installed: run ./dev setup");
    }
}
