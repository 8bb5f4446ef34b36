using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Tocsin.Server.Features.AlertsApi.Board;
using Tocsin.Server.Features.AlertsApi.Raising;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Events;

namespace Tocsin.Server.Cli;

/// <summary>What the alert commands ask of a server, with an API token.</summary>
internal sealed class AlertClient(ParseResult parsed, HttpClient http)
{
    private const string TokenVariable = "TOCSIN_TOKEN";

    private static readonly TimeSpan timeLimit = TimeSpan.FromSeconds(30);

    // Short enough to follow, long enough that a forgotten terminal costs nothing.
    private static readonly TimeSpan watchInterval = TimeSpan.FromSeconds(2);

    private static readonly JsonSerializerOptions json = WireOptions();

    public static async Task<int> RunAsync(ParseResult parsed, string server, string? tokenFile, Func<AlertClient, Task<int>> work)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return ExitCodes.Refuse(ExitCodes.Usage, $"--server: '{server}' is not an http(s) address.");
        if (tokenFile is not null && !File.Exists(tokenFile)) return ExitCodes.Refuse(ExitCodes.Usage, $"--token-file: {tokenFile} does not exist.");
        var token = (tokenFile is null ? Environment.GetEnvironmentVariable(TokenVariable) : await File.ReadAllTextAsync(tokenFile))?.Trim();
        if (string.IsNullOrEmpty(token)) return ExitCodes.Refuse(ExitCodes.Usage, $"An API token is needed: give --token-file, or set {TokenVariable}.");

        // The token goes to the server that was named, and to none that it would point at.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address, Timeout = timeLimit };
        if (!AuthenticationHeaderValue.TryParse($"Bearer {token}", out var bearer)) return ExitCodes.Refuse(ExitCodes.Usage, "The API token holds characters that no token has.");
        http.DefaultRequestHeaders.Authorization = bearer;
        try
        {
            return await work(new AlertClient(parsed, http));
        }
        catch (HttpRequestException failure)
        {
            return ExitCodes.Refuse(ExitCodes.Unreachable, $"The server at {address} cannot be reached: {failure.Message}");
        }
        catch (TaskCanceledException late) when (late.InnerException is TimeoutException)
        {
            return ExitCodes.Refuse(ExitCodes.Unreachable, $"The server at {address} did not answer in {timeLimit.TotalSeconds:0} seconds. It may have done what it was asked: try again with the same --idempotency-key.");
        }
        catch (JsonException)
        {
            return ExitCodes.Refuse(ExitCodes.Unreachable, $"What answers at {address} is not Tocsin.");
        }
    }

    /// <returns>False where one has no name, or a name comes twice.</returns>
    public static bool TryParseVariables(IEnumerable<string> given, out Dictionary<string, string?> values)
    {
        values = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var variable in given)
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !values.TryAdd(variable[..equals], variable[(equals + 1)..])) return false;
        }

        return true;
    }

    public async Task<int> RaiseAsync(string scenario, Dictionary<string, string?> values, bool exercise, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/alerts")
        {
            Content = JsonContent.Create(
                new RaiseRequest(ScenarioKey: scenario, Variables: values, Mode: exercise ? Alerting.Content.AlertMode.Exercise : null), options: Alerting.AlertingJson.Options),
        };

        // Without a key of the caller's, one of our own still makes a retry by the network harmless.
        if (!request.Headers.TryAddWithoutValidation("Idempotency-Key", key ?? Guid.CreateVersion7().ToString()))
            return ExitCodes.Refuse(ExitCodes.Usage, "--idempotency-key takes 1 to 128 printable ASCII characters.");
        using var answer = await http.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode) return await RefuseAsync(answer, cancellationToken);
        var alert = await ReadAsync<AlertSummary>(answer, cancellationToken);
        CommandOutput.Write(parsed, alert, raised =>
            [string.Create(CultureInfo.InvariantCulture, $"Raised alert {raised.Number}{(raised.Mode == Alerting.Content.AlertMode.Exercise ? " (exercise)" : "")} for {raised.Recipients} people.")]);
        return ExitCodes.Success;
    }

    public async Task<int> ShowAsync(long number, bool watch, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(watchInterval);
        string? shown = null;
        while (true)
        {
            using var answer = await http.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/alerts/by-number/{number}/board"), cancellationToken);
            if (!answer.IsSuccessStatusCode) return await RefuseAsync(answer, cancellationToken);
            var board = await ReadAsync<BoardView>(answer, cancellationToken);
            var line = Describe(board);
            if (line != shown) CommandOutput.Write(parsed, board, _ => [line]);
            shown = line;
            if (!watch || board.Alert.State != AlertState.Active) return ExitCodes.Success;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static string Describe(BoardView board)
    {
        var standing = Enum.GetValues<Standing>().Where(s => board.Standings.GetValueOrDefault(s) > 0)
            .Select(s => string.Create(CultureInfo.InvariantCulture, $"{JsonNamingPolicy.KebabCaseLower.ConvertName(s.ToString())} {board.Standings[s]}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Alert {board.Alert.Number}, {JsonNamingPolicy.KebabCaseLower.ConvertName(board.Alert.State.ToString())}: {board.Alert.Answered} of {board.Alert.Recipients} answered; {string.Join(", ", standing)}.");
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        await answer.Content.ReadFromJsonAsync<T>(json, cancellationToken) ?? throw new JsonException("The answer is empty.");

    private static async Task<int> RefuseAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var problem = await answer.Content.ReadFromJsonAsync<Problem>(json, cancellationToken);
        var fields = (problem?.Fields ?? new Dictionary<string, string>(StringComparer.Ordinal)).Select(field => $"{field.Key}: {field.Value}");
        return ExitCodes.Refuse(ExitCodes.Failed, [$"{problem?.Title ?? "The server refused."} ({problem?.Code ?? answer.StatusCode.ToString()})", .. fields]);
    }

    private static JsonSerializerOptions WireOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        EventJson.Configure(options);
        Alerting.AlertingJson.AddValueConverters(options);
        return options;
    }

    private sealed record Problem(string? Code, string? Title, IReadOnlyDictionary<string, string>? Fields);
}
