namespace Tocsin.Server.Cli;

/// <summary>What a script can trust. Documented in docs/operations/command-line.md.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command ran and what it was asked for was refused or failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;

    public const int Configuration = 3;
    public const int Database = 4;
    public const int PortTaken = 5;
    public const int DataDirectory = 6;

    /// <summary>The server that a command speaks to does not answer.</summary>
    public const int Unreachable = 7;

    /// <summary>Says why on standard error.</summary>
    public static int Refuse(int code, params string[] reasons)
    {
        foreach (var reason in reasons) Console.Error.WriteLine($"tocsin: {reason}");
        return code;
    }
}
