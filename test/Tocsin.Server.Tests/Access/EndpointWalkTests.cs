using System.Text;
using Tocsin.Server.Access;
using Tocsin.Server.Tests.Rooms;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Access;

/// <summary>All endpoints, as every role, with every API token, and as nobody.</summary>
public sealed class EndpointWalkTests
{
    [Fact]
    public async Task Every_endpoint_states_one_access_rule()
    {
        await using var server = await ServerUnderTest.StartAsync(configure: ServeAPage);
        var endpoints = EndpointWalk.All(server);
        Assert.NotEmpty(endpoints);
        Assert.Empty(endpoints.Where(endpoint => endpoint.Rules.Count != 1).Select(endpoint => $"{endpoint} has {endpoint.Rules.Count} access rules"));
        Assert.Empty(endpoints.Where(endpoint => endpoint.Rules[0] is { Reason: null, Allowed: Roles.None, IsForRoomGuests: false }).Select(endpoint => $"{endpoint} is for nobody"));
    }

    [Fact]
    public async Task Every_endpoint_lets_in_whom_its_rule_names_and_nobody_else()
    {
        await using var server = await ServerUnderTest.StartAsync(replace: EndpointWalk.StopAtTheDoor, configure: ServeAPage);
        var wrong = new List<string>();
        foreach (var endpoint in EndpointWalk.All(server))
        {
            Expect(wrong, "nobody", endpoint, endpoint.IsOpen, 401, "not-signed-in", await EndpointWalk.AskAsync(server.Anonymous, endpoint));
            foreach (var role in RoleNames.Every)
            {
                // Where guests of a room are asked for, no other session is looked at.
                var (status, code) = endpoint.IsForRoomGuests ? (401, "not-signed-in") : (403, "not-allowed");
                Expect(wrong, RoleNames.Of(role), endpoint, endpoint.IsOpen || endpoint.Allows(role), status, code, await EndpointWalk.AskAsync(await server.AsAsync(role), endpoint));
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_guest_of_a_room_reaches_what_is_for_guests_and_nothing_else()
    {
        await using var server = await ServerUnderTest.StartAsync(replace: EndpointWalk.StopAtTheDoor, configure: ServeAPage);
        var guest = await RoomGuests.WithCookieAsync(server);
        var wrong = new List<string>();
        foreach (var endpoint in EndpointWalk.All(server))
            Expect(wrong, "guest of a room", endpoint, endpoint.IsOpen || endpoint.IsForRoomGuests, 401, "not-signed-in", await EndpointWalk.AskAsync(guest, endpoint));
        Assert.Empty(wrong);
        Assert.Contains(EndpointWalk.All(server), endpoint => endpoint.IsForRoomGuests);
    }

    [Fact]
    public async Task Every_api_token_opens_what_its_scope_names_and_nothing_else()
    {
        await using var server = await ServerUnderTest.StartAsync(replace: EndpointWalk.StopAtTheDoor, configure: ServeAPage);
        var wrong = new List<string>();
        foreach (var scope in TokenScopes.Every)
        {
            var machine = await server.WithApiTokenAsync(scope);
            foreach (var endpoint in EndpointWalk.All(server))
            {
                var (status, code) = endpoint.IsForRoomGuests ? (401, "not-signed-in") : (403, "not-allowed");
                Expect(wrong, scope, endpoint, endpoint.IsOpen || endpoint.AllowsToken(scope), status, code, await EndpointWalk.AskAsync(machine, endpoint));
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_scope_that_an_endpoint_names_can_be_given_to_a_token()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var used = EndpointWalk.All(server).SelectMany(endpoint => endpoint.Rules).Select(rule => rule.TokenScope).OfType<string>().ToHashSet(StringComparer.Ordinal);
        Assert.Empty(used.Except(TokenScopes.Every, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_says_who_may_call_what()
    {
        await using var server = await ServerUnderTest.StartAsync(configure: ServeAPage);
        var document = Path.Combine(Repository.Root, "docs", "protocol", "access.md");
        var expected = Describe(EndpointWalk.All(server));
        if (Environment.GetEnvironmentVariable("TOCSIN_WRITE_CONTRACT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(document)!);
            await File.WriteAllTextAsync(document, expected, TestContext.Current.CancellationToken);
        }

        var actual = File.Exists(document) ? await File.ReadAllTextAsync(document, TestContext.Current.CancellationToken) : "";
        Assert.True(expected == actual, "docs/protocol/access.md is not what the server does: run this test with TOCSIN_WRITE_CONTRACT=1 and look at what changed.");
    }

    /// <summary>Static files and the fallback to the page are part of the walk, so there must be a page.</summary>
    private static void ServeAPage(Tocsin.Server.Hosting.TocsinOptions options)
    {
        options.WebRoot = Path.Combine(options.Data, "web");
        Directory.CreateDirectory(options.WebRoot);
        File.WriteAllText(Path.Combine(options.WebRoot, "index.html"), "<!doctype html>");
    }

    private static void Expect(List<string> wrong, string who, WalkedEndpoint endpoint, bool isAllowed, int refusedStatus, string refusedCode, (int Status, string? Code) answer)
    {
        var isRight = (isAllowed, endpoint.IsOpen) switch
        {
            // An open endpoint does its work: whatever it answers to an empty request, it is not that one must sign in.
            (true, true) => answer.Code is not ("not-signed-in" or "not-allowed"),
            (true, false) => answer.Status == EndpointWalk.LetIn,
            (false, _) => answer.Status == refusedStatus && answer.Code == refusedCode,
        };
        if (!isRight) wrong.Add($"{endpoint} answered {answer.Status} {answer.Code} to {who}");
    }

    private static string Describe(IReadOnlyList<WalkedEndpoint> endpoints)
    {
        var text = new StringBuilder("# Who may call what\n\nMade by the test that walks all endpoints. A role or API token scope that is not named gets 403 `not-allowed`; nobody gets 401 `not-signed-in`.\n\n");
        text.Append("| endpoint | roles | API token scope |\n| --- | --- | --- |\n");
        foreach (var endpoint in endpoints)
        {
            var rule = endpoint.Rules[0];
            var who = rule.Reason is { } reason ? $"everybody: {reason}" : rule.IsForRoomGuests ? "guests of a room, of the one that their session names" : rule.Allowed == Roles.All ? "everybody signed in" : string.Join(", ", RoleNames.NamesOf(rule.Allowed));
            text.Append($"| `{endpoint}` | {who} | {(rule.TokenScope is { } scope ? $"`{scope}`" : "")} |\n");
        }

        return text.ToString();
    }
}
