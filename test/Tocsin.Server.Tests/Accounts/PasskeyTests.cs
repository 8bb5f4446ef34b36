using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tocsin.Server.Features.Accounts.Setup;
using Tocsin.Testing.Browsers;

namespace Tocsin.Server.Tests.Accounts;

/// <summary>Passkeys in a real Chromium with a virtual authenticator: the ceremonies are the browser's own.</summary>
public sealed class PasskeyTests : IAsyncLifetime
{
    // What a page does: the server's options go into the browser's API, its answer goes back.
    private const string Ceremony = """
        async ({ kind, options, send, extra }) => {
          const post = (path, body) => fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
          const asked = await post(options, extra);
          const answer = await asked.json();
          if (!asked.ok) return answer;
          try {
            const credential = kind === 'create'
              ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(answer.publicKey) })
              : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(answer.publicKey) });
            window.lastCredential = credential.toJSON();
          } catch (error) {
            return { code: error.name };
          }
          return await (await post(send, { ...extra, credential: window.lastCredential })).json();
        }
        """;

    private ServerUnderTest server = null!;
    private Chromium chromium = null!;

    public async ValueTask InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync(configure: options =>
        {
            options.WebRoot = Path.Combine(options.Data, "web");
            Directory.CreateDirectory(options.WebRoot);
            File.WriteAllText(Path.Combine(options.WebRoot, "index.html"), "<!doctype html><title>Passkeys</title>");
        });
        chromium = await Chromium.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task The_first_administrator_sets_up_with_a_passkey_and_signs_in_again_without_a_name()
    {
        var (page, authenticator) = await NewDeviceAsync();
        var made = await SetUpAsync(page);
        Assert.Equal("passkey", made.GetProperty("method").GetString());
        Assert.Single(await authenticator.CredentialsAsync());
        Assert.Equal(204, await FetchAsync(page, "DELETE", "/api/v1/session"));
        Assert.Equal(401, await FetchAsync(page, "GET", "/api/v1/session"));
        var signedIn = await SignInAsync(page);
        Assert.Equal("Ada Lovelace", signedIn.GetProperty("account").GetProperty("name").GetString());
        Assert.Equal(200, await FetchAsync(page, "GET", "/api/v1/session"));
    }

    [Fact]
    public async Task A_second_passkey_is_added_and_the_last_one_cannot_be_removed()
    {
        var (page, _) = await NewDeviceAsync();
        await SetUpAsync(page);
        var known = await RunAsync(page, "create", "/api/v1/passkeys/options", "/api/v1/passkeys", new { name = "Second" });
        Assert.Equal("InvalidStateError", known.GetProperty("code").GetString());
        var (elsewhere, _) = await NewDeviceAsync();
        await elsewhere.Context.AddCookiesAsync((await page.Context.CookiesAsync()).Select(cookie => new Microsoft.Playwright.Cookie { Name = cookie.Name, Value = cookie.Value, Url = server.Address.ToString(), HttpOnly = true }));
        var added = await RunAsync(elsewhere, "create", "/api/v1/passkeys/options", "/api/v1/passkeys", new { name = "Tablette de la salle de crise" });
        Assert.Equal("Tablette de la salle de crise", added.GetProperty("name").GetString());
        var passkeys = (await GetAsync(page, "/api/v1/passkeys")).GetProperty("items").EnumerateArray().Select(passkey => passkey.GetProperty("id").GetString()).ToArray();
        Assert.Equal(2, passkeys.Length);
        Assert.Equal(204, await FetchAsync(page, "DELETE", $"/api/v1/passkeys/{passkeys[0]}"));
        Assert.Equal(409, await FetchAsync(page, "DELETE", $"/api/v1/passkeys/{passkeys[1]}"));
        Assert.Equal("passkey-refused", (await SignInAsync(page)).GetProperty("code").GetString());
        Assert.Equal("Ada Lovelace", (await SignInAsync(elsewhere)).GetProperty("account").GetProperty("name").GetString());
    }

    [Fact]
    public async Task An_answer_serves_once_and_only_with_its_own_challenge()
    {
        var (page, _) = await NewDeviceAsync();
        await SetUpAsync(page);
        await SignInAsync(page);
        const string again = """
            async (fresh) => {
              const post = (path, body) => fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
              if (fresh) await post('/api/v1/sign-in/passkey/options', {});
              return await (await post('/api/v1/sign-in/passkey', { credential: window.lastCredential })).json();
            }
            """;
        Assert.Equal("passkey-too-late", (await page.EvaluateAsync<JsonElement>(again, false)).GetProperty("code").GetString());
        Assert.Equal("passkey-refused", (await page.EvaluateAsync<JsonElement>(again, true)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Without_finger_or_PIN_a_passkey_does_not_sign_in()
    {
        var (page, authenticator) = await NewDeviceAsync();
        await SetUpAsync(page);
        await authenticator.SetUserVerifiedAsync(false);
        Assert.Equal("NotAllowedError", (await SignInAsync(page)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_disabled_account_is_refused_though_its_passkey_is_right()
    {
        var (page, _) = await NewDeviceAsync();
        var made = await SetUpAsync(page);
        var other = await server.SignInAsync(await server.CreateAccountAsync(Storage.Model.Roles.Administrator));
        var account = made.GetProperty("account").GetProperty("id").GetString();
        using var disabled = await other.PostAsync(new Uri($"/api/v1/accounts/{account}/disable", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, disabled.StatusCode);
        Assert.Equal("sign-in-refused", (await SignInAsync(page)).GetProperty("code").GetString());
    }

    private async Task<(IPage Page, VirtualAuthenticator Authenticator)> NewDeviceAsync()
    {
        var person = await chromium.NewPersonAsync();
        var page = await person.NewPageAsync();
        await page.GotoAsync(server.Address.ToString());
        return (page, await VirtualAuthenticator.PlugIntoAsync(page));
    }

    private async Task<JsonElement> SetUpAsync(IPage page)
    {
        var link = await server.Services.GetRequiredService<FirstSetup>().IssueLinkAsync(TestContext.Current.CancellationToken);
        var administrator = new { signInName = "ada", givenName = "Ada", familyName = "Lovelace", language = "fr" };
        return await RunAsync(page, "create", "/api/v1/setup/passkey/options", "/api/v1/setup/passkey", new { token = link!.Address.Fragment[1..], administrator });
    }

    private static Task<JsonElement> SignInAsync(IPage page) => RunAsync(page, "get", "/api/v1/sign-in/passkey/options", "/api/v1/sign-in/passkey", new { });

    private static Task<JsonElement> RunAsync(IPage page, string kind, string options, string send, object extra) =>
        page.EvaluateAsync<JsonElement>(Ceremony, new { kind, options, send, extra });

    private static Task<int> FetchAsync(IPage page, string method, string path) =>
        page.EvaluateAsync<int>("async ({ method, path }) => (await fetch(path, { method })).status", new { method, path });

    private static Task<JsonElement> GetAsync(IPage page, string path) => page.EvaluateAsync<JsonElement>("async (path) => (await fetch(path)).json()", path);
}
