using System.CommandLine;

namespace Tocsin.Server.Cli;

/// <summary><c>tocsin alert raise</c> and <c>tocsin alert status</c>: for monitoring and scripts, through a running server's API.</summary>
internal static class AlertCommand
{
    private static readonly Option<string> server = new("--server")
    {
        Description = "Address of the server (default: TOCSIN_SERVER, or http://localhost:7480)",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("TOCSIN_SERVER") ?? "http://localhost:7480",
        Recursive = true,
    };

    private static readonly Option<string?> tokenFile = new("--token-file") { Description = "File that holds the API token (default: the variable TOCSIN_TOKEN)", Recursive = true };

    public static Command Create()
    {
        var command = new Command("alert", "Raise a prepared alert, or see how one stands") { Raise(), Status() };
        command.Options.Add(server);
        command.Options.Add(tokenFile);
        return command;
    }

    private static Command Raise()
    {
        var scenario = new Argument<string>("SCENARIO_KEY") { Description = "Key of a prepared scenario that is switched on" };
        var variables = new Option<string[]>("--var") { Description = "NAME=VALUE for one of the scenario's variables; may be given several times" };
        var exercise = new Option<bool>("--exercise") { Description = "Raise it as an exercise, whatever the scenario says" };
        var key = new Option<string?>("--idempotency-key") { Description = "The same key raises once: give the event's own id, so that a repeated run is harmless" };
        var command = new Command("raise", "Raise a prepared scenario. Needs a token with alerts:raise") { scenario, variables, exercise, key };
        command.SetAction((parsed, cancellationToken) =>
            AlertClient.TryParseVariables(parsed.GetValue(variables) ?? [], out var values)
                ? AlertClient.RunAsync(parsed, parsed.GetValue(server)!, parsed.GetValue(tokenFile), client =>
                    client.RaiseAsync(parsed.GetValue(scenario)!, values, parsed.GetValue(exercise), parsed.GetValue(key), cancellationToken))
                : Task.FromResult(ExitCodes.Refuse(ExitCodes.Usage, "--var takes NAME=VALUE, each name once.")));
        return command;
    }

    private static Command Status()
    {
        var number = new Argument<long>("NUMBER") { Description = "The alert's number" };
        var watch = new Option<bool>("--watch") { Description = "Say it again at every change, until the alert has ended" };
        var command = new Command("status", "Say how an alert stands. Needs a token with alerts:read") { number, watch };
        command.SetAction((parsed, cancellationToken) => AlertClient.RunAsync(parsed, parsed.GetValue(server)!, parsed.GetValue(tokenFile), client =>
            client.ShowAsync(parsed.GetValue(number), parsed.GetValue(watch), cancellationToken)));
        return command;
    }
}
