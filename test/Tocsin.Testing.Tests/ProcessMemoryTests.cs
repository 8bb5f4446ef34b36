using System.Security.Cryptography;
using System.Text;

namespace Tocsin.Testing.Tests;

public sealed class ProcessMemoryTests
{
    [Fact]
    public async Task Finds_what_a_process_holds_and_not_what_it_does_not()
    {
        // A program that keeps a line, whose text this process and its command line never have: it says what stands in a file, twice over.
        using var scratch = new ScratchDirectory();
        var secret = RandomNumberGenerator.GetHexString(32);
        await File.WriteAllTextAsync(scratch.File("kept"), secret, TestContext.Current.CancellationToken);
        await using var keeping = await TiedProcess.StartAsync("bash", ["-c", $"kept=$(cat '{scratch.File("kept")}'); echo ready; while read -r _; do :; done < <(sleep infinity)"], stopSignal: "KILL");
        await keeping.WaitForLineAsync("^ready$");
        byte[][] needles = [Encoding.ASCII.GetBytes(secret), RandomNumberGenerator.GetBytes(32)];
        Assert.Equal([0], ProcessMemory.Find(keeping.ProcessId, needles));
    }

    [Fact]
    public void What_would_be_found_by_chance_is_not_looked_for() =>
        Assert.Throws<ArgumentException>(() => ProcessMemory.Find(Environment.ProcessId, [[1, 2, 3, 4]]));
}
