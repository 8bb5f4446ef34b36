using System.Globalization;

namespace Tocsin.Testing.Tests;

public sealed class TiedProcessTests
{
    [Fact]
    public async Task The_exit_code_is_the_programs_own()
    {
        await using var process = await TiedProcess.StartAsync("bash", ["-c", "echo it broke >&2; exit 3"]);
        Assert.Equal(3, await process.WaitForExitAsync());
        Assert.Contains("it broke", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_reaches_the_program_and_what_it_started()
    {
        await using var process = await TiedProcess.StartAsync("bash", ["-c", "sleep 600"]);
        process.Signal("KILL");
        Assert.Equal(128 + 9, await process.WaitForExitAsync());
    }

    [Fact]
    public async Task A_program_that_stands_still_for_a_while_has_not_ended()
    {
        // In small steps: a signal that comes just before one long wait begins would be heeded after it only.
        await using var process = await TiedProcess.StartAsync("bash", ["-c", "trap 'exit 3' USR1; echo there; while :; do sleep 0.05; done"]);
        await process.WaitForLineAsync("^there$");
        process.Signal("STOP");
        await Eventually.HoldsAsync(() => File.ReadAllText($"/proc/{process.ProcessId}/stat").Contains(") T ", StringComparison.Ordinal));
        process.Signal("USR1");
        process.Signal("CONT");
        Assert.Equal(3, await process.WaitForExitAsync());
    }

    [Fact]
    public async Task Disposal_ends_the_program_with_all_it_started_and_removes_its_directory()
    {
        var directory = Directory.CreateTempSubdirectory("tocsin-tied-").FullName;
        var process = await TiedProcess.StartAsync("bash", ["-c", "sleep 600 & echo child $!; wait"], removedAfterwards: directory);
        var line = await process.WaitForLineAsync("^child (?<id>[0-9]+)$");
        var grandchild = int.Parse(line.Groups["id"].ValueSpan, CultureInfo.InvariantCulture);
        await process.DisposeAsync();
        Assert.False(IsRunning(process.ProcessId));
        Assert.False(IsRunning(grandchild));
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task Disposal_does_not_wait_for_what_left_the_programs_group_and_holds_its_outputs()
    {
        // As a server process of PostgreSQL does, each of which has a session of its own.
        var process = await TiedProcess.StartAsync("bash", ["-c", "setsid bash -c 'echo apart $$; exec sleep 600' & wait"]);
        var line = await process.WaitForLineAsync("^apart (?<id>[0-9]+)$");
        var apart = int.Parse(line.Groups["id"].ValueSpan, CultureInfo.InvariantCulture);
        await process.DisposeAsync();
        Assert.False(IsRunning(process.ProcessId));
        using var kill = System.Diagnostics.Process.Start("/bin/kill", ["-KILL", line.Groups["id"].Value]);
        await Eventually.HoldsAsync(() => !IsRunning(apart));
    }

    [Fact]
    public async Task Who_waits_in_vain_for_a_programs_end_is_told_what_runs_on()
    {
        await using var process = await TiedProcess.StartAsync("sleep", ["613"]);
        var thrown = await Assert.ThrowsAsync<TimeoutException>(() => process.WaitForExitAsync(TimeSpan.FromMilliseconds(1)));
        Assert.Contains("sleep 613' runs on", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_ends_and_its_directory_goes_when_the_process_that_holds_it_is_killed()
    {
        // "tail" stands for a test process: it holds the write end of the guard's input and dies without a word.
        const string Holder = """
            mkfifo "$2/input"; tail -f /dev/null >"$2/input" & echo "holder $!"
            bash -c "$1" guard TERM "$2" "" sleep 600 <"$2/input"; echo ended
            """;
        var directory = Directory.CreateTempSubdirectory("tocsin-tied-").FullName;
        await using var outer = await TiedProcess.StartAsync("bash", ["-c", Holder, "outer", TiedProcess.Guard, directory]);
        var holder = await outer.WaitForLineAsync("^holder (?<id>[0-9]+)$");
        // The outer guard names the holder's shell, the inner one the program.
        var program = await outer.WaitForLineAsync($"^guarding (?!{outer.ProcessId}$)(?<id>[0-9]+)$");
        using var kill = System.Diagnostics.Process.Start("/bin/kill", ["-KILL", holder.Groups["id"].Value]);
        await outer.WaitForLineAsync("^ended$");
        Assert.False(IsRunning(int.Parse(program.Groups["id"].ValueSpan, CultureInfo.InvariantCulture)));
        Assert.False(Directory.Exists(directory));
    }

    // A zombie has ended: only its exit code waits to be collected.
    private static bool IsRunning(int processId) =>
        File.Exists($"/proc/{processId}/stat") && !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
}
