using System.CommandLine;
using System.Net.Sockets;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Accounts.Setup;
using Tocsin.Server.Features.Alerts.Readiness;
using Tocsin.Server.Features.Demonstration;
using Tocsin.Server.Hosting;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Cli;

/// <summary><c>tocsin serve</c>: runs the server until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int?>("--port") { Description = "TCP port to listen on (0: any free one)" };
        var address = new Option<string?>("--address") { Description = "IP address to listen on, or * for all" };
        var demo = new Option<bool>("--demo") { Description = "Create a fictional hospital to try things on" };
        var publicUrl = new Option<string?>("--public-url") { Description = "The address that people's links begin with" };
        var carrierLab = new Option<string?>("--carrier-lab") { Description = "With --demo: the page of the carrier lab, whose phones the hospital's people carry" };
        var webRoot = new Option<string?>("--web-root") { Description = "Directory of the built web client" };
        var command = new Command("serve", "Run the server") { port, address, publicUrl, webRoot, demo, carrierLab };
        command.SetAction((parsed, cancellationToken) =>
        {
            var flags = CommonOptions.Flags(parsed);
            flags["port"] = parsed.GetValue(port)?.ToString(System.Globalization.CultureInfo.InvariantCulture);
            flags["address"] = parsed.GetValue(address);
            flags["publicUrl"] = parsed.GetValue(publicUrl);
            flags["webRoot"] = parsed.GetValue(webRoot);
            flags["carrierLab"] = parsed.GetValue(carrierLab);
            if (parsed.GetValue(demo)) flags["demo"] = "true";
            return RunAsync(ConfigurationReader.Read(parsed.GetValue(CommonOptions.Config), CommonOptions.Given(flags)), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(ConfigurationResult configuration, CancellationToken cancellationToken)
    {
        if (configuration.Options is not { } options) return ExitCodes.Refuse(ExitCodes.Configuration, [.. configuration.Errors]);
        try
        {
            await using var app = TocsinServer.Build(options, configuration.Configuration!);
            await TocsinServer.StartAsync(
                app,
                listening: () => Console.Out.WriteLine($"Tocsin listens at {app.Services.GetRequiredService<ServerAddress>().Public}"),
                prepared: () => app.Services.GetRequiredService<FirstAlertRehearsal>().Announce(),
                cancellationToken);
            var rehearsal = app.Services.GetRequiredService<FirstAlertRehearsal>().RunAsync(app.Lifetime.ApplicationStopping);
            if (options.Demo) await AnnounceDemonstrationAsync(app, options, cancellationToken);
            if (await app.Services.GetRequiredService<FirstSetup>().IssueLinkAsync(cancellationToken) is { } link)
                await Console.Out.WriteLineAsync($"Set it up within the hour, on this link that works once: {link.Address}");
            await app.WaitForShutdownAsync(cancellationToken);
            await rehearsal;
            return ExitCodes.Success;
        }
        catch (SchemaRefusedException exception)
        {
            return ExitCodes.Refuse(ExitCodes.Database, exception.Message);
        }
        catch (Exception exception) when (DatabaseFailure.In(exception) is { } failure)
        {
            return DatabaseFailure.Refuse(failure);
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return ExitCodes.Refuse(ExitCodes.PortTaken, $"Port {options.Port} is taken by another program. Choose another with --port.");
        }
        catch (SocketException exception)
        {
            return ExitCodes.Refuse(ExitCodes.Configuration, $"Cannot listen on {options.Address}:{options.Port}: {exception.Message}");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            return ExitCodes.Refuse(ExitCodes.DataDirectory, $"The data directory {Path.GetFullPath(options.Data)} cannot be written: {exception.Message}");
        }
    }

    private static async Task AnnounceDemonstrationAsync(WebApplication app, TocsinOptions options, CancellationToken cancellationToken)
    {
        var ways = await app.Services.GetRequiredService<DemonstrationStart>().PrepareAsync(cancellationToken);
        if (ways is null)
        {
            await Console.Error.WriteLineAsync("tocsin: this data directory holds a real installation: no demonstration was added to it.");
            return;
        }

        var address = app.Services.GetRequiredService<ServerAddress>().Public.GetLeftPart(UriPartial.Authority);
        if (options.CarrierLab is { } lab) await Console.Out.WriteLineAsync($"\nIts simulated phones, where SMS, mails and notifications arrive:\n  {lab}");
        await Console.Out.WriteLineAsync("\nOpen a link to sign in as one of its people (each works once; a restart prints new ones):");
        foreach (var way in ways)
        {
            var roles = string.Join(", ", RoleNames.NamesOf(way.Person.Roles));
            await Console.Out.WriteLineAsync($"  {way.Person.Given} {way.Person.Family}, {way.Person.JobTitle} ({roles})");
            await Console.Out.WriteLineAsync($"    {address}/sign-in#card={way.Person.Key}&code={way.Code}");
        }
    }
}
