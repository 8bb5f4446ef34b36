using System.Net;
using System.Text.Json.Nodes;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Settings;

public sealed class SettingsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Path = "/api/v1/settings";

    [Fact]
    public async Task An_administrator_names_the_organisation_and_everyone_reads_the_name()
    {
        var administrator = await fixture.AsAsync(Roles.Administrator);
        var wanted = new JsonObject { ["organisationName"] = " CHU de Tréville ", ["defaultLanguage"] = "fr", ["timeZone"] = "America/Martinique" };
        await administrator.SendJsonAsync(HttpMethod.Put, Path, wanted.DeepClone());
        var read = await (await fixture.AsAsync(Roles.Staff)).GetJsonAsync(Path);
        Assert.Equal("CHU de Tréville", read["organisationName"]!.GetValue<string>());
        Assert.Equal("fr", read["defaultLanguage"]!.GetValue<string>());
        Assert.Equal("America/Martinique", read["timeZone"]!.GetValue<string>());
        await (await fixture.AsAsync(Roles.CrisisDirector)).SendJsonAsync(HttpMethod.Put, Path, wanted, HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public async Task A_name_that_cannot_stand_in_a_message_is_refused(string name)
    {
        var administrator = await fixture.AsAsync(Roles.Administrator);
        var problem = await administrator.SendJsonAsync(
            HttpMethod.Put, Path, new JsonObject { ["organisationName"] = name, ["defaultLanguage"] = "fr", ["timeZone"] = "Europe/Paris" }, HttpStatusCode.BadRequest);
        Assert.Equal("out-of-range", problem.FieldOf("organisationName"));
    }

    [Fact]
    public async Task Every_channel_says_whether_it_could_send_now()
    {
        var channels = (await (await fixture.AsAsync(Roles.CrisisDirector)).GetJsonAsync("/api/v1/channels"))["items"]!.AsArray();
        Assert.Equal(["in-app", "web-push", "sms", "email"], channels.Select(channel => channel!["channel"]!.GetValue<string>()));
        Assert.Equal("ready", channels[0]!["state"]!.GetValue<string>());
    }
}
