using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Storage.Model;
using Tocsin.Testing.Browsers;

namespace Tocsin.Server.Tests.Rehearsal;

/// <summary>Names and messages that would be scripts, turn the writing round or never end, in a real browser: nothing runs, every letter is shown, no page grows wider than the phone.</summary>
public sealed class HostileTextTests
{
    private const string Script = "<script>window.ran=1</script> Scripte";
    private const string Picture = "<img src=x onerror=window.ran=1> Image";
    private const string Expression = "{{constructor.constructor('window.ran=1')()}} ${window.ran=1} Gabarit";

    /// <summary>Names typed in are refused with such a mark; one that came by another way is shown without turning round what stands beside it.</summary>
    private const string TurnedRound = "Anne \u202Ednarud eiléma Durand";

    private static readonly string endless = new('W', 200);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hostile_names_and_messages_run_nothing_and_break_no_page()
    {
        await using var world = await AlertedServer.StartWithClientAsync(Script, Picture, Expression, TurnedRound, endless);
        var alert = await world.RaiseAsync(request =>
        {
            request["title"] = new JsonObject { ["fr"] = $"{Script} {new string('W', 60)}" };
            request["body"] = new JsonObject { ["fr"] = $"{Picture}\n{Expression}\n{endless}" };
            request["answers"] = new JsonArray(
                new JsonObject { ["key"] = "safe", ["meaning"] = "safe", ["label"] = new JsonObject { ["fr"] = "<b onclick=window.ran=1>Oui</b>" } },
                new JsonObject { ["key"] = "need-help", ["meaning"] = "need-help", ["label"] = new JsonObject { ["fr"] = new string('W', 40) } });
        });
        await using var chromium = await Chromium.StartAsync();
        var account = await world.Server.CreateAccountAsync(Roles.Administrator | Roles.CrisisDirector);
        var page = await BrowserSession.OpenAsync(chromium, world.Server, account);
        page.Dialog += (_, dialog) => Assert.Fail($"A dialog opened: {dialog.Message}");

        await LookAsync(page, world.Server, "/directory", Script, Picture, Expression, endless);
        await LookAsync(page, world.Server, $"/alerts/{AlertedServer.IdOf(alert)}", Script, Picture, Expression, endless);
        foreach (var (person, index) in world.People.Select((person, index) => (person, index)))
        {
            await LookAsync(page, world.Server, $"/directory/people/{person.Id}", index == 3 ? "Anne" : person.DisplayName);
        }

        await LookAsync(page, world.Server, "/alerts", Script);
        await LookAsync(page, world.Server, "/", Script);

        var link = world.Sms.Sent.First(message => message.AnswerLink is not null).AnswerLink!;
        var phone = await BrowserSession.OpenAsync(chromium, world.Server, null);
        await LookAsync(phone, world.Server, link.PathAndQuery, Picture, Expression, "<b onclick=window.ran=1>Oui</b>");
        Assert.Equal(0, await phone.Locator("main b[onclick], main img[src=x]").CountAsync());
    }

    /// <summary>Opens a page and finds the texts on it as they were written; nothing of them has run, and nothing is cut off at the side.</summary>
    private static async Task LookAsync(IPage page, ServerUnderTest server, string path, params string[] texts)
    {
        await page.GotoAsync(new Uri(server.Address, path).ToString());
        foreach (var text in texts) await page.GetByText(text).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        Assert.False(await page.EvaluateAsync<bool>("() => 'ran' in window"), $"Something ran on {path}.");
        var tooWide = await page.EvaluateAsync<string[]>(
            """
            () => document.documentElement.scrollWidth <= window.innerWidth ? [] : [...document.querySelectorAll('body *')]
                .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1).map((one) => `${one.tagName}.${one.className}`).slice(0, 12)
            """);
        Assert.True(tooWide.Length == 0, $"{path} is wider than the phone: {string.Join(", ", tooWide)}");
        Cancellation.ThrowIfCancellationRequested();
    }
}
