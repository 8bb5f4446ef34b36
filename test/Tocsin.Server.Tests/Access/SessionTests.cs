using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Access;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Access;

public sealed class SessionTests
{
    private const string Guarded = "/hub/negotiate?negotiateVersion=1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_is_told_to_sign_in_by_a_problem_and_no_redirect()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await server.Anonymous.PostAsync(Guarded, null, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("not-signed-in", await CodeOf(answer));
    }

    [Fact]
    public async Task A_session_lets_its_account_in()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var client = await server.AsAsync(Roles.Staff);
        Assert.Equal(HttpStatusCode.OK, await StatusOf(client));
    }

    [Fact]
    public async Task A_forged_or_oversized_token_is_nobody()
    {
        await using var server = await ServerUnderTest.StartAsync();
        foreach (var token in new[] { BearerSecret.Create(), "x", new string('a', 10_000), "%00%ff" })
        {
            var client = server.NewClient();
            client.DefaultRequestHeaders.Add("Cookie", $"tocsin={token}");
            client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(client));
        }
    }

    [Fact]
    public async Task Only_the_hash_of_a_token_is_stored()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var session = await server.OpenSessionAsync(await server.CreateAccountAsync(Roles.Staff));
        Assert.Equal(43, session.Token.Length);
        Assert.Equal(BearerSecret.HashOf(session.Token), session.Session.TokenHash);
    }

    [Fact]
    public async Task A_revoked_session_is_out_at_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var account = await server.CreateAccountAsync(Roles.Staff);
        var session = await server.OpenSessionAsync(account);
        var client = server.WithSession(session);
        Assert.Equal(HttpStatusCode.OK, await StatusOf(client));
        await RevokeAsync(server, account.Account, session.Session.Id);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(client));
    }

    [Fact]
    public async Task A_session_revoked_on_one_node_ends_on_the_other()
    {
        var database = await ServerUnderTest.NewPostgresDatabaseAsync();
        await using var here = await ServerUnderTest.StartAsync(database);
        await using var there = await ServerUnderTest.StartAsync(database);
        var account = await here.CreateAccountAsync(Roles.Staff);
        var session = await here.OpenSessionAsync(account);
        var client = there.WithSession(session);
        Assert.Equal(HttpStatusCode.OK, await StatusOf(client));
        await RevokeAsync(here, account.Account, session.Session.Id);
        await Eventually.HoldsAsync(async () => await StatusOf(client) == HttpStatusCode.Unauthorized, "the other node ends the session");
    }

    [Fact]
    public async Task Sessions_end_when_idle_and_when_old()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        var account = await server.CreateAccountAsync(Roles.Staff);
        var used = await server.SignInAsync(account);
        var idle = await server.SignInAsync(account);
        for (var day = 0; day < 364; day += 28)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusOf(used));
            await server.Services.GetRequiredService<AccessUse>().WriteAsync(Cancellation);
            time.Sleep(TimeSpan.FromDays(28));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(idle));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(used));
        time.Sleep(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(used));
    }

    [Fact]
    public async Task A_session_by_emergency_card_lasts_one_shift()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        var client = await server.SignInAsync(await server.CreateAccountAsync(Roles.CrisisDirector), SignInMethod.EmergencyCard);
        time.Advance(TimeSpan.FromHours(1.9));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(client));
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(client));
    }

    [Fact]
    public async Task Use_is_written_at_most_every_five_minutes()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        var session = await server.OpenSessionAsync(await server.CreateAccountAsync(Roles.Staff));
        var client = server.WithSession(session);
        var use = server.Services.GetRequiredService<AccessUse>();
        time.Advance(TimeSpan.FromMinutes(4));
        await StatusOf(client);
        await use.WriteAsync(Cancellation);
        Assert.Equal(session.Session.CreatedAt, await LastSeenAsync(server, session.Session.Id));
        time.Advance(TimeSpan.FromMinutes(2));
        await StatusOf(client);
        await use.WriteAsync(Cancellation);
        Assert.Equal(session.Session.CreatedAt.AddMinutes(6), await LastSeenAsync(server, session.Session.Id));
    }

    [Theory]
    [InlineData("cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("same-site", null, HttpStatusCode.Forbidden)]
    [InlineData("same-origin", null, HttpStatusCode.OK)]
    [InlineData("none", null, HttpStatusCode.OK)]
    [InlineData(null, "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData(null, "null", HttpStatusCode.Forbidden)]
    [InlineData(null, null, HttpStatusCode.Forbidden)]
    [InlineData(null, "SELF", HttpStatusCode.OK)]
    [InlineData("cross-site", "SELF", HttpStatusCode.Forbidden)]
    public async Task A_change_with_the_cookie_must_come_from_our_own_pages(string? site, string? origin, HttpStatusCode expected)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var session = await server.OpenSessionAsync(await server.CreateAccountAsync(Roles.Staff));
        var client = server.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", $"tocsin={session.Token}");
        if (site is not null) client.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        if (origin is not null) client.DefaultRequestHeaders.Add("Origin", origin == "SELF" ? server.Address.GetLeftPart(UriPartial.Authority) : origin);
        using var answer = await client.PostAsync(Guarded, null, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        if (expected == HttpStatusCode.Forbidden) Assert.Equal("cross-site-request", await CodeOf(answer));
    }

    [Fact]
    public async Task An_api_token_is_no_person()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var client = await server.WithApiTokenAsync(TokenScopes.RaiseAlert);
        using var answer = await client.PostAsync(Guarded, null, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("not-allowed", await CodeOf(answer));
    }

    private static async Task<HttpStatusCode> StatusOf(HttpClient client)
    {
        using var answer = await client.PostAsync(Guarded, null, Cancellation);
        return answer.StatusCode;
    }

    private static async Task<string?> CodeOf(HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return body.RootElement.GetProperty("code").GetString();
    }

    private static Task RevokeAsync(ServerUnderTest server, Account account, SessionId id) =>
        server.Store.CommitAsync(
            async (transaction, token) =>
            {
                var session = await transaction.Db.Set<Session>().SingleAsync(s => s.Id == id, token);
                server.Services.GetRequiredService<AccessEnds>().Revoke(transaction, session, account);
            },
            Cancellation);

    private static async Task<DateTimeOffset> LastSeenAsync(ServerUnderTest server, SessionId id)
    {
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        return await db.Set<Session>().Where(s => s.Id == id).Select(s => s.LastSeenAt).SingleAsync(Cancellation);
    }
}
