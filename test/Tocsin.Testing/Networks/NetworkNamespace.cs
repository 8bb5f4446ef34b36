using System.Diagnostics;
using System.Globalization;

namespace Tocsin.Testing.Networks;

/// <summary>A network namespace without a name (network_namespaces(7)): it lasts as long as this object, and what runs in it ends with it.</summary>
public sealed class NetworkNamespace : IAsyncDisposable
{
    private readonly TiedProcess holder;

    private NetworkNamespace(TiedProcess holder) => this.holder = holder;

    /// <summary>What setns(2) and <c>nsenter</c> take.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/proc/{holder.ProcessId}/ns/net");

    internal int ProcessId => holder.ProcessId;

    /// <exception cref="InvalidOperationException">This system lets nobody make one; the message says what to do.</exception>
    public static async Task<NetworkNamespace> CreateAsync()
    {
        var holding = await TiedProcess.StartAsync("unshare", ["--net", "--", "sh", "-c", "PATH=\"$PATH:/usr/sbin:/sbin\"; ip link set lo up && echo ready && exec sleep infinity"], stopSignal: "KILL");
        try
        {
            await holding.WaitForLineAsync("^ready$");
        }
        catch (InvalidOperationException refused)
        {
            throw new InvalidOperationException("Calls over a network of their own need network namespaces: run these tests as root, or through eng/no-network.", refused);
        }

        return new NetworkNamespace(holding);
    }

    /// <summary>A command that runs inside.</summary>
    public (string Program, string[] Arguments) Inside(string program, params string[] arguments) => ("nsenter", [$"--net={Path}", "--", program, .. arguments]);

    /// <summary>Runs a command of <c>ip</c> (ip(8)) inside.</summary>
    public async Task IpAsync(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var (program, arguments) = Inside("ip", command.Split(' '));
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        using var running = Process.Start(start)!;
        var complaint = await running.StandardError.ReadToEndAsync();
        await running.WaitForExitAsync();
        if (running.ExitCode != 0) throw new InvalidOperationException($"ip {command}: {complaint}");
    }

    public ValueTask DisposeAsync()
    {
        KillThoseInside();
        return holder.DisposeAsync();
    }

    /// <summary>A namespace lasts for as long as anything runs in it: a browser that does not end by itself would keep it, and what waits for it.</summary>
    private void KillThoseInside()
    {
        var here = LinkOf("self");
        if (LinkOf(holder.ProcessId.ToString(CultureInfo.InvariantCulture)) is not { } inside || inside == here) return;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            var name = System.IO.Path.GetFileName(directory);
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == holder.ProcessId || LinkOf(name) != inside) continue;
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It has ended meanwhile.
            }
        }
    }

    private static string? LinkOf(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/net").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
