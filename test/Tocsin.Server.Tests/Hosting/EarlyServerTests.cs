using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tocsin.Server.Hosting;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Hosting;

/// <summary>What the server answers between listening and being prepared.</summary>
public sealed class EarlyServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_is_served_while_the_server_is_prepared_and_all_else_is_answered_then()
    {
        var preparation = new TaskCompletionSource();
        var listens = new TaskCompletionSource<ServerUnderTest>();
        var starting = ServerUnderTest.StartAsync(
            configure: WebClientTests.WriteClient, replace: services => services.AddSingleton<IHostedService>(new Held(preparation.Task)), listening: listens.SetResult);
        await using var server = await listens.Task;

        Assert.StartsWith("<!doctype html>", await server.Anonymous.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
        using var script = await server.Anonymous.GetAsync(WebClientTests.Script, Cancellation);
        Assert.Equal("public, max-age=31536000, immutable", script.Headers.CacheControl!.ToString());
        Assert.Contains("default-src 'none'", script.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(server, "/health/ready"));
        var waiting = (string[])["/api/v1/session", "/alerts/0198f0", "/hub", "/assets/absent.js"];
        var answers = waiting.Select(path => StatusAsync(server, path)).ToArray();
        Assert.DoesNotContain(answers, answer => answer.IsCompleted);

        preparation.SetResult();
        await starting;
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], await Task.WhenAll(answers));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/health/ready"));
    }

    [Fact]
    public async Task What_would_wait_too_long_for_a_server_that_is_prepared_is_told_to_ask_again()
    {
        var clock = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: clock);
        var early = new EarlyAnswers(server.Services, server.Services.GetRequiredService<TocsinOptions>());
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Method = "GET", Path = "/api/v1/session" }, Response = { Body = body } };

        var answered = early.TryAnswerAsync(context.Features, new TaskCompletionSource().Task);
        Assert.False(answered.IsCompleted);
        clock.Advance(EarlyAnswers.LongestWait);

        Assert.True(await answered);
        Assert.Equal((503, "5"), (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString()));
        Assert.Equal("starting", JsonDocument.Parse(body.ToArray()).RootElement.GetProperty("code").GetString());
    }

    /// <summary>It was answered all the same, by services that were gone, and the log held an ObjectDisposedException for each such request.</summary>
    [Fact]
    public async Task Who_waits_for_a_server_that_ends_instead_is_left_alone()
    {
        var server = await ServerUnderTest.StartAsync();
        var early = new EarlyAnswers(server.Services, server.Services.GetRequiredService<TocsinOptions>());
        using var body = new MemoryStream();
        using var connection = new CancellationTokenSource();
        var context = new DefaultHttpContext { Request = { Method = "GET", Path = "/api/v1/session" }, Response = { Body = body }, RequestAborted = connection.Token };
        var answered = early.TryAnswerAsync(context.Features, new TaskCompletionSource().Task);
        Assert.False(answered.IsCompleted);

        await server.DisposeAsync();
        await connection.CancelAsync();

        Assert.True(await answered);
        Assert.Equal(0, body.Length);
    }

    private static async Task<HttpStatusCode> StatusAsync(ServerUnderTest server, string path)
    {
        using var answer = await server.Anonymous.GetAsync(path, Cancellation);
        return answer.StatusCode;
    }

    /// <summary>A part of the server that is not started before <paramref name="until"/>.</summary>
    private sealed class Held(Task until) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => until.WaitAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
