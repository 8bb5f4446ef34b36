using System.Net;
using System.Text;
using System.Text.Json;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Errors;

/// <summary>Requests that no page of ours sends: each gets a clear problem, and none breaks anything.</summary>
public sealed class HostileRequestTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string SignIn = "/api/v1/sign-in/password";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Bodies => new()
    {
        { "not json", "application/json", "invalid-input" },
        { "{\"signInName\":", "application/json", "invalid-input" },
        { "{\"signInName\":{\"a\":1}}", "application/json", "invalid-input" },
        { "", "application/json", "invalid-input" },
        { "null", "application/json", "invalid-input" },
        { new string('[', 100_000), "application/json", "invalid-input" },
        { "{}", "application/json", "sign-in-refused" },
        { "{\"signInName\":\"a\\u0000b\",\"password\":\"\",\"code\":\"\"}", "application/json", "sign-in-refused" },
        { "{\"signInName\":\"ab\",\"password\":\"\\ud800\"}", "application/json", "invalid-input" },
        { "{\"signInName\":\"admin\",\"password\":\"" + new string('x', 900_000) + "\"}", "application/json", "sign-in-refused" },
    };

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task A_body_that_makes_no_sense_is_a_problem_with_a_code(string body, string kind, string code)
    {
        using var content = new StringContent(body, Encoding.UTF8, kind);
        using var answer = await fixture.Anonymous.PostAsync(SignIn, content, Cancellation);
        Assert.Equal(code, await CodeAsync(answer));
    }

    [Fact]
    public async Task A_body_of_10_MB_is_refused_before_it_is_read()
    {
        using var content = new ByteArrayContent(new byte[10_000_000]) { Headers = { ContentType = new("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, SignIn) { Content = content };
        request.Headers.ExpectContinue = true;
        using var answer = await fixture.Anonymous.SendAsync(request, Cancellation);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too-large"), (answer.StatusCode, await CodeAsync(answer)));
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", "not-found")]
    [InlineData("POST", "/api/v2/session", "not-found")]
    [InlineData("GET", "/api/v1/accounts/not-a-uuid", "not-found")]
    [InlineData("DELETE", "/api/v1/passkeys/%2e%2e%2f", "not-found")]
    [InlineData("DELETE", "/api/v1/passkeys/AAAA", "not-found")]
    [InlineData("GET", "/api/v1/accounts?limit=x", "invalid-input")]
    [InlineData("GET", "/api/v1/audit/entries?subject=alert%00", "invalid-input")]
    [InlineData("GET", "/api/v1/accounts?search=a%00b", "invalid-input")]
    [InlineData("GET", "/sign-in?%00", "invalid-input")]
    public async Task A_path_that_is_not_there_is_not_found(string method, string path, string code)
    {
        var administrator = await fixture.AsAsync(Roles.All);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await administrator.SendAsync(request, Cancellation);
        Assert.Equal(code, await CodeAsync(answer));
    }

    [Fact]
    public async Task A_form_where_JSON_is_expected_is_refused()
    {
        using var content = new FormUrlEncodedContent([new("signInName", "a")]);
        using var answer = await (await fixture.AsAsync(Roles.All)).PostAsync("/api/v1/accounts", content, Cancellation);
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "unsupported-media-type"), (answer.StatusCode, await CodeAsync(answer)));
    }

    [Fact]
    public async Task Script_in_a_name_comes_back_as_data()
    {
        var administrator = await fixture.AsAsync(Roles.All);
        const string body = """{"signInName":"script.person","givenName":"<script>alert(1)</script>","familyName":"\"><img src=x onerror=alert(1)>"}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await administrator.PostAsync("/api/v1/accounts", content, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        var account = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).GetProperty("account");
        Assert.Equal("<script>alert(1)</script> \"><img src=x onerror=alert(1)>", account.GetProperty("name").GetString());
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(text.Length > 0, $"{(int)answer.StatusCode} without a body");
        return JsonElement.Parse(text).GetProperty("code").GetString();
    }
}
