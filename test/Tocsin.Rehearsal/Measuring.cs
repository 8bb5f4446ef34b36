using System.Text.Json;

namespace Tocsin.Rehearsal;

/// <summary>The frame of a measurer. A run that fails ends with 1 and says why: left to the runtime it would end with SIGABRT, as a crash of the server does.</summary>
public static class Measuring
{
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync<T>(Func<CancellationToken, Task<T>> measure, string file)
    {
        ArgumentNullException.ThrowIfNull(measure);
        try
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(await measure(CancellationToken.None), JsonSerializerOptions.Web));
            return 0;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync(exception.ToString());
            return 1;
        }
    }

    /// <summary>Adds to a failure whether the server still ran, with what code it ended where it did not, and what it wrote.</summary>
    public static async Task<T> OfAsync<T>(ServerProcess server, Func<Task<T>> measure)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(measure);
        try
        {
            return await measure();
        }
        catch (Exception exception)
        {
            var ended = server.HasEnded ? $"had ended with {await server.WaitForExitAsync()}" : "was running";
            throw new InvalidOperationException($"The run failed; the server {ended}. What it wrote:\n{server.Output}", exception);
        }
    }
}
