using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.AlertsApi;

public sealed class BoardTests
{
    /// <summary>Whoever keeps the system works in it during an exercise too, and is shown nothing else of it.</summary>
    [Fact]
    public async Task An_administrator_who_is_not_told_of_an_exercise_knows_that_one_runs_and_nothing_more()
    {
        await using var world = await AlertedServer.StartAsync();
        var administrator = await world.Server.AsAsync(Roles.Administrator);
        var log = world.Server.Services.GetRequiredService<EventLog>();
        var head = await log.HeadAsync(TestContext.Current.CancellationToken);
        async Task<(bool Exercise, bool Real)> UnderWayAsync(HttpClient client)
        {
            var read = await client.GetJsonAsync($"{AlertedServer.Alerts}/under-way");
            return (read["exercise"]!.GetValue<bool>(), read["real"]!.GetValue<bool>());
        }

        Assert.Equal((false, false), await UnderWayAsync(administrator));
        var id = AlertedServer.IdOf(await world.RaiseAsync(request => request["mode"] = "exercise"));
        Assert.Equal((true, false), await UnderWayAsync(administrator));
        Assert.Equal((true, false), await UnderWayAsync(await world.DirectorAsync()));
        await administrator.SendJsonAsync(HttpMethod.Get, $"{AlertedServer.Alerts}/{id}", null, HttpStatusCode.Forbidden);
        await (await world.DirectorAsync()).SendJsonAsync(HttpMethod.Post, $"{AlertedServer.Alerts}/{id}/all-clear", new JsonObject());
        Assert.Equal((false, false), await UnderWayAsync(administrator));

        var heard = (await log.ReadAsync(head, 1_000, TestContext.Current.CancellationToken)).Where(e => e.VisibleTo.HasFlag(Roles.Administrator) && e.Kind.StartsWith("alert.", StringComparison.Ordinal)).ToList();
        Assert.Equal(["alert.under-way", "alert.under-way"], heard.Select(e => e.Kind));
        Assert.All(heard, e => Assert.Equal("""{"mode":"exercise"}""", e.Data));
        await (await world.Server.AsAsync(Roles.Staff)).SendJsonAsync(HttpMethod.Get, $"{AlertedServer.Alerts}/under-way", null, HttpStatusCode.Forbidden);
    }

    private const string Alerts = AlertedServer.Alerts;

    [Fact]
    public async Task An_answer_entered_for_somebody_counts_and_its_history_says_who_entered_it()
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var director = await world.DirectorAsync();
        var amelie = (await world.RecipientsAsync(id, "?search=amel"))[0]!["id"]!.GetValue<long>();
        await director.PostJsonAsync($"{Alerts}/{id}/recipients/{amelie}/answers", new JsonObject { ["choice"] = "need-help", ["comment"] = "Bloquée au 3e" }, HttpStatusCode.NoContent);
        var board = await world.BoardAsync(id);
        Assert.Equal(1, board["standings"]!["needs-help"]!.GetValue<long>());
        Assert.Equal(1, board["alert"]!["needHelp"]!.GetValue<long>());
        Assert.Equal("need-help", board["answers"]![0]!["key"]!.GetValue<string>());
        var first = (await world.RecipientsAsync(id))[0]!;
        Assert.Equal(amelie, first["id"]!.GetValue<long>());
        Assert.Equal("Bloquée au 3e", first["comment"]!.GetValue<string>());
        Assert.Equal(AlertedServer.MobileOf(0), first["phones"]![0]!.GetValue<string>());

