using System.Net;
using Tocsin.Server.Cli;
using Tocsin.Server.Hosting;
using Tocsin.Server.Tests.Accounts;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Cli;

public sealed class AccountsCommandTests
{
    [Fact]
    public async Task Whoever_runs_the_machine_lets_an_administrator_in_again()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await ServerUnderTest.StartAsync(time: time);
        using var lost = new AccountJourney(server, time);
        using var person = new AccountJourney(server, time);
        await lost.SetUpFirstAdministratorAsync();
        var options = new TocsinOptions { PublicUrl = server.Address.ToString() };
        var link = await AccountsCommand.IssueAsync(server.Store, options, "Admin.One", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await person.SetUpAsync(link!.Address)).Status);
        Assert.Equal(HttpStatusCode.OK, await person.StatusAsync(HttpMethod.Get, "/api/v1/accounts"));
        Assert.Equal(HttpStatusCode.Unauthorized, await lost.StatusAsync(HttpMethod.Get, "/api/v1/session"));
        Assert.Null(await AccountsCommand.IssueAsync(server.Store, options, "nobody", TestContext.Current.CancellationToken));
    }
}
