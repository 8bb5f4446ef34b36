using System.Net;
using System.Text.Json.Nodes;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.AlertsApi;

public sealed class MyAlertTests
{
    private const string Mine = "/api/v1/me/alerts";

    [Fact]
    public async Task A_recipient_reads_and_answers_their_own_alert_in_the_app()
    {
        await using var world = await AlertedServer.StartAsync();
        var account = await world.Server.CreateAccountAsync(Roles.Staff, "Amélie Durand", world.People[0].Id);
        var amelie = await world.Server.SignInAsync(account);
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var mine = (await amelie.GetJsonAsync($"{Mine}?state=active"))["items"]!.AsArray().Single()!;
        Assert.Equal("Fuite de gaz", mine["title"]!["fr"]!.GetValue<string>());
        Assert.Equal(4, mine["answers"]!.AsArray().Count);

        await amelie.PostJsonAsync($"{Mine}/{id}/seen", null, HttpStatusCode.NoContent);
        await amelie.PostJsonAsync($"{Mine}/{id}/answers", new JsonObject { ["choice"] = "safe" }, HttpStatusCode.NoContent, key: "a1");
        await amelie.PostJsonAsync($"{Mine}/{id}/answers", new JsonObject { ["choice"] = "safe" }, HttpStatusCode.NoContent, key: "a1");
        var answered = (await amelie.GetJsonAsync(Mine))["items"]![0]!;
        Assert.Equal("safe", answered["answered"]!["choice"]!.GetValue<string>());
        var recipient = (await world.RecipientsAsync(id, "?standing=answered")).Single()!;
        Assert.Equal("in-app", recipient["via"]!.GetValue<string>());
        Assert.Single((await (await world.DirectorAsync()).GetJsonAsync($"{AlertedServer.Alerts}/{id}/recipients/{recipient["id"]}"))["history"]!.AsArray());

        await (await world.DirectorAsync()).PostJsonAsync($"{AlertedServer.Alerts}/{id}/all-clear", new JsonObject());
        var over = (await amelie.GetJsonAsync(Mine))["items"]![0]!;
        Assert.Equal("all-clear", over["state"]!.GetValue<string>());
        Assert.Empty(over["answers"]!.AsArray());
        Assert.StartsWith("Fin d'alerte", over["title"]!["fr"]!.GetValue<string>().Replace('’', '\''), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_shown_in_the_app_counts_as_read_and_nobody_can_say_so_for_another()
    {
        await using var world = await AlertedServer.StartAsync();
        var amelie = await world.Server.SignInAsync(await world.Server.CreateAccountAsync(Roles.Staff, "Amélie Durand", world.People[0].Id));
        var bruno = await world.Server.SignInAsync(await world.Server.CreateAccountAsync(Roles.Staff, "Bruno Petit", world.People[1].Id));
        var plan = new ChannelPlan { Steps = [new PlanStep { Channels = [ChannelKind.InApp] }] };
        var id = AlertedServer.IdOf(await world.RaiseAsync(request => request["plan"] = ApiClient.ToJson(plan)));

        await bruno.PostJsonAsync($"{Mine}/{id}/seen", null, HttpStatusCode.NoContent);

        var people = await world.RecipientsAsync(id);
        Assert.Equal("read", StandingOf(people, "Bruno Petit"));
        Assert.Equal("sent", StandingOf(people, "Amélie Durand"));
        await amelie.PostJsonAsync($"{Mine}/{id}/seen", null, HttpStatusCode.NoContent);
        Assert.Equal("read", StandingOf(await world.RecipientsAsync(id), "Amélie Durand"));
    }

    [Fact]
    public async Task Whoever_raised_an_alert_that_reaches_them_too_is_told_that_it_is_their_own()
    {
        await using var world = await AlertedServer.StartAsync();
        var amelie = await world.Server.SignInAsync(await world.Server.CreateAccountAsync(Roles.CrisisDirector | Roles.Staff, "Amélie Durand", world.People[0].Id));
        var bruno = await world.Server.SignInAsync(await world.Server.CreateAccountAsync(Roles.Staff, "Bruno Marchal", world.People[1].Id));
        await world.SettledAsync(AlertedServer.IdOf(await amelie.PostJsonAsync(AlertedServer.Alerts, world.Free())));
        Assert.True((await amelie.GetJsonAsync(Mine))["items"]!.AsArray().Single()!["raisedByMe"]!.GetValue<bool>());
        Assert.False((await bruno.GetJsonAsync(Mine))["items"]!.AsArray().Single()!["raisedByMe"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Who_was_told_nothing_has_nothing_to_answer()
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var stranger = await world.Server.AsAsync(Roles.Staff);
        Assert.Empty((await stranger.GetJsonAsync(Mine))["items"]!.AsArray());
        await stranger.PostJsonAsync($"{Mine}/{id}/answers", new JsonObject { ["choice"] = "safe" }, HttpStatusCode.NotFound);
        await stranger.PostJsonAsync($"{Mine}/{id}/seen", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_position_that_is_not_on_Earth_is_refused()
    {
        await using var world = await AlertedServer.StartAsync();
        var account = await world.Server.CreateAccountAsync(Roles.Staff, "Amélie Durand", world.People[0].Id);
        var amelie = await world.Server.SignInAsync(account);
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var answer = new JsonObject { ["choice"] = "safe", ["position"] = new JsonObject { ["latitude"] = 100, ["longitude"] = 0 } };
        Assert.Equal("invalid-input", (await amelie.PostJsonAsync($"{Mine}/{id}/answers", answer, HttpStatusCode.BadRequest)).CodeOf());
    }

    private static string StandingOf(JsonArray people, string name) =>
        people.Single(person => person!["name"]!.GetValue<string>() == name)!["standing"]!.GetValue<string>();
}
