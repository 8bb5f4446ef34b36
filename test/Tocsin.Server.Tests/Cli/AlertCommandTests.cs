using System.CommandLine;
using Tocsin.Server.Access;
using Tocsin.Server.Cli;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Cli;

public sealed class AlertCommandTests
{
    [Fact]
    public async Task A_script_raises_a_prepared_alert_once_and_asks_how_it_stands()
    {
        await using var world = await AlertedServer.StartAsync();
        using var directory = new ScratchDirectory();
        var tokenFile = await TokenFileAsync(world, directory, TokenScopes.RaiseAlert, TokenScopes.ReadAlerts);
        string[] raise = ["alert", "raise", "ransomware", "--var", "number=01 23 45 67 89", "--exercise", "--idempotency-key", "event-7", "--token-file", tokenFile];
        Assert.Equal(ExitCodes.Success, await RunAsync(world, raise));
        Assert.Equal(ExitCodes.Success, await RunAsync(world, raise));
        var alert = (await (await world.DirectorAsync()).GetJsonAsync(AlertedServer.Alerts))["items"]!.AsArray().Single()!;
        Assert.Equal("exercise", alert["mode"]!.GetValue<string>());
        Assert.Equal(ExitCodes.Success, await RunAsync(world, "alert", "status", "1", "--token-file", tokenFile, "--json"));
    }

    [Fact]
    public async Task Each_way_to_fail_has_its_exit_code()
    {
        await using var world = await AlertedServer.StartAsync();
        using var directory = new ScratchDirectory();
        var tokenFile = await TokenFileAsync(world, directory, TokenScopes.RaiseAlert);
        Assert.Equal(ExitCodes.Failed, await RunAsync(world, "alert", "raise", "no-such-scenario", "--token-file", tokenFile));
        Assert.Equal(ExitCodes.Failed, await RunAsync(world, "alert", "raise", "ransomware", "--var", "colour=red", "--token-file", tokenFile));
        Assert.Equal(ExitCodes.Failed, await RunAsync(world, "alert", "status", "1", "--token-file", tokenFile));
        Assert.Equal(ExitCodes.Usage, await RunAsync(world, "alert", "raise", "ransomware", "--var", "colour", "--token-file", tokenFile));
        Assert.Equal(ExitCodes.Usage, await RunAsync(world, "alert", "raise", "ransomware", "--token-file", directory.File("none")));
        using var nobody = new UnusedPort();
        Assert.Equal(ExitCodes.Unreachable, await RunAsync("alert", "raise", "ransomware", "--token-file", tokenFile, "--server", nobody.Address));
    }

    private static Task<int> RunAsync(AlertedServer world, params string[] arguments) => RunAsync([.. arguments, "--server", world.Server.Address.AbsoluteUri]);

    private static Task<int> RunAsync(params string[] arguments)
    {
        var root = new RootCommand { AlertCommand.Create() };
        root.Options.Add(CommonOptions.Json);
        var parsed = root.Parse(arguments);
        Assert.Empty(parsed.Errors);
        return parsed.InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task<string> TokenFileAsync(AlertedServer world, ScratchDirectory directory, params string[] scopes)
    {
        var machine = await world.Server.WithApiTokenAsync(scopes);
        var file = directory.File("token");
        await File.WriteAllTextAsync(file, machine.DefaultRequestHeaders.Authorization!.Parameter + "\n", TestContext.Current.CancellationToken);
        return file;
    }

    /// <summary>A port that is bound, so that nobody else takes it, and that nobody listens on.</summary>
    private sealed class UnusedPort : IDisposable
    {
        private readonly System.Net.Sockets.Socket socket = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);

        public UnusedPort() => socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));

        public string Address => $"http://127.0.0.1:{((System.Net.IPEndPoint)socket.LocalEndPoint!).Port}";

        public void Dispose() => socket.Dispose();
    }
}
