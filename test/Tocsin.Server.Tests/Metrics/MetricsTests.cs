using System.Net;
using System.Text.RegularExpressions;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Metrics;

public sealed partial class MetricsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_line_is_a_comment_or_a_sample_of_the_Prometheus_text_format()
    {
        var client = await fixture.AsAsync(Roles.Administrator);
        await client.GetAsync("/api/v1/audit/entries", Cancellation);
        string[] lines = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                // A request is counted after it was answered, and what was read is given out again for a moment.
                lines = (await client.GetStringAsync("/metrics", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                return lines.Any(line => line.StartsWith("http_server_request_duration_seconds_bucket{", StringComparison.Ordinal) && line.Contains("le=\"+Inf\"", StringComparison.Ordinal));
            },
            "requests are counted");
        Assert.All(lines, line => Assert.Matches(Line(), line));
        Assert.Contains(lines, line => line.StartsWith("dotnet_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_monitoring_token_may_read_them_and_nobody_else_may()
    {
        using var monitoring = await fixture.Server.WithApiTokenAsync("metrics:read");
        Assert.Equal(HttpStatusCode.OK, (await monitoring.GetAsync("/metrics", Cancellation)).StatusCode);
        using var other = await fixture.Server.WithApiTokenAsync("alerts:raise");
        Assert.Equal(HttpStatusCode.Forbidden, (await other.GetAsync("/metrics", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Anonymous.GetAsync("/metrics", Cancellation)).StatusCode);
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)+\})? (-?[0-9.]+([eE][-+]?[0-9]+)?|[-+]?Inf|NaN))$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}
