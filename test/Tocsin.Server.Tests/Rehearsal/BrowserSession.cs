using Microsoft.Playwright;
using Tocsin.Server.Features.Accounts;
using Tocsin.Storage.Model;
using Tocsin.Testing.Browsers;

namespace Tocsin.Server.Tests.Rehearsal;

/// <summary>A browser that is signed in already, at phone width and in French: for tests of what comes after.</summary>
internal static class BrowserSession
{
    /// <summary>The name of the session's cookie where the connection is not encrypted: the loopback interface.</summary>
    private const string CookieName = "tocsin";

    public static async Task<IPage> OpenAsync(Chromium chromium, ServerUnderTest server, AccountHolder? account)
    {
        var context = await chromium.NewPersonAsync();
        if (account is not null)
        {
            var session = await server.OpenSessionAsync(account, SignInMethod.Passkey);
            await context.AddCookiesAsync([new Cookie { Name = CookieName, Value = session.Token, Url = server.Address.ToString() }]);
        }

        var page = await context.NewPageAsync();
        await page.SetViewportSizeAsync(390, 844);
        return page;
    }
}
