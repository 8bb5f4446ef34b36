using System.CommandLine;
using System.Globalization;
using Tocsin.Server.Cli;

// What machines read is written the same whatever language this machine speaks; what people read says its language itself.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
var root = new RootCommand("Tocsin: the emergency communication system that an organisation runs itself")
{
    ServeCommand.Create(),
    AlertCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    VerifyCommand.Create(),
    DoctorCommand.Create(),
    AccountsCommand.Create(),
    PeopleCommand.Create(),
    PublicCommand.Create(),
};
root.Options.Add(CommonOptions.Config);
root.Options.Add(CommonOptions.Data);
root.Options.Add(CommonOptions.Database);
root.Options.Add(CommonOptions.Json);
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0) return ExitCodes.Refuse(ExitCodes.Usage, [.. parsed.Errors.Select(error => error.Message)]);
return await parsed.InvokeAsync();
