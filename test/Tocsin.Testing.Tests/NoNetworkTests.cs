namespace Tocsin.Testing.Tests;

/// <summary>What every test of this project runs in.</summary>
public sealed class NoNetworkTests
{
    [Theory]
    [InlineData("/proc/net/route", true)]
    [InlineData("/proc/net/ipv6_route", false)]
    public async Task No_route_leads_out_of_it(string routes, bool hasHeading)
    {
        // A route of IPv4 begins with its interface, under a heading; one of IPv6 ends with it.
        var field = hasHeading ? "$1" : "$NF";
        var skip = hasHeading ? 1 : 0;
        await using var process = await TiedProcess.StartAsync(
            Path.Combine(Repository.Root, "eng", "no-network"),
            ["awk", $"NR > {skip} && {field} != \"lo\" {{ print \"leads out by \" {field}; found = 1 }} END {{ exit found }}", routes]);
        Assert.Equal(0, await process.WaitForExitAsync());
        Assert.DoesNotContain("leads out", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loopback_interface_works_in_it()
    {
        await using var process = await TiedProcess.StartAsync(
            Path.Combine(Repository.Root, "eng", "no-network"),
            ["node", "-e", "const s = require('node:net').createServer(() => process.exit(0)).listen(0, '127.0.0.1', () => require('node:net').connect(s.address().port, '127.0.0.1'))"]);
        Assert.Equal(0, await process.WaitForExitAsync());
    }
}
