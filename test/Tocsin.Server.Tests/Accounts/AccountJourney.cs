using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tocsin.Server.Features.Accounts.Passwords;
using Tocsin.Server.Features.Accounts.Setup;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Accounts;

/// <summary>A browser that keeps cookies, on our own pages, and a person with an authenticator app.</summary>
internal sealed class AccountJourney(ServerUnderTest server, ManualTimeProvider time) : IDisposable
{
    public const string Password = "le chat dort sur la table";

    private readonly SocketsHttpHandler handler = new() { CookieContainer = new CookieContainer(), AllowAutoRedirect = false };

    public HttpClient Browser => field ??= Open();

    public byte[] AuthenticatorKey { get; private set; } = [];

    /// <summary>What the app shows now.</summary>
    public string Code => OneTimeCode.At(AuthenticatorKey, OneTimeCode.StepAt(time.GetUtcNow()));

    /// <summary>The first start's link, used with a password.</summary>
    public async Task SetUpFirstAdministratorAsync(string signInName = "admin.one")
    {
        var link = await server.Services.GetRequiredService<FirstSetup>().IssueLinkAsync(TestContext.Current.CancellationToken);
        var administrator = new { signInName, givenName = "Ada", familyName = "Lovelace", language = "en", organisation = "Centre hospitalier de Valmont", timeZone = "Europe/Paris" };
        Assert.Equal(HttpStatusCode.OK, (await SetUpAsync(link!.Address, administrator)).Status);
    }

    /// <summary>Follows a set-up link with a password and an authenticator.</summary>
    public async Task<Answer> SetUpAsync(Uri link, object? administrator = null, string password = Password)
    {
        var token = link.Fragment[1..];
        var offer = await SendAsync(HttpMethod.Post, "/api/v1/setup/authenticator", new { token, administrator });
        if (offer.Status != HttpStatusCode.OK) return offer;
        TakeKey(offer);
        return await SendAsync(HttpMethod.Post, "/api/v1/setup/password", new { token, administrator, password, enrolment = offer.Text("enrolment"), code = Code });
    }

    /// <summary>Scans what an offer's QR code says.</summary>
    public void TakeKey(Answer offer) => AuthenticatorKey = Base32Key.Decode(offer.Text("key"));

    public Task<Answer> SignInAsync(string signInName, string password = Password, string? code = null) =>
        SendAsync(HttpMethod.Post, "/api/v1/sign-in/password", new { signInName, password, code = code ?? Code });

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType());
        using var answer = await Browser.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer(answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text), answer.Headers.RetryAfter?.Delta);
    }

    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, object? body = null) => (await SendAsync(method, path, body)).Status;

    /// <summary>Forgets every cookie: another device, or the same one wiped.</summary>
    public void ForgetCookies()
    {
        foreach (Cookie cookie in handler.CookieContainer.GetCookies(server.Address)) cookie.Expired = true;
    }

    public IEnumerable<string> CookieNames => handler.CookieContainer.GetCookies(server.Address).Select(cookie => cookie.Name);

    public void Dispose()
    {
        Browser.Dispose();
        handler.Dispose();
    }

    private HttpClient Open()
    {
        var client = new HttpClient(handler, disposeHandler: false) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return client;
    }
}

internal sealed record Answer(HttpStatusCode Status, JsonElement Body, TimeSpan? RetryAfter)
{
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string Text(string property) => Body.GetProperty(property).GetString()!;
}

/// <summary>What an authenticator app does with a typed key.</summary>
internal static class Base32Key
{
    public static byte[] Decode(string text)
    {
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var c in text)
        {
            buffer = (buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal);
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(buffer >> bits));
            buffer &= (1 << bits) - 1;
        }

        return [.. bytes];
    }
}
