using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Access;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Access;

/// <summary>Every endpoint of the real server, and what it answers to somebody who asks.</summary>
internal static class EndpointWalk
{
    public const int LetIn = 299;

    /// <summary>Every endpoint, with one entry per method.</summary>
    public static IReadOnlyList<WalkedEndpoint> All(ServerUnderTest server) =>
        [.. server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(MethodsOf)
            .OrderBy(endpoint => endpoint.Path, StringComparer.Ordinal).ThenBy(endpoint => endpoint.Method, StringComparer.Ordinal)];

    /// <summary>Sends a request without a body to <paramref name="endpoint"/>.</summary>
    /// <returns>Status, and the problem's code where there is one.</returns>
    public static async Task<(int Status, string? Code)> AskAsync(HttpClient client, WalkedEndpoint endpoint)
    {
        using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Sample);
        if (endpoint.Method is "POST" or "PUT" or "PATCH") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        return ((int)answer.StatusCode, isProblem ? CodeOf(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)) : null);
    }

    /// <summary>The real rules decide; who is let in gets <see cref="LetIn"/> instead of the endpoint's work, so that a walk changes nothing.</summary>
    public static void StopAtTheDoor(IServiceCollection services) => services.AddSingleton<IAuthorizationMiddlewareResultHandler, Door>();

    private static string? CodeOf(string json)
    {
        using var problem = JsonDocument.Parse(json);
        return problem.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    private static IEnumerable<WalkedEndpoint> MethodsOf(RouteEndpoint endpoint)
    {
        var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
        var rules = endpoint.Metadata.GetOrderedMetadata<AccessRule>();
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        return methods.Select(method => new WalkedEndpoint(method, path, SampleOf(endpoint), rules));
    }

    private static string SampleOf(RouteEndpoint endpoint) =>
        "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(SampleOf))));

    private static string SampleOf(Microsoft.AspNetCore.Routing.Patterns.RoutePatternPart part) => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => SampleOf([.. parameter.ParameterPolicies.Select(policy => policy.Content)]),
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
        _ => throw new NotSupportedException(part.GetType().Name),
    };

    private static string SampleOf(string?[] constraints)
    {
        if (constraints.Contains("guid")) return "0197a000-0000-7000-8000-000000000000";
        return constraints.Any(constraint => constraint is "int" or "long") ? 1.ToString(CultureInfo.InvariantCulture) : "some";
    }

    private sealed class Door : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler real = new();

        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            if (!authorizeResult.Succeeded) return real.HandleAsync(next, context, policy, authorizeResult);
            context.Response.StatusCode = LetIn;
            return Task.CompletedTask;
        }
    }
}

/// <param name="Path">As mapped, with parameters.</param>
/// <param name="Sample">With something in their place.</param>
internal sealed record WalkedEndpoint(string Method, string Path, string Sample, IReadOnlyList<AccessRule> Rules)
{
    public override string ToString() => $"{Method} {Path}";

    public bool IsOpen => Rules is [{ Reason: not null }];

    public bool IsForRoomGuests => Rules is [{ IsForRoomGuests: true }];

    public bool Allows(Roles role) => Rules is [var rule] && (rule.Allowed & role) != Roles.None;

    public bool AllowsToken(string scope) => Rules is [{ TokenScope: { } allowed }] && allowed == scope;
}
