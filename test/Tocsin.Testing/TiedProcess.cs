using System.Diagnostics;
using System.Globalization;

namespace Tocsin.Testing;

/// <summary>A program that knows nothing of tests and yet cannot outlive them: it ends when this is disposed of, and when the test process dies, SIGKILL included.</summary>
/// <remarks>
/// A shell stands between. It reads a pipe whose write end only this process has; when that closes, however it closes, the shell ends the program's whole
/// process group. (PR_SET_PDEATHSIG would not do: it fires when the *thread* that started the child ends, and pool threads come and go.)
/// </remarks>
public sealed class TiedProcess : IAsyncDisposable
{
    // $1: signal that asks the program to stop. $2: directory to remove afterwards, or empty. $3: its niceness, or empty. The rest: the program.
    // Where sessions share the processors as groups (sched(7), autogroup), niceness counts within one only, and the group's own among groups. Whoever may not lower either goes on as they are.
    // 147 is of SIGSTOP: a program that stands still for a while has not ended. One that stood still already when it was waited for is told at once, "-f" or not.
    // "set -m" gives the program its own process group, so that what it started ends with it. The shell's own words about its jobs go nowhere.
    internal const string Guard = """
        set -m
        signal=$1 directory=$2 niceness=$3; shift 3
        exec 3<&0 4>&2 2>/dev/null
        [ -z "$niceness" ] || { echo "$niceness" >/proc/self/autogroup; nice -n "$niceness" true 2>&1 | grep -q . || set -- nice -n "$niceness" "$@"; }
        "$@" 2>&4 3<&- 4>&- </dev/null & program=$!
        echo "guarding $program"
        ( exec 4>&- >/dev/null; cat <&3; kill -s "$signal" -- "-$program"; sleep 10; kill -s KILL -- "-$program" ) & watch=$!
        until wait -f "$program"; status=$?; [ "$status" -ne 147 ]; do sleep 0.05; done
        kill -s KILL -- "-$program"
        kill -s KILL -- "-$watch"
        [ -z "$directory" ] || rm -rf -- "$directory"
        exit "$status"
        """;

    // The guard gives a program ten seconds and then kills it; to remove a database's directory takes a busy disk longer than tests wait for a moment.
    private static readonly TimeSpan endLimit = TimeSpan.FromMinutes(2);

    private readonly ChildProcess guard;

    private TiedProcess(ChildProcess guard, int processId)
    {
        this.guard = guard;
        ProcessId = processId;
    }

    /// <summary>The program's own process id (and process group), for tests that signal it.</summary>
    public int ProcessId { get; }

    /// <inheritdoc cref="ChildProcess.Output"/>
    public string Output => guard.Output;

    /// <param name="program">Found in PATH.</param>
    /// <param name="stopSignal">What asks it to stop, without SIG. It is killed 10 seconds later if it has not.</param>
    /// <param name="removedAfterwards">A directory to delete once it has ended, even if the tests crashed.</param>
    /// <param name="niceness">From -20, which comes before all else, to 19 (nice(1)); null: as the tests. Below their own takes a right that may be missing: then it is as theirs.</param>
    public static async Task<TiedProcess> StartAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? directory = null,
        string stopSignal = "TERM",
        string? removedAfterwards = null,
        int? niceness = null)
    {
        string[] guarded = ["-c", Guard, "guard", stopSignal, removedAfterwards ?? "", niceness?.ToString(CultureInfo.InvariantCulture) ?? "", program, .. arguments];

        // A session of its own, with nothing else in its group.
        var shell = niceness is null
            ? ChildProcess.Start("/bin/bash", guarded, directory, environment)
            : ChildProcess.Start("setsid", ["/bin/bash", .. guarded], directory, environment);
        var started = await shell.WaitForLineAsync("^guarding (?<id>[0-9]+)$");
        return new TiedProcess(shell, int.Parse(started.Groups["id"].ValueSpan, CultureInfo.InvariantCulture));
    }

    /// <inheritdoc cref="ChildProcess.WaitForLineAsync"/>
    public Task<System.Text.RegularExpressions.Match> WaitForLineAsync(string pattern, TimeSpan? within = null) => guard.WaitForLineAsync(pattern, within);

    /// <summary>Sends a signal (its name without SIG) to the program and all that it started.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("/bin/kill", ["-s", signal, "--", string.Create(CultureInfo.InvariantCulture, $"-{ProcessId}")]);
        kill.WaitForExit();
    }

    /// <summary>Waits until the program has ended.</summary>
    /// <param name="within">Null: as long as tests wait for anything.</param>
    /// <returns>Its exit code, or 128 plus the number of the signal that ended it.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan? within = null)
    {
        await guard.WaitForExitAsync(within);
        return guard.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        guard.CloseInput();
        await guard.EndsAsync(endLimit);
        await guard.DisposeAsync();
    }
}
