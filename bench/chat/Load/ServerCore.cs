using System.Text;
using Tocsin.Testing;

namespace Tocsin.Bench.Chat.Load;

/// <summary>The core that is the server's alone, whichever it is; the clients have the others.</summary>
internal static class ServerCore
{
    /// <summary>What the clients' runtime was told is not for a server.</summary>
    private static readonly string[] arguments = ["-u", "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "-u", "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "-u", "DOTNET_TieredPGO", "taskset", "-c", "0"];

    /// <summary>A program that starts another there, for whoever can name but one.</summary>
    public static string Wrap(ScratchDirectory directory, string program)
    {
        var path = directory.File("on-server-core");
        File.WriteAllText(path, $"#!/bin/sh\nexec env {string.Join(' ', arguments)} '{program}' \"$@\"\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    public static Task<TiedProcess> StartAsync(string program, IEnumerable<string> given, IReadOnlyDictionary<string, string>? environment = null, string? directory = null) =>
        TiedProcess.StartAsync("env", [.. arguments, program, .. given], environment, directory);
}
