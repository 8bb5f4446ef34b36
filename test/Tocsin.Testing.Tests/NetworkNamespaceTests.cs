using Tocsin.Testing.Networks;

namespace Tocsin.Testing.Tests;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public async Task What_runs_in_it_ends_with_it()
    {
        var network = await NetworkNamespace.CreateAsync();
        var (program, arguments) = network.Inside("sleep", "infinity");
        await using var inside = ChildProcess.Start(program, arguments);
        await using var outside = ChildProcess.Start("sleep", ["infinity"]);
        await Eventually.HoldsAsync(() => new FileInfo($"/proc/{inside.Id}/ns/net").LinkTarget == new FileInfo(network.Path).LinkTarget, "it is inside");
        await network.DisposeAsync();
        await inside.WaitForExitAsync();
        Assert.False(outside.HasExited);
    }
}
