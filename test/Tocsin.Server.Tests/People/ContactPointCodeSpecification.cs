using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.People;

/// <summary>A server whose clock the tests move, with stand-in carriers and its log kept.</summary>
public abstract class ServerThatSendsCodes : IAsyncLifetime
{
    internal StandInChannel Sms { get; } = new(ChannelKind.Sms);

    internal StandInChannel Email { get; } = new(ChannelKind.Email);

    internal RecordedLog Log { get; } = new();

    internal ManualTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public ServerUnderTest Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ServerUnderTest.StartAsync(await DatabaseAsync(), Time, services =>
    {
        services.AddSingleton<IAlertChannel>(Sms);
        services.AddSingleton<IAlertChannel>(Email);
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(Log));
    });

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Log.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<string?> DatabaseAsync();
}

public sealed class CodesOnSqlite : ServerThatSendsCodes
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class CodesOnPostgreSql : ServerThatSendsCodes
{
    protected override async Task<string?> DatabaseAsync() => await ServerUnderTest.NewPostgresDatabaseAsync();
}

/// <summary>A contact point is verified by a code that is sent to it, on both databases. Each test has its own person and its own telephone.</summary>
public abstract class ContactPointCodeSpecification(ServerThatSendsCodes fixture) : IAsyncLifetime
{
    private static int counter;

