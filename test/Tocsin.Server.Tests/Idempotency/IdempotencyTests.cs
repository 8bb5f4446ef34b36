using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Idempotency;

public sealed class IdempotencyTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_command_sent_again_gets_the_same_answer_and_does_nothing_twice()
    {
        var client = await fixture.AsAsync(Roles.Administrator);
        var (first, body) = await AddSiteAsync(client, "Same site", "same-key");
        var (second, repeated) = await AddSiteAsync(client, "Same site", "same-key");
        Assert.True(first.IsSuccessStatusCode, body);
        Assert.Equal((first.StatusCode, body), (second.StatusCode, repeated));
        Assert.Equal(1, await CountSitesAsync(client, "Same site"));
    }

    [Fact]
    public async Task Twenty_at_once_do_it_once()
    {
        var client = await fixture.AsAsync(Roles.Administrator);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AddSiteAsync(client, "Raced site", "raced-key")));
        Assert.Equal(1, await CountSitesAsync(client, "Raced site"));

        // Whoever came while the first was being answered is told so; nobody is told that something new was done.
        Assert.All(answers, answer => Assert.True(answer.Response.IsSuccessStatusCode || answer.Body.Contains("idempotency-answer-lost", StringComparison.Ordinal), answer.Body));
        Assert.Single(answers.Where(a => a.Response.IsSuccessStatusCode).Select(a => a.Body).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_same_key_with_another_request_is_refused()
    {
        var client = await fixture.AsAsync(Roles.Administrator);
        await AddSiteAsync(client, "First of the key", "reused-key");
        var (response, body) = await AddSiteAsync(client, "Second of the key", "reused-key");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("idempotency-key-reused", body, StringComparison.Ordinal);
        Assert.Equal(0, await CountSitesAsync(client, "Second of the key"));
    }

    [Fact]
    public async Task A_refused_command_may_be_tried_again_with_the_same_key()
    {
        var client = await fixture.AsAsync(Roles.Administrator);
        var (refused, _) = await AddSiteAsync(client, "", "tried-again");
        Assert.False(refused.IsSuccessStatusCode);
        var (accepted, _) = await AddSiteAsync(client, "After a refusal", "tried-again");
        Assert.True(accepted.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused()
    {
        var client = await fixture.AsAsync(Roles.Administrator);
        var (response, body) = await AddSiteAsync(client, "Long key", new string('k', 129));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("idempotency-key-invalid", body, StringComparison.Ordinal);
    }

    private static async Task<(HttpResponseMessage Response, string Body)> AddSiteAsync(HttpClient client, string name, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sites") { Content = JsonContent.Create(new { name }) };
        request.Headers.Add("Idempotency-Key", key);
        var response = await client.SendAsync(request, Cancellation);
        return (response, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<int> CountSitesAsync(HttpClient client, string name)
    {
        using var sites = JsonDocument.Parse(await client.GetStringAsync("/api/v1/sites", Cancellation));
        return sites.RootElement.GetRawText().Split($"\"name\":\"{name}\"").Length - 1;
    }
}
