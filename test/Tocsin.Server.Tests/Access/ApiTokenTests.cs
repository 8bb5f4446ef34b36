using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Access;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Access;

public sealed class ApiTokenTests
{
    private const string Tokens = "/api/v1/api-tokens";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_works_until_it_is_revoked_and_is_shown_once()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var administrator = await server.AsAsync(Roles.Administrator);
        var created = await CreateAsync(administrator, new { name = "Supervision", scopes = new[] { TokenScopes.RaiseAlert } });
        var token = created.GetProperty("token").GetString()!;
        Assert.StartsWith("tcn_", token, StringComparison.Ordinal);
        var machine = Machine(server, token);
        Assert.Equal("not-allowed", await CodeAsync(machine));
        var listed = await administrator.GetStringAsync(Tokens, Cancellation);
        Assert.Contains("Supervision", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(token, listed, StringComparison.Ordinal);
        using var revoked = await administrator.DeleteAsync($"{Tokens}/{created.GetProperty("apiToken").GetProperty("id").GetString()}", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal("not-signed-in", await CodeAsync(machine));
    }

    [Fact]
    public async Task A_token_ends_when_it_says()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        var created = await CreateAsync(await server.AsAsync(Roles.Administrator), new { name = "Essai", scopes = new[] { TokenScopes.ReadAlerts }, expiresAt = time.GetUtcNow().AddDays(1) });
        var machine = Machine(server, created.GetProperty("token").GetString()!);
        Assert.Equal("not-allowed", await CodeAsync(machine));
        time.Sleep(TimeSpan.FromDays(1));
        Assert.Equal("not-signed-in", await CodeAsync(machine));
    }

    [Fact]
    public async Task Last_use_is_noted()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        var created = await CreateAsync(await server.AsAsync(Roles.Administrator), new { name = "Essai", scopes = new[] { TokenScopes.ReadAlerts } });
        await CodeAsync(Machine(server, created.GetProperty("token").GetString()!));
        await server.Services.GetRequiredService<AccessUse>().WriteAsync(Cancellation);
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.Equal(time.GetUtcNow(), (await db.Set<ApiToken>().SingleAsync(Cancellation)).LastUsedAt);
    }

    [Fact]
    public async Task A_request_out_of_bounds_is_refused_field_by_field()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var administrator = await server.AsAsync(Roles.Administrator);
        using var answer = await administrator.PostAsJsonAsync(Tokens, new { name = " ", scopes = new[] { "everything" }, expiresAt = "2001-01-01T00:00:00Z" }, Cancellation);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["expiresAt", "name", "scopes"], problem.RootElement.GetProperty("fields").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Bearer tcn_forged")]
    [InlineData("Bearer ")]
    [InlineData("Bearer  tcn_forged,Bearer tcn_other")]
    [InlineData("Basic YTpi")]
    public async Task A_forged_token_is_nobody(string authorization)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var machine = server.NewClient();
        machine.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using var request = new HttpRequestMessage(HttpMethod.Get, Tokens);
        using var answer = await machine.SendAsync(request, Cancellation);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest });
    }

    private static async Task<JsonElement> CreateAsync(HttpClient administrator, object request)
    {
        using var answer = await administrator.PostAsync(Tokens, JsonContent.Create(request, request.GetType()), Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static HttpClient Machine(ServerUnderTest server, string token)
    {
        var machine = server.NewClient();
        machine.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return machine;
    }

    private static async Task<string?> CodeAsync(HttpClient machine)
    {
        using var answer = await machine.GetAsync(Tokens, Cancellation);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).GetProperty("code").GetString();
    }
}
