using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Access;
using Tocsin.Server.Tests.Events;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Access;

/// <summary>An open page's line to the server ends with its session.</summary>
public sealed class SessionConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revoked_session_loses_its_connection_and_others_keep_theirs(bool longPolling)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var connections = server.Services.GetRequiredService<SessionConnections>();
        var account = await server.CreateAccountAsync(Roles.Staff);
        var ended = await server.OpenSessionAsync(account);
        var kept = await server.OpenSessionAsync(account);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var endedStream = Probe(server, ended).StreamAsync(longPolling, _ => false, stop.Token);
        var keptStream = Probe(server, kept).StreamAsync(longPolling, _ => false, stop.Token);
        await Eventually.HoldsAsync(() => connections.Count == 2);
        await server.Store.CommitAsync(
            async (transaction, token) =>
                server.Services.GetRequiredService<AccessEnds>().Revoke(transaction, await transaction.Db.Set<Session>().SingleAsync(s => s.Id == ended.Session.Id, token), account.Account),
            Cancellation);
        await Assert.ThrowsAnyAsync<Exception>(() => Eventually.CompletesAsync(endedStream));
        await Eventually.HoldsAsync(() => connections.Count == 1);
        Assert.False(keptStream.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => keptStream);
    }

    [Fact]
    public async Task A_session_that_reaches_its_end_loses_its_connection()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        var connections = server.Services.GetRequiredService<SessionConnections>();
        var session = await server.OpenSessionAsync(await server.CreateAccountAsync(Roles.CrisisDirector), SignInMethod.EmergencyCard);
        var stream = Probe(server, session).StreamAsync(longPolling: false, _ => false, Cancellation);
        await Eventually.HoldsAsync(() => connections.Count == 1);

        // An open page is use: only the absolute end counts.
        for (var hour = 0; hour < 11; hour++) time.Advance(TimeSpan.FromHours(1));
        Assert.False(stream.IsCompleted);
        time.Advance(TimeSpan.FromHours(1));
        connections.Sweep();
        await Assert.ThrowsAnyAsync<Exception>(() => Eventually.CompletesAsync(stream));
    }

    [Fact]
    public async Task Changed_roles_make_the_page_ask_again_for_what_it_may_see()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var connections = server.Services.GetRequiredService<SessionConnections>();
        var account = await server.CreateAccountAsync(Roles.Staff);
        var stream = Probe(server, await server.OpenSessionAsync(account)).StreamAsync(longPolling: false, _ => false, Cancellation);
        await Eventually.HoldsAsync(() => connections.Count == 1);
        await server.Services.GetRequiredService<Tocsin.Server.Features.Accounts.Administration.AccountAdministration>()
            .SetRolesAsync(account.Account.Id, Roles.Auditor, new Actor("system", "Test", null, Roles.Administrator, null), Cancellation);
        await Assert.ThrowsAnyAsync<Exception>(() => Eventually.CompletesAsync(stream));
    }

    private static HubProbe Probe(ServerUnderTest server, OpenedSession session) => new(server.Address, $"tocsin={session.Token}");
}
