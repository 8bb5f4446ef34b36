using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Accounts;

/// <summary>Nothing that opens an account, and nobody's name, reaches the log, whatever its level.</summary>
public sealed class SecrecyTests
{
    [Fact]
    public async Task Signing_in_leaves_no_secret_and_no_name_in_the_log()
    {
        using var log = new RecordedLog();
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await ServerUnderTest.StartAsync(time: time, replace: services => services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(log)));
        using var person = new AccountJourney(server, time);
        await person.SetUpFirstAdministratorAsync();
        var offer = await person.SendAsync(HttpMethod.Post, "/api/v1/totp");
        var card = await person.SendAsync(HttpMethod.Post, "/api/v1/emergency-cards", new { });
        var invited = await person.SendAsync(HttpMethod.Post, "/api/v1/accounts", new { signInName = "j.martin", givenName = "Jeanne", familyName = "Martinez" });
        var token = await person.SendAsync(HttpMethod.Post, "/api/v1/api-tokens", new { name = "Supervision", scopes = new[] { "alerts:read" } });
        await person.SendAsync(HttpMethod.Delete, "/api/v1/session");
        await person.SignInAsync("admin.one", "a wrong password!", "000000");
        time.Advance(TimeSpan.FromMinutes(1));
        await person.SignInAsync("admin.one");
        Assert.NotEmpty(log.Lines);
        string[] secrets =
        [
            AccountJourney.Password, "a wrong password!", offer.Text("key"), card.Body.GetProperty("codes")[0].GetString()!, token.Text("token"),
            new Uri(invited.Body.GetProperty("invitation").GetProperty("address").GetString()!).Fragment[1..], "Lovelace", "Martinez", "j.martin", "admin.one", "Supervision",
        ];
        Assert.All(secrets, secret => Assert.Empty(log.Containing(secret)));
    }
}
