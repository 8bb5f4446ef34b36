using System.CommandLine;
using Tocsin.Server.Cli;

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
