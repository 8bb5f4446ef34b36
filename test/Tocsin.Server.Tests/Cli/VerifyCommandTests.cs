using System.CommandLine;
using System.Text.Json.Nodes;
using Tocsin.Server.Cli;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Cli;

/// <summary>Archives that the web client's tests wrote.</summary>
public sealed class VerifyCommandTests
{
    private static readonly JsonNode Vectors =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "test", "vectors", "rooms", "export.json")))!;

    [Fact]
    public async Task A_genuine_archive_is_verified_and_written_out_under_harmless_names()
    {
        using var scratch = new ScratchDirectory();
        var archive = await WriteAsync(scratch, Convert.FromBase64String(Vectors["whole"]!.GetValue<string>()));
        var into = scratch.File("into");
        Assert.Equal(ExitCodes.Success, await RunAsync("verify", archive, "--extract", into));
        var messages = await File.ReadAllLinesAsync(Path.Combine(into, "messages.jsonl"), TestContext.Current.CancellationToken);
        Assert.Contains(messages, line => JsonNode.Parse(line)!["content"]?["text"]?.GetValue<string>() == "Water in the basement");
        Assert.Equal(["_évacuation.txt", "empty", "two parts"], Directory.GetFiles(Path.Combine(into, "files")).Select(path => Path.GetFileName(path)[33..]).Order(StringComparer.Ordinal));
        Assert.Equal("north gate\n", await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(into, "files"), "*.txt").Single(), TestContext.Current.CancellationToken));

        // A directory that is there is nobody's to write into.
        Assert.Equal(ExitCodes.Failed, await RunAsync("verify", archive, "--extract", into));
    }

    [Fact]
    public async Task A_changed_archive_is_refused_and_nothing_of_it_is_written()
    {
        using var scratch = new ScratchDirectory();
        var bytes = Convert.FromBase64String(Vectors["small"]!.GetValue<string>());
        bytes[^1] ^= 1;
        var archive = await WriteAsync(scratch, bytes);
        Assert.Equal(ExitCodes.Failed, await RunAsync("verify", archive, "--json"));
        Assert.Equal(ExitCodes.Failed, await RunAsync("verify", archive, "--extract", scratch.File("into")));
        Assert.False(Directory.Exists(scratch.File("into")));
        Assert.Equal(ExitCodes.Failed, await RunAsync("verify", scratch.File("none")));
    }

    [Fact]
    public async Task The_archive_of_a_crisis_is_verified_and_written_out_room_by_room()
    {
        var vectors = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "test", "vectors", "rooms", "crisis-export.json"), TestContext.Current.CancellationToken))!;
        using var scratch = new ScratchDirectory();
        var bytes = Convert.FromBase64String(vectors["whole"]!.GetValue<string>());
        var archive = await WriteAsync(scratch, bytes);
        var into = scratch.File("into");
        Assert.Equal(ExitCodes.Success, await RunAsync("verify", archive, "--extract", into));
        Assert.Equal(["alert.csv", "alert.pdf"], Directory.GetFiles(Path.Combine(into, "documents")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var cell = Path.Combine(into, "rooms", Guid.ParseExact(vectors["cell"]!.GetValue<string>(), "N").ToString());
        Assert.Contains("The pump runs", await File.ReadAllTextAsync(Path.Combine(cell, "messages.jsonl"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(into, "rooms")).Length);

        bytes[^1] ^= 1;
        var changed = await WriteAsync(scratch, bytes);
        Assert.Equal(ExitCodes.Failed, await RunAsync("verify", changed, "--extract", scratch.File("nothing")));
        Assert.False(Directory.Exists(scratch.File("nothing")));
    }

    private static async Task<string> WriteAsync(ScratchDirectory scratch, byte[] archive)
    {
        var path = scratch.File("room.tocsin-room");
        await File.WriteAllBytesAsync(path, archive, TestContext.Current.CancellationToken);
        return path;
    }

    private static Task<int> RunAsync(params string[] arguments)
    {
        var root = new RootCommand { VerifyCommand.Create() };
        root.Options.Add(CommonOptions.Json);
        return root.Parse(arguments).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
    }
}
