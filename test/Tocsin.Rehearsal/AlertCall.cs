using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Tocsin.Alerting;

namespace Tocsin.Rehearsal;

/// <summary>Raises an alert as the web client does.</summary>
public static class AlertCall
{
    /// <summary>Accents, an escaped sign and an apostrophe: what a wrong alphabet would break. All of it is in the GSM 7-bit alphabet.</summary>
    public const string Body = "Évacuez par l'escalier à gauche, prévenez vos collègues [zone A].";

    /// <summary>An audience of everyone.</summary>
    public static object Everyone { get; } = new { include = new { everyone = true } };

    /// <summary>An audience of some.</summary>
    public static object Only(IEnumerable<PersonId> people) => new { include = new { people = people.Select(person => person.Value) } };

    /// <summary>At once.</summary>
    /// <param name="key">The idempotency key of somebody who asks again; null for a new one.</param>
    /// <param name="channels">By which; null for SMS and mail.</param>
    /// <returns>The alert and when it was answered for (<see cref="Stopwatch.GetTimestamp"/>).</returns>
    public static async Task<(AlertId Id, long AskedAt, long AnsweredAt)> RaiseAsync(HttpClient client, object audience, CancellationToken cancellationToken, string? key = null, string[]? channels = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        var request = new
        {
            mode = "real",
            severity = "extreme",
            title = new { fr = "Incendie unité B", en = "Fire in building B" },
            body = new { fr = Body, en = "Leave by the stairs." },
            audience,
            plan = new { steps = new[] { new { channels = channels ?? ["sms", "email"] } } },
        };
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/alerts", UriKind.Relative)) { Content = JsonContent.Create(request) };
        message.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        var asked = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(message, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var answered = Stopwatch.GetTimestamp();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"The alert was refused: {(int)response.StatusCode} {text}");
        using var answer = JsonDocument.Parse(text);
        return (new AlertId(answer.RootElement.GetProperty("id").GetGuid()), asked, answered);
    }

    /// <summary>A browser on the server's own pages.</summary>
    public static HttpClient Browser(ServerProcess server, Organisation organisation)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(organisation);
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(1) };
        client.DefaultRequestHeaders.Add("Cookie", organisation.Cookie);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return client;
    }

    /// <summary>What is wrong with a text that a person got, or null: the words intact, and a link to answer by.</summary>
    public static string? Judge(string address, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Contains(Body, StringComparison.Ordinal)) return $"{address} got other words: {text}";
        return text.Contains("/a/", StringComparison.Ordinal) ? null : $"{address} got no link: {text}";
    }
}
