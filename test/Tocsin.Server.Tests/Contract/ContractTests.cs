using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Contract;

public sealed class ContractTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string CommittedDocument => Path.Combine(Repository.Root, "docs", "protocol", "openapi.json");

    /// <remarks>Write it anew with TOCSIN_WRITE_CONTRACT=1, then look at the difference: clients depend on it.</remarks>
    [Fact]
    public async Task The_committed_document_is_what_the_server_serves()
    {
        var served = await ReadAsync();
        if (Environment.GetEnvironmentVariable("TOCSIN_WRITE_CONTRACT") == "1") await File.WriteAllTextAsync(CommittedDocument, served, Cancellation);
        Assert.Equal(await File.ReadAllTextAsync(CommittedDocument, Cancellation), served);
    }

    [Fact]
    public async Task Every_endpoint_of_the_API_is_described_with_a_name_of_its_own()
    {
        using var document = JsonDocument.Parse(await ReadAsync());
        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var mapped = fixture.Server.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
            .SelectMany(source => source.Endpoints.OfType<RouteEndpoint>())
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} {WithoutConstraints(endpoint.RoutePattern)}"))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Empty(mapped.Except(described, StringComparer.Ordinal));

        var names = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.TryGetProperty("operationId", out var id) ? id.GetString() : $"nameless: {operation.Name}").ToList();
        Assert.DoesNotContain(names, name => name!.StartsWith("nameless", StringComparison.Ordinal));
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
    }

    private static string WithoutConstraints(Microsoft.AspNetCore.Routing.Patterns.RoutePattern pattern) =>
        "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
            _ => "",
        }))));

    private async Task<string> ReadAsync()
    {
        var text = await fixture.Anonymous.GetStringAsync("/api/v1/openapi.json", Cancellation);
        return text.ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
