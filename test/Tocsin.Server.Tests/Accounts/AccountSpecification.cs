using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Features.Accounts.Setup;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Accounts;

/// <summary>Accounts from the first start to the lost phone, over HTTP. The same on both databases.</summary>
public abstract class AccountSpecification : IAsyncLifetime
{
    // From the real time on: the client drops cookies by its own clock, and sealed state ends by the system's.
    private readonly ManualTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private ServerUnderTest server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<string?> NewDatabaseAsync();

    public async ValueTask InitializeAsync() => server = await ServerUnderTest.StartAsync(await NewDatabaseAsync(), time);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_first_start_makes_an_administrator_once()
    {
        using var person = Journey();
        var link = await LinkAsync();
        await person.SetUpFirstAdministratorAsync();
        var session = await person.SendAsync(HttpMethod.Get, "/api/v1/session");
        Assert.Equal("Ada Lovelace", session.Body.GetProperty("account").GetProperty("name").GetString());
        Assert.Equal(["administrator", "crisis-director", "staff"], session.Body.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal("Centre hospitalier de Valmont", session.Text("organisation"));
        Assert.Equal("en", session.Text("language"));
        Assert.Null(await server.Services.GetRequiredService<FirstSetup>().IssueLinkAsync(Cancellation));
        Assert.Equal("setup-link-invalid", (await person.SetUpAsync(link)).Code);
    }

    [Fact]
    public async Task The_first_administrator_says_in_which_time_zone_the_organisation_lives()
    {
        using var person = Journey();
        var link = await LinkAsync();
        var administrator = new { signInName = "ada", givenName = "Ada", familyName = "Lovelace", organisation = "CH", timeZone = "Europe/Valmont" };
        var refused = await person.SetUpAsync(link, administrator);
        Assert.Equal(("invalid-input", "time-zone-unknown"), (refused.Code, refused.Body.GetProperty("fields").GetProperty("administrator.timeZone").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await person.SetUpAsync(link, administrator with { timeZone = "Indian/Reunion" })).Status);
        Assert.Equal("Indian/Reunion", (await person.SendAsync(HttpMethod.Get, "/api/v1/settings")).Text("timeZone"));
    }

    [Fact]
    public async Task The_first_start_link_is_good_for_an_hour()
    {
        using var person = Journey();
        var link = await LinkAsync();
        Assert.Equal(HttpStatusCode.OK, await person.StatusAsync(HttpMethod.Post, "/api/v1/setup", new { token = link.Fragment[1..] }));
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("setup-link-invalid", (await person.SendAsync(HttpMethod.Post, "/api/v1/setup", new { token = link.Fragment[1..] })).Code);
        Assert.Equal("setup-link-invalid", (await person.SendAsync(HttpMethod.Post, "/api/v1/setup", new { token = "forged" })).Code);
        Assert.Equal("setup-link-invalid", (await person.SendAsync(HttpMethod.Post, "/api/v1/setup", new { })).Code);
    }

    [Fact]
    public async Task A_password_never_signs_in_without_its_code()
    {
        using var person = Journey();
        await person.SetUpFirstAdministratorAsync();
        await person.SendAsync(HttpMethod.Delete, "/api/v1/session");
        Assert.Equal(HttpStatusCode.Unauthorized, await person.StatusAsync(HttpMethod.Get, "/api/v1/session"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("sign-in-refused", (await person.SignInAsync("admin.one", code: "")).Code);
        Assert.Equal("sign-in-refused", (await person.SignInAsync("admin.one", password: "another password")).Code);
        Assert.Equal(HttpStatusCode.OK, (await person.SignInAsync("ADMIN.one")).Status);
        Assert.Equal(HttpStatusCode.OK, await person.StatusAsync(HttpMethod.Get, "/api/v1/session"));
    }

    [Fact]
    public async Task A_code_is_taken_once()
    {
        using var person = Journey();
        await person.SetUpFirstAdministratorAsync();
        Assert.Equal("sign-in-refused", (await person.SignInAsync("admin.one")).Code);
        time.Advance(TimeSpan.FromMinutes(1));
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => person.SignInAsync("admin.one")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_unknown_name_is_refused_like_a_wrong_password()
    {
        using var person = Journey();
        await person.SetUpFirstAdministratorAsync();
        var unknown = await person.SignInAsync("nobody.at.all", code: "123456");
        var wrong = await person.SignInAsync("admin.one", password: "another password", code: "123456");
        Assert.Equal(wrong.Status, unknown.Status);
        Assert.Equal(WithoutTrace(wrong), WithoutTrace(unknown));
    }

    [Fact]
    public async Task A_refusal_waits_for_no_commit_that_would_tell_a_name_that_there_is_from_one_that_there_is_not()
    {
        using var person = Journey();
        await person.SetUpFirstAdministratorAsync();
        using (await server.Services.GetRequiredService<WriteGate>().EnterAsync(DatabaseKind.Sqlite, Cancellation))
        {
            Assert.Equal("sign-in-refused", (await person.SignInAsync("admin.one", password: "another password", code: "123456")).Code);
            Assert.Equal("sign-in-refused", (await person.SendAsync(HttpMethod.Post, "/api/v1/sign-in/emergency-card", new { signInName = "admin.one", code = "AAAA-AAAA-AAAA" })).Code);
        }

        await using var db = await OpenAsync();
        await Eventually.HoldsAsync(async () => await db.Set<AuditRecord>().CountAsync(record => record.Action == "sign-in.refused", Cancellation) == 2);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_a_known_device_is_not()
    {
        using var director = Journey();
        using var attacker = Journey();
        await director.SetUpFirstAdministratorAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        for (var guess = 0; guess < 3; guess++) Assert.Equal("sign-in-refused", (await attacker.SignInAsync("admin.one", "guess number one", "000000")).Code);
        var slowed = await attacker.SignInAsync("admin.one", "guess number two", "000000");
        Assert.Equal((HttpStatusCode.TooManyRequests, "too-many-sign-ins"), (slowed.Status, slowed.Code));
        Assert.Equal(TimeSpan.FromSeconds(2), slowed.RetryAfter);

        // The same address, the same account: only the device differs.
        Assert.Equal(HttpStatusCode.OK, (await director.SignInAsync("admin.one")).Status);
    }

    [Fact]
    public async Task An_administrator_invites_somebody_who_chooses_a_password()
    {
        using var administrator = Journey();
        using var person = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        var invited = await administrator.SendAsync(HttpMethod.Post, "/api/v1/accounts", new { signInName = "J.Martin", roles = new[] { "crisis-member" }, givenName = "Jeanne", familyName = "Martin", language = "fr" });
        Assert.Equal(HttpStatusCode.Created, invited.Status);
        var link = new Uri(invited.Body.GetProperty("invitation").GetProperty("address").GetString()!);
        var shown = await person.SendAsync(HttpMethod.Post, "/api/v1/setup", new { token = link.Fragment[1..] });
        Assert.Equal(("Jeanne Martin", "j.martin", false), (shown.Text("name"), shown.Text("signInName"), shown.Body.GetProperty("firstAdministrator").GetBoolean()));
        Assert.Equal(HttpStatusCode.OK, (await person.SetUpAsync(link)).Status);
        Assert.Equal(["crisis-member", "staff"], (await person.SendAsync(HttpMethod.Get, "/api/v1/session")).Body.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal("setup-link-invalid", (await person.SetUpAsync(link)).Code);
        Assert.Equal("sign-in-name-taken", (await administrator.SendAsync(HttpMethod.Post, "/api/v1/accounts", new { signInName = "j.MARTIN", givenName = "A", familyName = "B" })).Code);
    }

    [Fact]
    public async Task A_new_link_replaces_whatever_was_lost()
    {
        using var administrator = Journey();
        using var person = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        var (id, first) = await InviteAsync(administrator, "j.martin");
        await person.SetUpAsync(first);
        var card = await person.SendAsync(HttpMethod.Post, "/api/v1/emergency-cards", new { label = "coffre" });
        var renewed = await administrator.SendAsync(HttpMethod.Post, $"/api/v1/accounts/{id}/invitation");

        // Until the link is used nothing is lost.
        Assert.Equal(HttpStatusCode.OK, await person.StatusAsync(HttpMethod.Get, "/api/v1/session"));
        using var newPhone = Journey();
        Assert.Equal(HttpStatusCode.OK, (await newPhone.SetUpAsync(new Uri(renewed.Text("address")), password: "une toute autre phrase")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await person.StatusAsync(HttpMethod.Get, "/api/v1/session"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("sign-in-refused", (await person.SignInAsync("j.martin")).Code);
        var code = card.Body.GetProperty("codes")[0].GetString();
        Assert.Equal("sign-in-refused", (await person.SendAsync(HttpMethod.Post, "/api/v1/sign-in/emergency-card", new { signInName = "j.martin", code })).Code);
    }

    [Fact]
    public async Task Each_code_of_an_emergency_card_signs_in_once()
    {
        using var person = Journey();
        await person.SetUpFirstAdministratorAsync();
        var card = await person.SendAsync(HttpMethod.Post, "/api/v1/emergency-cards", new { label = "<script>" });
        var codes = card.Body.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!).ToArray();
        Assert.Equal(10, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("<svg", card.Text("qrSvg"), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", card.Text("page"), StringComparison.Ordinal);
        using var borrowed = Journey();
        var signedIn = await borrowed.SendAsync(HttpMethod.Post, "/api/v1/sign-in/emergency-card", new { signInName = "admin.one", code = codes[4].ToLowerInvariant() });
        Assert.Equal((HttpStatusCode.OK, "emergency-card"), (signedIn.Status, signedIn.Text("method")));
        Assert.Equal(12, (signedIn.Body.GetProperty("expiresAt").GetDateTimeOffset() - time.GetUtcNow()).TotalHours, 0.01);
        Assert.DoesNotContain(borrowed.CookieNames, name => name.Contains("device", StringComparison.Ordinal));
        Assert.Equal("sign-in-refused", (await borrowed.SendAsync(HttpMethod.Post, "/api/v1/sign-in/emergency-card", new { signInName = "admin.one", code = codes[4] })).Code);
        var listed = (await person.SendAsync(HttpMethod.Get, "/api/v1/emergency-cards")).Body.GetProperty("items")[0];
        Assert.Equal(9, listed.GetProperty("codesLeft").GetInt32());
        Assert.Equal(HttpStatusCode.NoContent, await person.StatusAsync(HttpMethod.Delete, $"/api/v1/emergency-cards/{listed.GetProperty("id").GetString()}"));
        Assert.Equal("sign-in-refused", (await borrowed.SendAsync(HttpMethod.Post, "/api/v1/sign-in/emergency-card", new { signInName = "admin.one", code = codes[5] })).Code);
    }

    [Fact]
    public async Task A_changed_role_is_felt_at_once()
    {
        using var administrator = Journey();
        using var person = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        var (id, link) = await InviteAsync(administrator, "j.martin");
        await person.SetUpAsync(link);
        Assert.Equal("not-allowed", (await person.SendAsync(HttpMethod.Get, "/api/v1/accounts")).Code);
        Assert.Equal(HttpStatusCode.NoContent, await administrator.StatusAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new { roles = new[] { "auditor" } }));
        Assert.Equal(HttpStatusCode.OK, await person.StatusAsync(HttpMethod.Get, "/api/v1/accounts"));
        Assert.Equal("invalid-input", (await administrator.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new { roles = new[] { "emperor" } })).Code);
    }

    [Fact]
    public async Task A_disabled_account_is_out_until_it_is_enabled()
    {
        using var administrator = Journey();
        using var person = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        var (id, link) = await InviteAsync(administrator, "j.martin");
        await person.SetUpAsync(link);
        Assert.Equal(HttpStatusCode.NoContent, await administrator.StatusAsync(HttpMethod.Post, $"/api/v1/accounts/{id}/disable"));
        Assert.Equal(HttpStatusCode.Unauthorized, await person.StatusAsync(HttpMethod.Get, "/api/v1/session"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("sign-in-refused", (await person.SignInAsync("j.martin")).Code);
        Assert.Equal("account-disabled", (await administrator.SendAsync(HttpMethod.Post, $"/api/v1/accounts/{id}/invitation")).Code);
        await administrator.SendAsync(HttpMethod.Post, $"/api/v1/accounts/{id}/enable");
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await person.SignInAsync("j.martin")).Status);
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        using var administrator = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        var id = (await administrator.SendAsync(HttpMethod.Get, "/api/v1/session")).Body.GetProperty("account").GetProperty("id").GetString();
        Assert.Equal("last-administrator", (await administrator.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new { roles = new[] { "staff" } })).Code);
        Assert.Equal("last-administrator", (await administrator.SendAsync(HttpMethod.Post, $"/api/v1/accounts/{id}/disable")).Code);
    }

    [Fact]
    public async Task Two_administrators_cannot_take_the_role_from_each_other_at_once()
    {
        using var administrator = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        var other = await server.CreateAccountAsync(Roles.Administrator);
        var mine = (await administrator.SendAsync(HttpMethod.Get, "/api/v1/session")).Body.GetProperty("account").GetProperty("id").GetString();
        var answers = await Task.WhenAll(
            new[] { mine, other.Account.Id.ToString() }.Select(id => administrator.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new { roles = new[] { "staff" } })));
        Assert.Contains(answers, answer => answer.Status != HttpStatusCode.NoContent);
        await using var db = await OpenAsync();
        Assert.True(await FirstSetup.IsDoneAsync(db, Cancellation));
    }

    [Fact]
    public async Task Sessions_are_listed_and_each_can_be_ended()
    {
        using var person = Journey();
        using var forgotten = Journey();
        await person.SetUpFirstAdministratorAsync();
        var card = await person.SendAsync(HttpMethod.Post, "/api/v1/emergency-cards", new { });
        await forgotten.SendAsync(HttpMethod.Post, "/api/v1/sign-in/emergency-card", new { signInName = "admin.one", code = card.Body.GetProperty("codes")[0].GetString() });
        var sessions = (await person.SendAsync(HttpMethod.Get, "/api/v1/sessions")).Body.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(2, sessions.Length);
        var other = sessions.Single(session => !session.GetProperty("current").GetBoolean());
        Assert.Equal("127.0.0.0/24", other.GetProperty("network").GetString());
        Assert.Equal(HttpStatusCode.NoContent, await person.StatusAsync(HttpMethod.Delete, $"/api/v1/sessions/{other.GetProperty("id").GetString()}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await forgotten.StatusAsync(HttpMethod.Get, "/api/v1/session"));
        Assert.Equal(HttpStatusCode.NotFound, await person.StatusAsync(HttpMethod.Delete, $"/api/v1/sessions/{other.GetProperty("id").GetString()}"));
    }

    [Fact]
    public async Task Somebody_elses_session_is_not_mine_to_end()
    {
        using var person = Journey();
        await person.SetUpFirstAdministratorAsync();
        var other = await server.OpenSessionAsync(await server.CreateAccountAsync(Roles.Staff));
        Assert.Equal(HttpStatusCode.NotFound, await person.StatusAsync(HttpMethod.Delete, $"/api/v1/sessions/{other.Session.Id}"));
    }

    [Fact]
    public async Task An_administrator_ends_one_session_of_somebody_and_the_others_go_on()
    {
        using var administrator = Journey();
        using var person = Journey();
        using var forgotten = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        var (id, link) = await InviteAsync(administrator, "j.martin");
        await person.SetUpAsync(link);
        var card = await person.SendAsync(HttpMethod.Post, "/api/v1/emergency-cards", new { });
        await forgotten.SendAsync(HttpMethod.Post, "/api/v1/sign-in/emergency-card", new { signInName = "j.martin", code = card.Body.GetProperty("codes")[0].GetString() });
        var sessions = (await administrator.SendAsync(HttpMethod.Get, $"/api/v1/accounts/{id}/sessions")).Body.GetProperty("items").EnumerateArray().ToArray();
        var lost = sessions.Single(session => session.GetProperty("method").GetString() == "emergency-card").GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.Forbidden, await person.StatusAsync(HttpMethod.Delete, $"/api/v1/accounts/{id}/sessions/{lost}"));
        var mine = (await administrator.SendAsync(HttpMethod.Get, "/api/v1/session")).Text("session");
        Assert.Equal(HttpStatusCode.NotFound, await administrator.StatusAsync(HttpMethod.Delete, $"/api/v1/accounts/{id}/sessions/{mine}"));
        Assert.Equal(HttpStatusCode.NoContent, await administrator.StatusAsync(HttpMethod.Delete, $"/api/v1/accounts/{id}/sessions/{lost}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await forgotten.StatusAsync(HttpMethod.Get, "/api/v1/session"));
        Assert.Equal(HttpStatusCode.OK, await person.StatusAsync(HttpMethod.Get, "/api/v1/session"));
        Assert.Equal(HttpStatusCode.NotFound, await administrator.StatusAsync(HttpMethod.Delete, $"/api/v1/accounts/{id}/sessions/{lost}"));
    }

    [Fact]
    public async Task A_new_way_to_sign_in_asks_for_a_sign_in_of_the_last_ten_minutes()
    {
        using var person = Journey();
        await person.SetUpFirstAdministratorAsync();
        time.Advance(TimeSpan.FromMinutes(9));
        var offer = await person.SendAsync(HttpMethod.Post, "/api/v1/totp");
        Assert.Equal(HttpStatusCode.OK, offer.Status);
        Assert.Equal(HttpStatusCode.OK, await person.StatusAsync(HttpMethod.Post, "/api/v1/emergency-cards", new { label = "Coffre" }));
        time.Advance(TimeSpan.FromMinutes(2));
        var self = (await person.SendAsync(HttpMethod.Get, "/api/v1/accounts")).Body.GetProperty("items")[0].GetProperty("id").GetString();

        // An administrator makes ways in for others, and with the same ones for themselves.
        (HttpMethod, string)[] beginnings =
        [
            (HttpMethod.Post, "/api/v1/totp"), (HttpMethod.Post, "/api/v1/passkeys/options"), (HttpMethod.Post, "/api/v1/emergency-cards"),
            (HttpMethod.Post, "/api/v1/accounts"), (HttpMethod.Post, $"/api/v1/accounts/{self}/invitation"), (HttpMethod.Post, "/api/v1/api-tokens"),
        ];
        foreach (var (method, path) in beginnings)
        {
            var refused = await person.SendAsync(method, path, new { });
            Assert.Equal(("sign-in-too-old", HttpStatusCode.Forbidden), (refused.Code, refused.Status));
        }

        // What had begun in time may end, within the minutes that a ceremony has.
        var begun = new { currentPassword = "not the one", password = "une toute autre phrase", enrolment = offer.Text("enrolment"), code = "000000" };
        Assert.Equal("current-password-wrong", (await person.SendAsync(HttpMethod.Put, "/api/v1/password", begun)).Code);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("sign-in-too-old", (await person.SendAsync(HttpMethod.Put, "/api/v1/password", begun)).Code);
        Assert.Equal("sign-in-too-old", (await person.SendAsync(HttpMethod.Post, "/api/v1/passkeys", new { credential = new { } })).Code);

        // Everything else goes on, and signing in again is enough. It takes the place of the session before.
        Assert.Equal(HttpStatusCode.OK, await person.StatusAsync(HttpMethod.Get, "/api/v1/emergency-cards"));
        Assert.Equal(HttpStatusCode.OK, (await person.SignInAsync("admin.one")).Status);
        Assert.Single((await person.SendAsync(HttpMethod.Get, "/api/v1/sessions")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.OK, await person.StatusAsync(HttpMethod.Post, "/api/v1/emergency-cards", new { label = "Sac" }));
    }

    [Fact]
    public async Task A_password_is_changed_by_who_knows_it_and_ends_the_other_sessions()
    {
        using var person = Journey();
        await person.SetUpFirstAdministratorAsync();
        var card = await person.SendAsync(HttpMethod.Post, "/api/v1/emergency-cards", new { });
        using var elsewhere = Journey();
        await elsewhere.SendAsync(HttpMethod.Post, "/api/v1/sign-in/emergency-card", new { signInName = "admin.one", code = card.Body.GetProperty("codes")[0].GetString() });
        var offer = await person.SendAsync(HttpMethod.Post, "/api/v1/totp");
        var wrong = await elsewhere.SendAsync(HttpMethod.Put, "/api/v1/password", new { password = "une toute autre phrase", enrolment = offer.Text("enrolment"), code = "000000" });
        Assert.Equal("current-password-wrong", wrong.Code);
        person.TakeKey(offer);
        object Change(string? code) => new { currentPassword = AccountJourney.Password, password = "une toute autre phrase", enrolment = offer.Text("enrolment"), code };
        Assert.Equal("code-wrong", (await person.SendAsync(HttpMethod.Put, "/api/v1/password", Change("12"))).Code);
        Assert.Equal(HttpStatusCode.NoContent, await person.StatusAsync(HttpMethod.Put, "/api/v1/password", Change(person.Code)));
        Assert.Equal(HttpStatusCode.Unauthorized, await elsewhere.StatusAsync(HttpMethod.Get, "/api/v1/session"));
        Assert.Equal("last-credential", (await person.SendAsync(HttpMethod.Delete, "/api/v1/password")).Code);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await person.SignInAsync("admin.one", "une toute autre phrase")).Status);
    }

    [Fact]
    public async Task An_enrolment_serves_only_the_account_it_was_offered_to()
    {
        using var administrator = Journey();
        using var person = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        var (_, link) = await InviteAsync(administrator, "j.martin");
        await person.SetUpAsync(link);
        var offer = await administrator.SendAsync(HttpMethod.Post, "/api/v1/totp");
        person.TakeKey(offer);
        var stolen = await person.SendAsync(
            HttpMethod.Put, "/api/v1/password", new { currentPassword = AccountJourney.Password, password = "une toute autre phrase", enrolment = offer.Text("enrolment"), code = person.Code });
        Assert.Equal("invalid-input", stolen.Code);
    }

    [Fact]
    public async Task Accounts_are_listed_by_pages_and_found_by_name()
    {
        using var administrator = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        for (var i = 0; i < 5; i++) await InviteAsync(administrator, $"person-{i}", familyName: i == 3 ? "Lefèvre" : "Martin");
        var seen = new List<string>();
        var after = "";
        do
        {
            var page = await administrator.SendAsync(HttpMethod.Get, $"/api/v1/accounts?limit=2{after}");
            seen.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(account => account.GetProperty("signInName").GetString()!));
            after = page.Body.TryGetProperty("next", out var next) && next.GetString() is { } cursor ? $"&after={cursor}" : "";
        }
        while (after.Length > 0);
        Assert.Equal(["admin.one", "person-0", "person-1", "person-2", "person-3", "person-4"], seen);
        var found = await administrator.SendAsync(HttpMethod.Get, "/api/v1/accounts?search=lefev");
        var account = Assert.Single(found.Body.GetProperty("items").EnumerateArray());
        Assert.Equal("person-3", account.GetProperty("signInName").GetString());
        Assert.NotEqual(JsonValueKind.Null, account.GetProperty("openLinkUntil").ValueKind);
    }

    [Fact]
    public async Task An_open_invitation_is_listed_and_can_be_withdrawn()
    {
        using var administrator = Journey();
        using var person = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        var (_, link) = await InviteAsync(administrator, "j.martin");
        var open = Assert.Single((await administrator.SendAsync(HttpMethod.Get, "/api/v1/invitations")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.NoContent, await administrator.StatusAsync(HttpMethod.Delete, $"/api/v1/invitations/{open.GetProperty("id").GetString()}"));
        Assert.Equal("setup-link-invalid", (await person.SetUpAsync(link)).Code);
    }

    [Fact]
    public async Task What_happens_to_accounts_is_in_the_audit_trail_and_no_secret_is()
    {
        using var administrator = Journey();
        await administrator.SetUpFirstAdministratorAsync();
        var (id, link) = await InviteAsync(administrator, "j.martin");
        await administrator.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new { roles = new[] { "auditor" } });
        await administrator.SignInAsync("admin.one", "a wrong password!", "000000");
        await using var db = await OpenAsync();
        await Eventually.HoldsAsync(async () => await db.Set<AuditRecord>().AnyAsync(record => record.Action == "sign-in.refused", Cancellation));
        var records = await db.Set<AuditRecord>().Where(record => record.Actor != "system").OrderBy(record => record.Seq).ToListAsync(Cancellation);
        Assert.Equal(["account.set-up", "session.opened", "account.created", "account.roles-changed", "sign-in.refused"], records.Select(record => record.Action));
        Assert.Equal(("Ada Lovelace", "127.0.0.1"), (records[2].ActorName, records[2].Origin));
        Assert.Contains("auditor", records[3].Detail, StringComparison.Ordinal);
        var secrets = new[] { AccountJourney.Password, "a wrong password!", link.Fragment[1..] };
        Assert.All(records, record => Assert.DoesNotContain(secrets, secret => record.Detail.Contains(secret, StringComparison.Ordinal)));
    }

    private static Dictionary<string, string> WithoutTrace(Answer answer) =>
        answer.Body.EnumerateObject().Where(property => property.Name != "traceId").ToDictionary(property => property.Name, property => property.Value.GetRawText(), StringComparer.Ordinal);

    private AccountJourney Journey() => new(server, time);

    private async Task<Uri> LinkAsync() => (await server.Services.GetRequiredService<FirstSetup>().IssueLinkAsync(Cancellation))!.Address;

    private static async Task<(string Id, Uri Link)> InviteAsync(AccountJourney administrator, string signInName, string familyName = "Martin")
    {
        var invited = await administrator.SendAsync(HttpMethod.Post, "/api/v1/accounts", new { signInName, givenName = "Jeanne", familyName });
        Assert.Equal(HttpStatusCode.Created, invited.Status);
        return (invited.Body.GetProperty("account").GetProperty("id").GetString()!, new Uri(invited.Body.GetProperty("invitation").GetProperty("address").GetString()!));
    }

    private Task<TocsinDbContext> OpenAsync() => server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
}

public sealed class SqliteAccountTests : AccountSpecification
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgreSqlAccountTests : AccountSpecification
{
    protected override async Task<string?> NewDatabaseAsync() => await ServerUnderTest.NewPostgresDatabaseAsync();
}
