using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Access;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Access;

public sealed class AccessHousekeepingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_ended_is_kept_for_a_month_and_what_lives_stays()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        var account = await server.CreateAccountAsync(Roles.CrisisDirector);
        await server.OpenSessionAsync(account, SignInMethod.EmergencyCard);
        var living = await server.OpenSessionAsync(account);
        var housekeeping = server.Services.GetRequiredService<AccessHousekeeping>();
        time.Sleep(TimeSpan.FromDays(30));
        Assert.Equal(0, await housekeeping.RunAsync(Cancellation));
        time.Sleep(TimeSpan.FromDays(1));
        await housekeeping.RunAsync(Cancellation);
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.Equal([living.Session.Id], await db.Set<Session>().Select(session => session.Id).ToListAsync(Cancellation));
    }
}
