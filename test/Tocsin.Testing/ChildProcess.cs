using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Tocsin.Testing;

/// <summary>A program that a test starts, talks to by lines, and ends with everything it started.</summary>
/// <remarks>
/// Its standard input stays open for as long as this process lives: our own scripts end when it closes, so that a killed test run leaves none behind.
/// The last <see cref="KeptLines"/> lines of output are kept for the message of a failure.
/// </remarks>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 2000;

    private readonly Process process;
    private readonly Lock gate = new();
    private readonly Queue<string> lines = new();
    private readonly List<(Regex Pattern, TaskCompletionSource<Match> Found)> waiters = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process)
    {
        this.process = process;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ended.TrySetResult();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>What it wrote to both outputs, for messages.</summary>
    public string Output
    {
        get
        {
            lock (gate)
                return string.Join('\n', lines);
        }
    }

    /// <exception cref="InvalidOperationException">The program is not installed; the message says which.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string? directory = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;

        var started = new Process { StartInfo = start };
        var child = new ChildProcess(started);
        started.OutputDataReceived += (_, line) => child.Take(line.Data);
        started.ErrorDataReceived += (_, line) => child.Take(line.Data);
        try
        {
            started.Start();
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"Cannot start '{program}': is it installed? `./dev setup` installs what the tests need.", error);
        }

        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for a line, written before or after this call, that matches.</summary>
    /// <exception cref="TimeoutException">It was not written in time; the message has the output.</exception>
    public async Task<Match> WaitForLineAsync(string pattern, TimeSpan? within = null)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        var found = new TaskCompletionSource<Match>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            foreach (var line in lines)
            {
                if (regex.Match(line) is { Success: true } match)
                    return match;
            }

            waiters.Add((regex, found));
        }

        var exited = process.WaitForExitAsync();
        var first = await Task.WhenAny(found.Task, exited, Task.Delay(within ?? Eventually.Limit));
        if (first == exited)
        {
            // Its last lines may still be on their way; WaitForExitAsync returns after both outputs have closed.
            if (found.Task.IsCompleted)
                return await found.Task;
            throw new InvalidOperationException($"'{process.StartInfo.FileName}' ended with {process.ExitCode} before writing /{pattern}/:\n{Output}");
        }

        return first == found.Task
            ? await found.Task
            : throw new TimeoutException($"'{process.StartInfo.FileName}' did not write /{pattern}/:\n{Output}");
    }

    public async Task WriteLineAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Closes its standard input, which asks our own scripts to end.</summary>
    public void CloseInput() => process.StandardInput.Close();

    /// <summary>Waits until it has ended and all that it wrote was read.</summary>
    /// <param name="within">Null: as long as tests wait for anything.</param>
    /// <exception cref="TimeoutException">It runs on; the message says what.</exception>
    public Task WaitForExitAsync(TimeSpan? within = null) => WithinAsync(process.WaitForExitAsync(), within ?? Eventually.Limit);

    /// <summary>Waits until it has ended. What it started may live on and hold its outputs, which nobody reads any more.</summary>
    /// <exception cref="TimeoutException">It runs on; the message says what.</exception>
    public Task EndsAsync(TimeSpan within) => WithinAsync(ended.Task, within);

    /// <summary>Ends it at once, as SIGKILL does, with every process it started.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await ended.Task;
        process.Dispose();
    }

    private async Task WithinAsync(Task end, TimeSpan within)
    {
        try
        {
            await end.WaitAsync(within);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"'{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList.TakeLast(3))}' {(process.HasExited ? "has ended, but somebody holds its outputs" : "runs on")} after {within.TotalSeconds:0} s (load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}):\n{Output}", late);
        }
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        lock (gate)
        {
            lines.Enqueue(line);
            if (lines.Count > KeptLines)
                lines.Dequeue();
            for (var i = waiters.Count - 1; i >= 0; i--)
            {
                if (waiters[i].Pattern.Match(line) is not { Success: true } match)
                    continue;
                waiters[i].Found.TrySetResult(match);
                waiters.RemoveAt(i);
            }
        }
    }
}