        var detail = await director.GetJsonAsync($"{Alerts}/{id}/recipients/{amelie}");
        var given = detail["history"]![0]!;
        Assert.Equal("operator", given["via"]!.GetValue<string>());
        Assert.Equal("Camille Testeur", given["enteredBy"]!.GetValue<string>());
        Assert.Equal("•••• 00", detail["deliveries"]!.AsArray().Single(d => d!["channel"]!.GetValue<string>() == "sms")!["address"]!.GetValue<string>());
        Assert.Equal("p••••@example.org", detail["deliveries"]!.AsArray().Single(d => d!["channel"]!.GetValue<string>() == "email")!["address"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_answer_that_was_not_offered_is_refused()
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var director = await world.DirectorAsync();
        var recipient = (await world.RecipientsAsync(id))[0]!["id"]!.GetValue<long>();
        var path = $"{Alerts}/{id}/recipients/{recipient}/answers";
        Assert.Equal("answer-unknown", (await director.PostJsonAsync(path, new JsonObject { ["choice"] = "dance" }, HttpStatusCode.BadRequest)).CodeOf());
        Assert.Equal("answer-empty", (await director.PostJsonAsync(path, new JsonObject(), HttpStatusCode.BadRequest)).CodeOf());
        Assert.Equal("invalid-input", (await director.PostJsonAsync(path, new JsonObject { ["comment"] = new string('x', 5_000) }, HttpStatusCode.BadRequest)).CodeOf());
        await director.PostJsonAsync($"{Alerts}/{id}/recipients/999999/answers", new JsonObject { ["choice"] = "safe" }, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_refusal_by_the_carrier_is_on_the_board_with_its_code_and_on_the_persons_timeline()
    {
        await using var world = await AlertedServer.StartAsync();
        world.Sms.Refused = AlertedServer.MobileOf(1);
        world.Email.Refused = "person1@example.org";
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var board = await world.BoardAsync(id);
        Assert.Equal(1, board["standings"]!["failed"]!.GetValue<long>());
        Assert.All(board["failures"]!.AsArray(), failure => Assert.Equal("address-unknown", failure!["code"]!.GetValue<string>()));
        var failed = (await world.RecipientsAsync(id, "?standing=failed")).Single()!;
        Assert.Equal("Bruno Petit", failed["name"]!.GetValue<string>());
        var detail = await (await world.DirectorAsync()).GetJsonAsync($"{Alerts}/{id}/recipients/{failed["id"]}");
        Assert.Contains(detail["deliveries"]!.AsArray(), d => d!["carrierCode"]?.GetValue<string>() == "550 5.1.1");

        world.Sms.Refused = null;
        await (await world.DirectorAsync()).PostJsonAsync($"{Alerts}/{id}/recipients/{failed["id"]}/resend", null);
        await Eventually.HoldsAsync(async () => (await world.BoardAsync(id))["standings"]!["failed"]!.GetValue<long>() == 0, "the message sent again arrives");
    }

    [Fact]
    public async Task People_are_found_by_site_group_and_name_in_pages_that_follow_each_other()
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        Assert.Equal(2, (await world.RecipientsAsync(id, $"?site={world.Hospital.Id}")).Count);
        Assert.Equal("Amélie Durand", (await world.RecipientsAsync(id, $"?group={world.Nurses.Id}")).Single()!["name"]!.GetValue<string>());
        Assert.Equal("Chloé Œuvrard", (await world.RecipientsAsync(id, "?search=oeuv%20chlo")).Single()!["name"]!.GetValue<string>());
        Assert.Empty(await world.RecipientsAsync(id, "?search=personne"));
        var director = await world.DirectorAsync();
        await director.GetJsonAsync($"{Alerts}/{id}/recipients?after=x", HttpStatusCode.BadRequest);
        await director.GetJsonAsync($"{Alerts}/{id}/recipients?standing=asleep", HttpStatusCode.BadRequest);
        await director.GetJsonAsync($"{Alerts}/{id}/recipients?limit=0", HttpStatusCode.BadRequest);
        var groups = await director.GetJsonAsync($"{Alerts}/{id}/board/groups");
        Assert.Equal(1, groups["items"]!.AsArray().Single(group => group!["name"]!.GetValue<string>() == "Infirmiers")!["recipients"]!.GetValue<long>());
        var sites = (await world.BoardAsync(id))["sites"]!.AsArray();
        Assert.Equal(2, sites.Single(site => site!["name"]?.GetValue<string>() == "Hôpital Nord")!["recipients"]!.GetValue<long>());
    }

    [Fact]
    public async Task Twenty_thousand_people_are_paged_through_without_one_lost_or_twice()
    {
        const int count = 20_000;
        await using var world = await AlertedServer.StartAsync([.. Enumerable.Range(0, count).Select(i => $"Personne N{i}")]);
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var director = await world.DirectorAsync();
        var seen = new HashSet<long>();
        string? after = null;
        do
        {
            var page = await director.GetJsonAsync($"{Alerts}/{id}/recipients?limit=499{(after is null ? "" : $"&after={after}")}");
            foreach (var row in page["items"]!.AsArray()) Assert.True(seen.Add(row!["id"]!.GetValue<long>()));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);
        Assert.Equal(count, seen.Count);

        var csv = await director.GetStringAsync($"{Alerts}/{id}/export.csv?language=en", TestContext.Current.CancellationToken);
        Assert.Equal(count + 2, csv.Split("\r\n").Length);
        Assert.Equal(count, (await world.BoardAsync(id))["standings"]!["sent"]!.GetValue<long>());
    }

    [Fact]
    public async Task The_silent_are_reminded_and_nobody_else()
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var director = await world.DirectorAsync();
        var recipient = (await world.RecipientsAsync(id, "?search=durand"))[0]!["id"]!.GetValue<long>();
        await director.PostJsonAsync($"{Alerts}/{id}/recipients/{recipient}/answers", new JsonObject { ["choice"] = "safe" }, HttpStatusCode.NoContent);
        var before = world.Sms.Sent.Count;
        Assert.Equal(2, (await director.PostJsonAsync($"{Alerts}/{id}/reminders", null))["people"]!.GetValue<int>());
        await Eventually.HoldsAsync(() => world.Sms.Sent.Count == before + 2, "two reminders are sent");
        Assert.DoesNotContain(world.Sms.Sent.Skip(before), message => message.Address == AlertedServer.MobileOf(0));
        var timeline = (await director.GetJsonAsync($"{Alerts}/{id}/timeline"))["items"]!.AsArray();
        Assert.Equal(["reminded", "raised"], timeline.Select(entry => entry!["kind"]!.GetValue<string>()));
        Assert.Equal("Camille Testeur", timeline[0]!["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_update_changes_the_words_and_an_all_clear_ends_it()
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var director = await world.DirectorAsync();
        var words = new JsonObject { ["title"] = new JsonObject { ["fr"] = "Fuite maîtrisée" }, ["body"] = new JsonObject { ["fr"] = "Restez dehors." } };
        Assert.Equal(2, (await director.PostJsonAsync($"{Alerts}/{id}/updates", words))["revision"]!.GetValue<int>());
        Assert.Equal("Fuite maîtrisée", (await director.GetJsonAsync($"{Alerts}/{id}"))["title"]!["fr"]!.GetValue<string>());
        var half = new JsonObject { ["title"] = new JsonObject { ["fr"] = "Seulement un titre" } };
        Assert.NotNull((await director.PostJsonAsync($"{Alerts}/{id}/all-clear", half, HttpStatusCode.BadRequest))["fields"]);
        await director.PostJsonAsync($"{Alerts}/{id}/all-clear", new JsonObject());
        Assert.Equal("all-clear", (await director.GetJsonAsync($"{Alerts}/{id}"))["state"]!.GetValue<string>());
        Assert.Equal("alert-ended", (await director.PostJsonAsync($"{Alerts}/{id}/cancellation", new JsonObject(), HttpStatusCode.Conflict)).CodeOf());
        Assert.Equal("alert-ended", (await director.PostJsonAsync($"{Alerts}/{id}/reminders", null, HttpStatusCode.Conflict)).CodeOf());
        Assert.Empty((await director.GetJsonAsync($"{Alerts}?state=active"))["items"]!.AsArray());
        Assert.Single((await director.GetJsonAsync($"{Alerts}?state=all-clear"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_crisis_member_ends_only_what_they_raised()
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var member = await world.Server.AsAsync(Roles.CrisisMember);
        Assert.Equal("not-the-raiser", (await member.PostJsonAsync($"{Alerts}/{id}/cancellation", new JsonObject(), HttpStatusCode.Forbidden)).CodeOf());
        Assert.False((await member.GetJsonAsync($"{Alerts}/{id}"))["mayEnd"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_revoked_link_is_worth_nothing_any_more()
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var token = world.Sms.Sent.First(message => message.Address == AlertedServer.MobileOf(0)).AnswerLink!.Segments[^1];
        var answers = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Server.Features.Alerts.Answers.AnswerAlert>(world.Server.Services);
        Assert.NotNull(await answers.FindLinkHolderAsync(token, TestContext.Current.CancellationToken));
        var recipient = (await world.RecipientsAsync(id, "?search=durand"))[0]!["id"]!.GetValue<long>();
        await (await world.DirectorAsync()).PostJsonAsync($"{Alerts}/{id}/recipients/{recipient}/revoke-link", null, HttpStatusCode.NoContent);
        Assert.Null(await answers.FindLinkHolderAsync(token, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(Roles.CrisisMember, HttpStatusCode.OK)]
    [InlineData(Roles.Communicator, HttpStatusCode.OK)]
    [InlineData(Roles.Auditor, HttpStatusCode.OK)]
    [InlineData(Roles.Administrator, HttpStatusCode.Forbidden)]
    [InlineData(Roles.Staff, HttpStatusCode.Forbidden)]
    public async Task Only_who_has_to_do_with_it_reads_a_board_and_only_who_acts_sees_telephones(Roles role, HttpStatusCode expected)
    {
        await using var world = await AlertedServer.StartAsync();
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var client = await world.Server.AsAsync(role);
        await client.GetJsonAsync($"{Alerts}/{id}/board", expected);
        var people = await client.GetJsonAsync($"{Alerts}/{id}/recipients", expected);
        if (expected != HttpStatusCode.OK) return;
        Assert.Equal(role == Roles.CrisisMember ? 1 : 0, people["items"]![0]!["phones"]!.AsArray().Count);
    }
}
