using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Settings;

/// <summary>The times of what the server writes stand in the organisation's zone, on both databases.</summary>
public abstract class OrganisationTimeZoneSpecification
{
    // Paris sets its clocks from 02:00 to 03:00 at 01:00 UTC.
    private static readonly DateTimeOffset summerBegins = new(2026, 3, 29, 1, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<string?> NewDatabaseAsync();

    [Fact]
    public async Task Messages_state_times_in_the_zone_that_an_administrator_chose()
    {
        await using var world = await StartAsync("Asia/Kathmandu");
        await world.RaiseAsync();
        Assert.All(world.Sms.Sent.Concat(world.Email.Sent), message => Assert.Equal(new TimeSpan(5, 45, 0), message.RaisedAt.Offset));
        var preview = await (await world.DirectorAsync()).PostJsonAsync(
            $"{AlertedServer.Alerts}/preview", new JsonObject { ["mode"] = "real", ["severity"] = "info", ["title"] = new JsonObject { ["en"] = "Test" }, ["body"] = new JsonObject { ["en"] = "Text" } }, HttpStatusCode.OK);
        Assert.Contains("(UTC+5:45)", preview.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_page_and_the_exports_follow_the_clocks_when_they_change()
    {
        await using var world = await StartAsync("Europe/Paris");
        var id = AlertedServer.IdOf(await world.RaiseAsync());
        var link = world.Sms.Sent.First().AnswerLink!.PathAndQuery;
        var director = await world.DirectorAsync();
        var recipient = (await world.RecipientsAsync(id))[0]!["id"]!.GetValue<long>();
        await director.PostJsonAsync($"{AlertedServer.Alerts}/{id}/recipients/{recipient}/answers", new JsonObject { ["choice"] = "safe" }, HttpStatusCode.NoContent);

        await HappenedAsync(world, raised: summerBegins.AddMinutes(-1), answered: summerBegins);
        Assert.Contains("29 mars, 01:59 (UTC+1)", await world.Server.Anonymous.GetStringAsync(link, Cancellation), StringComparison.Ordinal);
        var csv = await director.GetStringAsync($"{AlertedServer.Alerts}/{id}/export.csv?language=fr", Cancellation);
        Assert.Contains("Répondu le (Europe/Paris)", csv, StringComparison.Ordinal);
        Assert.Contains("2026-03-29 03:00:00", csv, StringComparison.Ordinal);
        var pdf = ExportTests.TextOf(await director.GetByteArrayAsync($"{AlertedServer.Alerts}/{id}/export.pdf?language=fr", Cancellation));
        Assert.Contains("2026-03-29 01:59 (UTC+1)", pdf, StringComparison.Ordinal);
        Assert.Contains("03-29 03:00", pdf, StringComparison.Ordinal);
        Assert.Contains("Europe/Paris", pdf, StringComparison.Ordinal);

        await HappenedAsync(world, raised: summerBegins, answered: summerBegins);
        Assert.Contains("29 March, 03:00 (UTC+2)", await world.Server.Anonymous.GetStringAsync(link + "?lang=en", Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Europe/Valmont")]
    [InlineData("")]
    [InlineData("../etc/localtime")]
    public async Task A_zone_that_nobody_knows_is_refused_and_the_one_before_stays(string unknown)
    {
        await using var world = await StartAsync("Europe/Paris");
        var administrator = await world.Server.AsAsync(Roles.Administrator);
        var problem = await administrator.SendJsonAsync(HttpMethod.Put, "/api/v1/settings", Settings(unknown), HttpStatusCode.BadRequest);
        Assert.Equal("time-zone-unknown", problem.FieldOf("timeZone"));
        Assert.Equal("Europe/Paris", (await administrator.GetJsonAsync("/api/v1/settings"))["timeZone"]!.GetValue<string>());
    }

    private async Task<AlertedServer> StartAsync(string zone)
    {
        var world = await AlertedServer.StartOnAsync(await NewDatabaseAsync());
        await (await world.Server.AsAsync(Roles.Administrator)).SendJsonAsync(HttpMethod.Put, "/api/v1/settings", Settings(zone));
        return world;
    }

    private static JsonObject Settings(string zone) => new() { ["organisationName"] = "CH de Valmont", ["defaultLanguage"] = "fr", ["timeZone"] = zone };

    private static Task HappenedAsync(AlertedServer world, DateTimeOffset raised, DateTimeOffset answered) => world.Server.Store.CommitAsync(
        async (transaction, token) =>
        {
            await transaction.Db.Set<Alert>().ExecuteUpdateAsync(set => set.SetProperty(alert => alert.RaisedAt, raised), token);
            await transaction.Db.Set<AlertMessage>().ExecuteUpdateAsync(set => set.SetProperty(message => message.CreatedAt, raised), token);
            await transaction.Db.Set<Recipient>().Where(one => one.AnsweredAt != null).ExecuteUpdateAsync(set => set.SetProperty(one => one.AnsweredAt, answered), token);
        },
        Cancellation);
}

public sealed class OrganisationTimeZone_on_Sqlite : OrganisationTimeZoneSpecification
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class OrganisationTimeZone_on_PostgreSql : OrganisationTimeZoneSpecification
{
    protected override async Task<string?> NewDatabaseAsync() => await ServerUnderTest.NewPostgresDatabaseAsync();
}
