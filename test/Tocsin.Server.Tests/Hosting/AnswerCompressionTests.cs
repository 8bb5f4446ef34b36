using System.Net;
using System.Text.Json.Nodes;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Hosting;

/// <summary>What is compressed, and above all what is not: see the remarks of <c>AnswerCompression</c>.</summary>
public sealed class AnswerCompressionTests
{
    private const string List = "/api/v1/people";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("identity", null)]
    public async Task Lists_are_compressed_for_our_own_pages(string accepted, string? coding)
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await SendAsync(await server.AsAsync(Roles.Administrator), HttpMethod.Get, List, accepted);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(coding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.NotNull(JsonNode.Parse(await WebClientTests.ReadAsync(answer))!["items"]);
    }

    [Fact]
    public async Task Machines_with_a_token_get_compressed_lists_too()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var answer = await SendAsync(await server.WithApiTokenAsync("alerts:read"), HttpMethod.Get, "/api/v1/alerts", "br");
        Assert.Equal((HttpStatusCode.OK, "br"), (answer.StatusCode, answer.Content.Headers.ContentEncoding.SingleOrDefault()));
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("none")]
    [InlineData(null)]
    public async Task What_another_page_has_a_signed_in_browser_ask_for_keeps_its_plain_length(string? site)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var browser = await server.SignInAsync(await server.CreateAccountAsync(Roles.Administrator));
        browser.DefaultRequestHeaders.Remove("Sec-Fetch-Site");
        if (site is not null) browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);

        using var answer = await SendAsync(browser, HttpMethod.Get, List, "br");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task What_is_created_and_shown_once_is_never_compressed()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var body = new JsonObject { ["name"] = "Supervision", ["scopes"] = new JsonArray("alerts:read") };
        using var answer = await SendAsync(await server.AsAsync(Roles.Administrator), HttpMethod.Post, "/api/v1/api-tokens", "br", body);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task The_answer_page_is_compressed_for_whoever_has_the_link()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var page = await SendAsync(server.Anonymous, HttpMethod.Get, "/a/AAAAAAAAAAAAAAAAAAAAAA", "br");
        using var script = await SendAsync(server.Anonymous, HttpMethod.Get, "/a/answer.js", "br");

        Assert.Equal("br", page.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Contains("<!doctype html>", await WebClientTests.ReadAsync(page), StringComparison.Ordinal);
        Assert.Equal("br", script.Content.Headers.ContentEncoding.SingleOrDefault());
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string accepted, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        if (body is not null) request.Content = System.Net.Http.Json.JsonContent.Create(body);
        return await client.SendAsync(request, Cancellation);
    }
}