    private readonly string mobile = $"+33612{Interlocked.Increment(ref counter):D6}";
    private PersonId person;
    private HttpClient staff = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (person, staff) = await NewPersonAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("mobile")]
    [InlineData("email")]
    public async Task A_code_that_was_sent_verifies_the_contact_point_once(string kind)
    {
        var id = await AddAsync(kind, kind == "mobile" ? mobile : $"box{mobile[1..]}@example.org");
        var asked = (await AskAsync(id)).MustBe(202);
        Assert.Contains(asked.Text("standing"), (string[])["sending", "sent"]);
        var message = await SentAsync(1);
        await Eventually.HoldsAsync(async () => (await CodeAsync(id)).Text("standing") == "sent", "the carrier's word is kept");
        var code = CodeIn(message);

        var verified = (await CheckAsync(id, $" {code[..3]} {code[3..]} ")).MustBe(200);
        Assert.Equal(fixture.Time.GetUtcNow().ToUnixTimeMilliseconds(), DateTimeOffset.Parse(verified.Text("verifiedAt")!, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());
        (await CheckAsync(id, code)).MustBeRefused(409, "contact-code-expired");
        await using var db = await OpenAsync();
        var actions = await db.Set<AuditRecord>().Where(record => record.Subject == $"person:{person}" && record.Action.StartsWith("contact-point.")).OrderBy(record => record.Seq).Select(record => record.Action).ToListAsync(Cancellation);
        Assert.Equal(["contact-point.added", "contact-point.code-asked", "contact-point.verified"], actions);
    }

    [Fact]
    public async Task Neither_the_code_nor_the_address_is_kept_in_clear_or_logged()
    {
        var id = await AddAsync("mobile", mobile);
        await AskAsync(id);
        var code = CodeIn(await SentAsync(1));
        await CheckAsync(id, code);
        await using var db = await OpenAsync();
        var kept = await db.Set<ContactPointCode>().SingleAsync(row => row.PersonId == person, Cancellation);
        Assert.DoesNotContain(code, System.Text.Json.JsonSerializer.Serialize(kept), StringComparison.Ordinal);
        Assert.NotEmpty(fixture.Log.Lines);
        Assert.Empty(fixture.Log.Containing(mobile[1..]));

        // Six digits may stand in a number of milliseconds: they are looked for as a word of their own.
        Assert.DoesNotContain(fixture.Log.Lines, line => NumbersIn(line).Contains(code));
    }

    [Fact]
    public async Task Five_wrong_codes_end_it_even_for_the_right_one_and_even_at_once()
    {
        var id = await AddAsync("mobile", mobile);
        await AskAsync(id);
        var code = CodeIn(await SentAsync(1));
        var wrong = code == "000000" ? "000001" : "000000";
        (await CheckAsync(id, wrong)).MustBeRefused(400, "contact-code-wrong");
        Assert.Equal(4, (int)(await CodeAsync(id))["triesLeft"]!);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CheckAsync(id, wrong)));
        Assert.Equal(3, answers.Count(answer => answer.Code == "contact-code-wrong"));
        Assert.Equal(5, answers.Count(answer => answer.Code == "contact-code-spent"));
        (await CheckAsync(id, code)).MustBeRefused(409, "contact-code-spent");
        Assert.Equal("spent", (await CodeAsync(id)).Text("standing"));
        await using var db = await OpenAsync();
        Assert.Null((await db.Set<StoredContactPoint>().SingleAsync(point => point.PersonId == person, Cancellation)).VerifiedAt);
    }

    [Fact]
    public async Task A_code_is_worth_nothing_after_ten_minutes()
    {
        var id = await AddAsync("mobile", mobile);
        await AskAsync(id);
        var code = CodeIn(await SentAsync(1));
        fixture.Time.Advance(TimeSpan.FromMinutes(10));
        (await CheckAsync(id, code)).MustBeRefused(409, "contact-code-expired");
        Assert.Equal("expired", (await CodeAsync(id)).Text("standing"));
    }

    [Fact]
    public async Task A_newer_code_ends_the_one_before_and_a_changed_address_ends_both()
    {
        var id = await AddAsync("mobile", mobile);
        await AskAsync(id);
        var first = CodeIn(await SentAsync(1));
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        (await AskAsync(id)).MustBe(202);
        var second = CodeIn(await SentAsync(2));
        if (first != second) (await CheckAsync(id, first)).MustBeRefused(400, "contact-code-wrong");
        (await staff.AskAsync(HttpMethod.Put, $"/api/v1/me/contact-points/{id}", new { kind = "mobile", address = "0698765432" })).MustBe(200);
        (await CheckAsync(id, second)).MustBeRefused(409, "contact-code-expired");
        Assert.Equal("none", (await CodeAsync(id)).Text("standing"));
    }

    [Fact]
    public async Task Codes_to_an_address_wait_a_minute_and_are_five_an_hour_whoever_asks()
    {
        var id = await AddAsync("mobile", mobile);
        (await AskAsync(id)).MustBe(202);
        (await AskAsync(id)).MustBeRefused(429, "contact-code-too-many");
        for (var i = 1; i < 5; i++)
        {
            fixture.Time.Advance(TimeSpan.FromMinutes(1));
            (await AskAsync(id)).MustBe(202);
        }

        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        (await AskAsync(id)).MustBeRefused(429, "contact-code-too-many");

        // Deleted and added again, or asked for by somebody else: it is the same telephone.
        (await staff.AskAsync(HttpMethod.Delete, $"/api/v1/me/contact-points/{id}")).MustBe(204);
        (await AskAsync(await AddAsync("mobile", mobile))).MustBeRefused(429, "contact-code-too-many");
        var (_, other) = await NewPersonAsync();
        var theirs = (await other.AskAsync(HttpMethod.Post, "/api/v1/me/contact-points", new { kind = "mobile", address = mobile })).MustBe(201).Text("id")!;
        (await other.AskAsync(HttpMethod.Post, $"/api/v1/me/contact-points/{theirs}/code")).MustBeRefused(429, "contact-code-too-many");
        fixture.Time.Advance(TimeSpan.FromMinutes(55));
        (await other.AskAsync(HttpMethod.Post, $"/api/v1/me/contact-points/{theirs}/code")).MustBe(202);
    }

    [Fact]
    public async Task A_person_asks_for_ten_codes_an_hour_at_most()
    {
        var ids = new List<string>();
        for (var i = 0; i < 11; i++) ids.Add(await AddAsync("email", $"box{i}-{mobile[1..]}@example.org"));
        foreach (var id in ids.Take(10)) (await AskAsync(id)).MustBe(202);
        (await AskAsync(ids[10])).MustBeRefused(429, "contact-code-too-many");
        fixture.Time.Advance(TimeSpan.FromHours(1));
        (await AskAsync(ids[10])).MustBe(202);
    }

    [Fact]
    public async Task A_carrier_that_refuses_is_told_to_the_person()
    {
        fixture.Sms.Refused = mobile;
        var id = await AddAsync("mobile", mobile);
        await AskAsync(id);
        await Eventually.HoldsAsync(async () => (await CodeAsync(id)).Text("standing") == "failed", "the refusal is kept");
        Assert.Equal(FailureCodes.AddressUnknown, (await CodeAsync(id)).Text("failure"));
        (await CheckAsync(id, "123456")).MustBeRefused(409, "contact-code-expired");
    }

    [Fact]
    public async Task Rows_are_gone_after_an_hour()
    {
        await AskAsync(await AddAsync("mobile", mobile));
        await SentAsync(1);
        await Eventually.HoldsAsync(
            async () =>
            {
                // Each step wakes the sender, which waits on this clock.
                fixture.Time.Advance(TimeSpan.FromMinutes(5));
                await using var db = await OpenAsync();
                return !await db.Set<ContactPointCode>().AnyAsync(row => row.PersonId == person, Cancellation);
            },
            "no row with an address is kept");
    }

    [Fact]
    public async Task Only_the_owner_asks_and_tries_and_only_an_administrator_says_it_by_hand()
    {
        var id = await AddAsync("mobile", mobile);
        var (_, other) = await NewPersonAsync();
        (await other.AskAsync(HttpMethod.Post, $"/api/v1/me/contact-points/{id}/code")).MustBeRefused(404, "not-found");
        (await other.AskAsync(HttpMethod.Post, $"/api/v1/me/contact-points/{id}/verify", new { code = "123456" })).MustBeRefused(404, "not-found");
        (await staff.AskAsync(HttpMethod.Post, $"/api/v1/me/contact-points/{id}/confirm")).MustBeRefused(409, "contact-code-needed");
        var landline = await AddAsync("landline", "0155667788");
        (await AskAsync(landline)).MustBeRefused(409, "contact-code-not-possible");
        (await staff.AskAsync(HttpMethod.Post, $"/api/v1/me/contact-points/{landline}/confirm")).MustBe(200);
        (await (await fixture.Server.AsAsync(Roles.Administrator)).AskAsync(HttpMethod.Post, $"/api/v1/people/{person}/contact-points/{id}/confirm")).MustBe(200);
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345x")]
    [InlineData("１２３４５６")]
    [InlineData(null)]
    public async Task What_is_no_code_is_refused_and_counts_for_nothing(string? typed)
    {
        var id = await AddAsync("mobile", mobile);
        await AskAsync(id);
        Assert.Equal("out-of-range", (await CheckAsync(id, typed)).MustBeRefused(400, "invalid-input").Field("code"));
        Assert.Equal(5, (int)(await CodeAsync(id))["triesLeft"]!);
    }

    private static string CodeIn(OutboundMessage message)
    {
        Assert.Equal(MessagePurpose.VerificationCode, message.Purpose);
        Assert.DoesNotMatch(@"\d", message.Title);
        var code = message.Body.Split('\n')[0];
        Assert.True(code.Length == 6 && code.All(char.IsAsciiDigit), message.Body);
        return code;
    }

    private static HashSet<string> NumbersIn(string line) =>
        [.. new string([.. line.Select(c => char.IsAsciiDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The latest message to this person, once there are so many.</summary>
    private async Task<OutboundMessage> SentAsync(int count)
    {
        OutboundMessage[] Theirs() => [.. fixture.Sms.Sent.Concat(fixture.Email.Sent).Where(message => message.Address.Contains(mobile[1..], StringComparison.Ordinal))];
        await Eventually.HoldsAsync(() => ValueTask.FromResult(Theirs().Length >= count), "the code is sent");
        return Theirs()[^1];
    }

    private async Task<(PersonId Person, HttpClient Client)> NewPersonAsync()
    {
        var account = await fixture.Server.CreateAccountAsync(Roles.Staff);
        return (account.Account.PersonId, await fixture.Server.SignInAsync(account));
    }

    private async Task<string> AddAsync(string kind, string address) =>
        (await staff.AskAsync(HttpMethod.Post, "/api/v1/me/contact-points", new { kind, address })).MustBe(201).Text("id")!;

    private Task<JsonAnswer> AskAsync(string id) => staff.AskAsync(HttpMethod.Post, $"/api/v1/me/contact-points/{id}/code");

    private Task<JsonAnswer> CodeAsync(string id) => staff.GetOkAsync($"/api/v1/me/contact-points/{id}/code");

    private Task<JsonAnswer> CheckAsync(string id, string? code) => staff.AskAsync(HttpMethod.Post, $"/api/v1/me/contact-points/{id}/verify", new { code });

    private Task<TocsinDbContext> OpenAsync() => fixture.Server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
}

public sealed class ContactPointCodes_on_Sqlite(CodesOnSqlite fixture) : ContactPointCodeSpecification(fixture), IClassFixture<CodesOnSqlite>;

public sealed class ContactPointCodes_on_PostgreSql(CodesOnPostgreSql fixture) : ContactPointCodeSpecification(fixture), IClassFixture<CodesOnPostgreSql>;
