using System.Text.Json;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Demonstration;

/// <summary>The carrier lab that runs beside the demonstration: told whose phone has which number, and asked to subscribe some to notifications.</summary>
internal sealed class CarrierLab(Uri page) : IDisposable
{
    private readonly HttpClient client = new() { BaseAddress = page, Timeout = TimeSpan.FromSeconds(10) };

    public Task IntroduceAsync(IEnumerable<LabPerson> people, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, "/api/people", people, cancellationToken);

    /// <returns>The endpoint, and the whole subscription as a browser would give it.</returns>
    public async Task<(string Endpoint, string Subscription)> SubscribeAsync(string person, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await SendAsync(HttpMethod.Post, "/api/push-subscriptions", new { person }, cancellationToken));
        return (answer.RootElement.GetProperty("endpoint").GetString()!, answer.RootElement.GetRawText());
    }

    public void Dispose() => client.Dispose();

    private async Task<string> SendAsync<T>(HttpMethod method, string path, T body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }
}

/// <param name="Detail">What the page shows under the name.</param>
internal sealed record LabPerson(string Id, string Name, string? Detail, string? Mobile, string? Mail)
{
    public static LabPerson Of(Person person, IEnumerable<StoredContactPoint> points)
    {
        var all = points.ToList();
        return new LabPerson(
            person.Id.ToString(),
            person.DisplayName,
            person.JobTitle,
            all.Find(p => p.Kind == Alerting.Plans.ContactPointKind.Mobile)?.Address,
            all.Find(p => p.Kind == Alerting.Plans.ContactPointKind.Email)?.Address);
    }
}
