using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.ContactRefreshes.Sending;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Server.Tests.People;
using Tocsin.Storage;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Notices;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.ContactRefreshes;

/// <summary>What a campaign of contact details promises, on both databases: each is told once by what they have, a link confirms what it reached and no more, and the date ends it.</summary>
public abstract partial class ContactRefreshSpecification(string? database) : IAsyncLifetime
{
    private const string Refreshes = "/api/v1/contact-refreshes";

    private readonly StandInChannel email = new(ChannelKind.Email);
    private readonly StandInChannel sms = new(ChannelKind.Sms);
    private readonly ManualTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly RecordedLog log = new();
    private ServerUnderTest server = null!;
    private HttpClient administrator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync(
            database is null ? null : await ServerUnderTest.NewPostgresDatabaseAsync(),
            time,
            services =>
            {
                services.AddAlertChannel(_ => email);
                services.AddAlertChannel(_ => sms);
                services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(log));
            });
        administrator = await NewAsync(Roles.Administrator);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        log.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Each_is_told_once_by_the_best_that_they_have_in_their_language_and_nobody_by_what_they_have_not()
    {
        for (var i = 0; i < 300; i++)
            await AddAsync($"Martin {i}", i % 2 == 0 ? ContentLanguage.Fr : ContentLanguage.En, i % 3 == 2 ? [] : i % 3 == 1 ? [Mobile(i)] : [Mobile(i), Mail(i)]);
        var preview = (await administrator.AskAsync(HttpMethod.Post, $"{Refreshes}/preview", new { kind = "everyone" })).MustBe(200);
        Assert.Equal((301, 100, 100, 101, 20), ((int)preview["people"], (int)preview["byMail"], (int)preview["bySms"], (int)preview["untold"], preview["firstUntold"].AsArray().Count));
        Assert.Empty(email.Sent);

        var id = await StartAsync();
        await Eventually.HoldsAsync(async () => (int)(await ReadAsync(id))["sent"]["sent"]! == 200, "everybody who can be told is");
        Assert.Equal((100, 100), (email.Sent.Count, sms.Sent.Count));
        Assert.Equal(200, email.Sent.Concat(sms.Sent).Select(m => m.AnswerLink!.AbsoluteUri).Distinct().Count());
        Assert.All(email.Sent.Concat(sms.Sent), m => Assert.Equal(MessagePurpose.ContactRefresh, m.Purpose));
        Assert.All(email.Sent.Concat(sms.Sent), m => Assert.True(m.DeliveryId.Value < -(1L << 40)));
        Assert.All(email.Sent, m => Assert.Equal(m.Language == ContentLanguage.En ? "Confirm your contact details" : "Confirmez vos coordonnées", m.Title));
        var counts = (await ReadAsync(id))["summary"]["counts"]!;
        Assert.Equal((301, 200, 101, 0), ((int)counts["people"]!, (int)counts["waiting"]!, (int)counts["untold"]!, (int)counts["confirmed"]!));

        // Page by page, each once, and the file has the same people, without a number.
        var names = new List<string>();
        for (string? after = null; ;)
        {
            var page = await administrator.GetOkAsync($"{Refreshes}/{id}/people?standing=waiting&limit=90{(after is null ? "" : "&after=" + after)}");
            names.AddRange(page.Items.Select(item => (string)item!["id"]!));
            if ((after = page.Text("next")) is null) break;
        }

        Assert.Equal((200, 200), (names.Count, names.Distinct().Count()));
        var csv = (string)(await administrator.AskAsync(HttpMethod.Get, $"{Refreshes}/{id}/people.csv?language=en")).MustBe(200).Body!;
        Assert.Equal(302, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("+336", csv, StringComparison.Ordinal);

        // What is settled forgets its address, and no link is kept or logged.
        await using var db = await OpenAsync();
        Assert.False(await db.Set<RefreshDelivery>().AnyAsync(d => d.Address != "", Cancellation));
        var token = TokenOf(email.Sent.First());
        Assert.Empty(log.Containing(token));
        Assert.DoesNotContain(token, System.Text.Json.JsonSerializer.Serialize(await db.Set<RefreshPerson>().ToListAsync(Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_tap_confirms_what_the_link_reached_and_nothing_else_however_often_it_is_pressed()
    {
        var person = await AddAsync("Morel", ContentLanguage.Fr, [Mobile(42), Mail(7)]);
        var id = await StartAsync();
        var link = await LinkAsync(() => email.Sent.Single());
        var page = await OpenAsync(link);
        Assert.Contains("Camille Morel", page, StringComparison.Ordinal);
        Assert.Contains("•••• 42", page, StringComparison.Ordinal);
        Assert.Contains("p••••@hopital.example", page, StringComparison.Ordinal);
        Assert.DoesNotContain("+336", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);

        // A scanner that opens it confirms nothing.
        Assert.Equal(1, (int)(await CountsAsync(id))["waiting"]!);
        var pressed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync(link, ("do", "confirm"))));
        Assert.All(pressed, answer => Assert.Equal((303, "Confirmed"), answer));
        Assert.Equal(1, (int)(await CountsAsync(id))["confirmed"]!);
        await using var db = await OpenAsync();
        var points = await db.Set<StoredContactPoint>().Where(c => c.PersonId == person).ToListAsync(Cancellation);
        Assert.NotNull(points.Single(c => c.Kind == ContactPointKind.Email).VerifiedAt);
        Assert.Null(points.Single(c => c.Kind == ContactPointKind.Mobile).VerifiedAt);
        var audited = await db.Set<AuditRecord>().Where(r => r.Action.StartsWith("contact-refresh.")).OrderBy(r => r.Seq).ToListAsync(Cancellation);
        Assert.Equal(["contact-refresh.started", "contact-refresh.answered"], audited.Select(r => r.Action));
        Assert.DoesNotContain(audited, r => r.Detail?.Contains("+336", StringComparison.Ordinal) == true || r.Detail?.Contains('@', StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task An_address_that_was_changed_since_the_link_left_is_not_verified_by_it()
    {
        var person = await AddAsync("Morel", ContentLanguage.Fr, [Mail(7)]);
        var id = await StartAsync();
        var link = await LinkAsync(() => email.Sent.Single());
        time.Advance(TimeSpan.FromMinutes(1));
        await server.Store.CommitAsync((transaction, token) => transaction.Db.Set<StoredContactPoint>().Where(c => c.PersonId == person)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Address, "other@hopital.example").SetProperty(c => c.ChangedAt, transaction.Now), token), Cancellation);
        Assert.Equal((303, "Confirmed"), await PostAsync(link, ("do", "confirm")));
        Assert.Equal(1, (int)(await CountsAsync(id))["confirmed"]!);
        await using var db = await OpenAsync();
        Assert.Null((await db.Set<StoredContactPoint>().SingleAsync(c => c.PersonId == person, Cancellation)).VerifiedAt);
    }

    [Fact]
    public async Task What_is_given_counts_once_the_code_sent_there_comes_back_and_takes_the_place_of_the_old()
    {
        var person = await AddAsync("Morel", ContentLanguage.En, [Mobile(1), Mail(1)]);
        var id = await StartAsync();
        var link = await LinkAsync(() => email.Sent.Single());
        var old = await PointAsync(person, ContactPointKind.Mobile);
        Assert.Equal((303, "AddressInvalid"), await PostAsync(link, ("do", "give"), ("address", "not a number")));
        Assert.Equal((303, "CodeSent"), await PostAsync(link, ("do", "give"), ("point", old.Id.ToString()), ("address", "06 99 98 97 96")));
        await Eventually.HoldsAsync(() => sms.Sent.Any(m => m.Purpose == MessagePurpose.VerificationCode), "the code is sent");
        var sent = sms.Sent.Single(m => m.Purpose == MessagePurpose.VerificationCode);
        Assert.Equal("+33699989796", sent.Address);

        // Until then the old one holds, and nothing is sent to the new.
        Assert.True((await PointAsync(person, ContactPointKind.Mobile)).Id == old.Id);
        Assert.Contains("•••• 96", await OpenAsync(link), StringComparison.Ordinal);
        var code = SixDigits().Match(sent.Body).Value;
        Assert.Equal((303, "CodeWrong"), await PostAsync(link, ("do", "code"), ("code", code == "000000" ? "000001" : "000000")));
        Assert.Equal(1, (int)(await CountsAsync(id))["waiting"]!);
        Assert.Equal((303, "Verified"), await PostAsync(link, ("do", "code"), ("code", code)));
        await using var db = await OpenAsync();
        var mobile = await db.Set<StoredContactPoint>().SingleAsync(c => c.PersonId == person && c.Kind == ContactPointKind.Mobile, Cancellation);
        Assert.Equal(("+33699989796", true, old.Rank), (mobile.Address, mobile.Enabled, mobile.Rank));
        Assert.NotNull(mobile.VerifiedAt);

        // Who says then that all is right has still changed something.
        await PostAsync(link, ("do", "confirm"));
        Assert.Equal(1, (int)(await CountsAsync(id))["changed"]!);
    }

    [Fact]
    public async Task What_was_given_and_never_verified_is_gone_with_the_end()
    {
        var person = await AddAsync("Morel", ContentLanguage.Fr, [Mail(1)]);
        var id = await StartAsync();
        var link = await LinkAsync(() => email.Sent.Single());
        await PostAsync(link, ("do", "give"), ("address", "thief@elsewhere.example"));
        await using (var db = await OpenAsync())
            Assert.False((await db.Set<StoredContactPoint>().SingleAsync(c => c.PersonId == person && c.Address == "thief@elsewhere.example", Cancellation)).Enabled);
        (await administrator.AskAsync(HttpMethod.Post, $"{Refreshes}/{id}/end")).MustBe(200);
        await using var after = await OpenAsync();
        Assert.Equal(Mail(1).Address, (await after.Set<StoredContactPoint>().SingleAsync(c => c.PersonId == person, Cancellation)).Address);
    }

    [Fact]
    public async Task Whoever_holds_a_link_removes_a_wrong_number_and_never_the_one_that_it_came_through_or_somebody_elses()
    {
        var other = await AddAsync("Autre", ContentLanguage.Fr, [Mobile(9)]);
        var person = await AddAsync("Morel", ContentLanguage.Fr, [Mobile(1), Mail(1)]);
        var id = await StartAsync();
        var link = await LinkAsync(() => email.Sent.Single());
        var (mobile, mail, theirs) = (await PointAsync(person, ContactPointKind.Mobile), await PointAsync(person, ContactPointKind.Email), await PointAsync(other, ContactPointKind.Mobile));
        Assert.Equal((303, "Refused"), await PostAsync(link, ("do", "remove"), ("point", mail.Id.ToString())));
        Assert.Equal((303, "Refused"), await PostAsync(link, ("do", "remove"), ("point", theirs.Id.ToString())));
        Assert.Equal((303, "Refused"), await PostAsync(link, ("do", "give"), ("point", mail.Id.ToString()), ("address", "06 99 98 97 96")));
        Assert.Equal((303, "Removed"), await PostAsync(link, ("do", "remove"), ("point", mobile.Id.ToString())));
        Assert.Equal((303, "Refused"), await PostAsync(link, ("do", "remove"), ("point", mobile.Id.ToString())));
        Assert.Equal(1, (int)(await CountsAsync(id))["changed"]!);
    }

    [Fact]
    public async Task Whoever_says_that_it_is_not_for_them_ends_the_link_and_what_it_reached_is_no_longer_verified()
    {
        var person = await AddAsync("Morel", ContentLanguage.Fr, [Mobile(5)]);
        await server.Store.CommitAsync((transaction, token) => transaction.Db.Set<StoredContactPoint>().ExecuteUpdateAsync(set => set.SetProperty(c => c.VerifiedAt, transaction.Now), token), Cancellation);
        var id = await StartAsync();
        var link = await LinkAsync(() => sms.Sent.Single());
        Assert.Equal((200, null), await PostAsync(link, ("do", "not-me")));
        Assert.Equal((404, null), await PostAsync(link, ("do", "confirm")));
        Assert.Equal(1, (int)(await CountsAsync(id))["notTheirs"]!);
        Assert.Null((await PointAsync(person, ContactPointKind.Mobile)).VerifiedAt);
    }

    [Fact]
    public async Task Hostile_input_is_refused_alike_and_a_link_is_worth_a_bounded_number_of_steps()
    {
        await AddAsync("Morel", ContentLanguage.Fr, [Mail(1)]);
        var id = await StartAsync();
        var link = await LinkAsync(() => email.Sent.Single());
        var token = link["/c/".Length..];
        foreach (var wrong in (string[])["x", new string('A', 22), token + "A", token[..^1], token[..^1] + "=", "%C0%AF", new string('x', 5_000)])
        {
            using var answer = await server.Anonymous.GetAsync(new Uri("/c/" + wrong, UriKind.Relative), Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Equal((303, "Refused"), await PostAsync(link, ("do", "everything")));
        Assert.Equal((303, "Refused"), await PostAsync(link));
        Assert.Equal((303, "Refused"), await PostAsync(link, ("do", "code"), ("code", "123456")));
        Assert.Equal((303, "AddressInvalid"), await PostAsync(link, ("do", "give"), ("address", "a@b\r\nBcc: c@d.example")));
        using var multipart = new MultipartFormDataContent { { new StringContent("confirm"), "do" } };
        using var refused = await server.Anonymous.PostAsync(new Uri(link, UriKind.Relative), multipart, Cancellation);
        Assert.Contains("notice=Refused", refused.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", await OpenAsync(link + "?notice=<b>x</b>&lang=<b>"), StringComparison.Ordinal);
        await server.Store.CommitAsync((transaction, cancel) => transaction.Db.Set<RefreshPerson>().ExecuteUpdateAsync(set => set.SetProperty(p => p.Steps, 60), cancel), Cancellation);
        Assert.Equal((303, "TooMany"), await PostAsync(link, ("do", "confirm")));
        Assert.Equal(0, (int)(await CountsAsync(id))["confirmed"]!);

        // And one address does not try for ever.
        var statuses = new List<int>();
        for (var i = 0; i < 150; i++)
        {
            using var tried = await server.Anonymous.GetAsync(new Uri("/c/" + new string('A', 22), UriKind.Relative), Cancellation);
            statuses.Add((int)tried.StatusCode);
        }

        Assert.Contains(429, statuses);
    }

    [Fact]
    public async Task Who_has_not_answered_is_reminded_once_and_the_date_ends_it()
    {
        await AddAsync("Répond", ContentLanguage.Fr, [Mail(1)]);
        await AddAsync("Tarde", ContentLanguage.Fr, [Mail(2)]);
        var id = await StartAsync(TimeSpan.FromDays(5));
        await Eventually.HoldsAsync(async () => (int)(await ReadAsync(id))["sent"]["sent"]! == 2, "both are told");
        var answered = LinkOf(email.Sent.Single(m => m.Address == "person1@hopital.example"));
        Assert.Equal((303, "Confirmed"), await PostAsync(answered, ("do", "confirm")));

        time.Advance(TimeSpan.FromDays(2));
        await Eventually.HoldsAsync(() => email.Sent.Count == 3, "one is reminded");
        var reminder = email.Sent.Last();
        Assert.Equal("person2@hopital.example", reminder.Address);
        Assert.Contains("Rappel", reminder.Body, StringComparison.Ordinal);
        Assert.Equal(LinkOf(email.Sent.First(m => m.Address == "person2@hopital.example")), LinkOf(reminder));

        time.Advance(TimeSpan.FromDays(3));
        administrator = await NewAsync(Roles.Administrator);
        await Eventually.HoldsAsync(async () => (await ReadAsync(id))["summary"]["endedAt"] is not null, "its time is over");
        Assert.Equal(3, email.Sent.Count);
        Assert.Equal(404, (await PostAsync(answered, ("do", "confirm"))).Status);
        using var ended = await server.Anonymous.GetAsync(new Uri(answered, UriKind.Relative), Cancellation);
        using var wrong = await server.Anonymous.GetAsync(new Uri("/c/" + new string('A', 22), UriKind.Relative), Cancellation);
        Assert.Equal(await wrong.Content.ReadAsStringAsync(Cancellation), await ended.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal((1, 1), ((int)(await CountsAsync(id))["confirmed"]!, (int)(await CountsAsync(id))["waiting"]!));

        // The next can begin.
        await StartAsync();
    }

    [Fact]
    public async Task What_was_sent_and_not_recorded_is_sent_again_as_it_was_once_the_lease_is_over()
    {
        await AddAsync("Morel", ContentLanguage.Fr, [Mail(1)]);
        var id = await StartAsync();
        var first = await MessageAsync(() => email.Sent.Single());
        await Eventually.HoldsAsync(async () => (int)(await ReadAsync(id))["sent"]["sent"]! == 1, "it is kept");

        // As a server leaves it that was killed between the carrier's word and its own.
        await server.Store.CommitAsync((transaction, token) => transaction.Db.Set<RefreshDelivery>().ExecuteUpdateAsync(
            set => set.SetProperty(d => d.State, NoticeState.Waiting).SetProperty(d => d.Address, Mail(1).Address).SetProperty(d => d.DueAt, transaction.Now + TimeSpan.FromMinutes(2)), token), Cancellation);
        server.Services.GetRequiredService<ContactRefreshWakeUp>().WakeUp.Pulse();
        time.Advance(TimeSpan.FromMinutes(3));
        server.Services.GetRequiredService<ContactRefreshWakeUp>().WakeUp.Pulse();
        await Eventually.HoldsAsync(() => email.Sent.Count == 2, "it is sent again");
        var second = email.Sent.Last();
        Assert.Equal((first.IdempotencyKey, LinkOf(first)), (second.IdempotencyKey, LinkOf(second)));
        Assert.Equal((303, "Confirmed"), await PostAsync(LinkOf(first), ("do", "confirm")));
    }

    [Fact]
    public async Task Who_is_in_the_middle_of_being_written_down_when_it_stops_is_written_once()
    {
        for (var i = 0; i < 20; i++) await AddAsync($"Martin {i:00}", ContentLanguage.Fr, [Mail(i)]);
        var id = await StartAsync();
        await Eventually.HoldsAsync(async () => (int)(await ReadAsync(id))["sent"]["sent"]! == 20, "all are told");

        // As it is found by who starts again half-way: the first ten are there, the others are not.
        await using (var db = await OpenAsync())
        {
            var people = (await db.Set<RefreshPerson>().Select(p => p.PersonId).ToListAsync(Cancellation)).OrderBy(p => p.Value).ToList();
            var rest = people.Skip(people.Count / 2).ToList();
            await server.Store.CommitAsync(
                async (transaction, token) =>
                {
                    await transaction.Db.Set<RefreshPerson>().Where(p => rest.Contains(p.PersonId)).ExecuteDeleteAsync(token);
                    await transaction.Db.Set<RefreshDelivery>().Where(d => rest.Contains(d.PersonId)).ExecuteDeleteAsync(token);
                    var refresh = await transaction.Db.Set<ContactRefresh>().SingleAsync(token);
                    (refresh.Writing, refresh.ThroughPerson) = (RefreshWriting.Messages, people[(people.Count / 2) - 1]);
                },
                Cancellation);
        }

        server.Services.GetRequiredService<ContactRefreshWakeUp>().WakeUp.Pulse();
        await Eventually.HoldsAsync(async () => (bool)(await ReadAsync(id))["isWritten"] && (int)(await ReadAsync(id))["sent"]["sent"]! == 20, "the others are told");
        Assert.Equal(21, (int)(await CountsAsync(id))["people"]!);
        Assert.All(email.Sent.GroupBy(m => m.Address), messages => Assert.InRange(messages.Count(), 1, 2));
    }

    [Fact]
    public async Task Whom_no_carrier_could_tell_is_shown_so_and_an_early_end_keeps_back_the_rest()
    {
        email.Refused = Mail(1).Address;
        await AddAsync("Parti", ContentLanguage.Fr, [Mail(1)]);
        var id = await StartAsync();
        await Eventually.HoldsAsync(async () => (int)(await CountsAsync(id))["untold"]! == 2, "the refusal is known");
        var ended = (await administrator.AskAsync(HttpMethod.Post, $"{Refreshes}/{id}/end")).MustBe(200);
        Assert.NotNull(ended["summary"]["endedBy"]);
        (await administrator.AskAsync(HttpMethod.Post, $"{Refreshes}/{id}/end")).MustBeRefused(409, "contact-refresh-ended");
    }

    [Fact]
    public async Task A_carrier_that_is_away_for_hours_is_tried_until_it_is_back_and_nobody_is_given_up_before()
    {
        email.IsAway = true;
        await AddAsync("Patient", ContentLanguage.Fr, [Mail(1)]);
        var id = await StartAsync();
        var begun = time.GetUtcNow();
        var lease = TimeSpan.FromMinutes(2);
        var looks = 0;
        await Eventually.HoldsAsync(async () =>
        {
            await using var db = await OpenAsync();
            var due = await db.Set<RefreshDelivery>().Where(d => d.State == NoticeState.Waiting).Select(d => (DateTimeOffset?)d.DueAt).FirstOrDefaultAsync(Cancellation);

            // What is under way has its lease's end, to the millisecond: it is given the time to end. A sender that began to wait just as the clock went on waits a little longer.
            var isUnderWay = due - time.GetUtcNow() is { } left && left > lease - TimeSpan.FromMilliseconds(2) && left <= lease;
            if (!isUnderWay && due > time.GetUtcNow()) time.Advance(due.Value - time.GetUtcNow());
            else if (++looks % 50 == 0) time.Advance(TimeSpan.FromSeconds(1));
            return email.TriedWhileAway > 40;
        });
        Assert.InRange(time.GetUtcNow() - begun, TimeSpan.FromHours(4), TimeSpan.FromHours(24));
        Assert.Equal(1, (int)(await CountsAsync(id))["waiting"]!);
        email.IsAway = false;
        await Eventually.HoldsAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return email.Sent.Count > 0;
        }, "it is told");
        Assert.Equal(1, (int)(await CountsAsync(id))["waiting"]!);
    }

    [Fact]
    public async Task One_runs_at_a_time_whoever_presses_and_what_makes_no_sense_is_refused_with_its_field()
    {
        (await administrator.AskAsync(HttpMethod.Post, Refreshes, Body())).MustBeRefused(409, "contact-refresh-nobody");
        await AddAsync("Morel", ContentLanguage.Fr, [Mail(1)]);
        foreach (var (change, field) in new (Action<JsonObject>, string)[]
        {
            (body => body["until"] = time.GetUtcNow().AddMinutes(5), "until"),
            (body => body["until"] = time.GetUtcNow().AddDays(93), "until"),
            (body => body["title"] = new JsonObject { ["fr"] = "" }, "title.fr"),
            (body => body["body"] = new JsonObject { ["fr"] = new string('x', 1_001) }, "body.fr"),
            (body => body["audience"] = new JsonObject { ["kind"] = "group", ["id"] = Guid.NewGuid() }, "audience.id"),
            (body => body["audience"] = new JsonObject { ["kind"] = "unverified", ["months"] = 37 }, "audience.months"),
        })
        {
            var body = Body();
            change(body);
            Assert.NotNull((await administrator.AskAsync(HttpMethod.Post, Refreshes, body)).MustBeRefused(400, "invalid-input").Field(field));
        }

        var second = await NewAsync(Roles.Administrator);
        var both = await Task.WhenAll(administrator.AskAsync(HttpMethod.Post, Refreshes, Body()), second.AskAsync(HttpMethod.Post, Refreshes, Body()));
        Assert.Equal([201, 409], both.Select(answer => answer.Status).Order());
        (await administrator.AskAsync(HttpMethod.Post, Refreshes, Body())).MustBeRefused(409, "contact-refresh-running");
        (await (await NewAsync(Roles.CrisisDirector)).AskAsync(HttpMethod.Post, Refreshes, Body())).MustBeRefused(403, "not-allowed");
        (await (await NewAsync(Roles.Staff)).AskAsync(HttpMethod.Get, Refreshes)).MustBeRefused(403, "not-allowed");
    }

    [Fact]
    public async Task Exactly_those_whose_verification_is_old_are_asked()
    {
        var old = await AddAsync("Ancien", ContentLanguage.Fr, [Mail(1)]);
        await AddAsync("Récent", ContentLanguage.Fr, [Mail(2)]);
        await AddAsync("Jamais", ContentLanguage.Fr, [Mail(3)]);
        await server.Store.CommitAsync(
            async (transaction, token) =>
            {
                await transaction.Db.Set<StoredContactPoint>().Where(c => c.PersonId == old).ExecuteUpdateAsync(set => set.SetProperty(c => c.VerifiedAt, transaction.Now.AddMonths(-7)), token);
                await transaction.Db.Set<StoredContactPoint>().Where(c => c.Address == Mail(2).Address).ExecuteUpdateAsync(set => set.SetProperty(c => c.VerifiedAt, transaction.Now.AddMonths(-5)), token);
            },
            Cancellation);
        var body = Body();
        body["audience"] = new JsonObject { ["kind"] = "unverified", ["months"] = 6 };
        (await administrator.AskAsync(HttpMethod.Post, Refreshes, body)).MustBe(201);
        await Eventually.HoldsAsync(() => email.Sent.Count == 2, "two are told");
        Assert.Equal([Mail(1).Address, Mail(3).Address], email.Sent.Select(m => m.Address).Order());
    }

    [Fact]
    public async Task Who_is_signed_in_answers_without_a_link_and_nothing_is_verified_by_it()
    {
        var account = await server.CreateAccountAsync(Roles.Staff);
        var staff = await server.SignInAsync(account);
        Assert.Null((await staff.GetOkAsync("/api/v1/me/contact-refresh")).Body!["running"]);
        (await staff.AskAsync(HttpMethod.Post, "/api/v1/me/contact-refresh/confirm")).MustBeRefused(409, "contact-refresh-ended");
        (await staff.AskAsync(HttpMethod.Post, "/api/v1/me/contact-points", new { kind = "email", address = Mail(1).Address })).MustBe(201);
        var id = await StartAsync();
        await LinkAsync(() => email.Sent.Single());
        Assert.NotNull((await staff.GetOkAsync("/api/v1/me/contact-refresh"))["running"]["until"]);
        (await staff.AskAsync(HttpMethod.Post, "/api/v1/me/contact-refresh/confirm")).MustBe(200);
        Assert.NotNull((await staff.GetOkAsync("/api/v1/me/contact-refresh"))["running"]["answeredAt"]);
        Assert.Equal(1, (int)(await CountsAsync(id))["confirmed"]!);
        Assert.Null((await PointAsync(account.Account.PersonId, ContactPointKind.Email)).VerifiedAt);
    }

    private static (ContactPointKind Kind, string Address) Mobile(int number) => (ContactPointKind.Mobile, $"+336{number:00000000}");

    private static (ContactPointKind Kind, string Address) Mail(int number) => (ContactPointKind.Email, $"person{number}@hopital.example");

    private static string LinkOf(OutboundMessage message) => message.AnswerLink!.AbsolutePath;

    private static string TokenOf(OutboundMessage message) => LinkOf(message)["/c/".Length..];

    private JsonObject Body(TimeSpan? lasting = null) => new()
    {
        ["audience"] = new JsonObject { ["kind"] = "everyone" },
        ["until"] = time.GetUtcNow() + (lasting ?? TimeSpan.FromDays(10)),
        ["title"] = new JsonObject { ["fr"] = "Confirmez vos coordonnées", ["en"] = "Confirm your contact details" },
        ["body"] = new JsonObject { ["fr"] = "En cas de crise, nous devons vous joindre.", ["en"] = "In a crisis we must reach you." },
    };

    private async Task<string> StartAsync(TimeSpan? lasting = null)
    {
        var started = (await administrator.AskAsync(HttpMethod.Post, Refreshes, Body(lasting))).MustBe(201);
        return (string)started["summary"]["id"]!;
    }

    private Task<JsonAnswer> ReadAsync(string id) => administrator.GetOkAsync($"{Refreshes}/{id}");

    private async Task<JsonNode> CountsAsync(string id) => (await ReadAsync(id))["summary"]["counts"]!;

    private async Task<OutboundMessage> MessageAsync(Func<OutboundMessage> message)
    {
        await Eventually.HoldsAsync(() => email.Sent.Concat(sms.Sent).Any(m => m.Purpose == MessagePurpose.ContactRefresh), "the link is sent");
        return message();
    }

    private async Task<string> LinkAsync(Func<OutboundMessage> message)
    {
        await Eventually.HoldsAsync(async () => (await administrator.GetOkAsync(Refreshes)).Items[0]!["counts"] is { } counts
            && (int)counts["people"]! > 0 && (int)(await ReadAsync((string)(await administrator.GetOkAsync(Refreshes)).Items[0]!["id"]!))["sent"]["waiting"]! == 0, "all is sent");
        return LinkOf(await MessageAsync(message));
    }

    private async Task<string> OpenAsync(string link)
    {
        using var answer = await server.Anonymous.GetAsync(new Uri(link, UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<(int Status, string? Notice)> PostAsync(string link, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await server.Anonymous.PostAsync(new Uri(link, UriKind.Relative), content, Cancellation);
        return ((int)answer.StatusCode, answer.Headers.Location is { } next ? Notice().Match(next.OriginalString).Groups[1].Value : null);
    }

    private async Task<StoredContactPoint> PointAsync(PersonId person, ContactPointKind kind)
    {
        await using var db = await OpenAsync();
        return await db.Set<StoredContactPoint>().SingleAsync(c => c.PersonId == person && c.Kind == kind && c.Enabled, Cancellation);
    }

    private Task<TocsinDbContext> OpenAsync() => server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);

    private async Task<HttpClient> NewAsync(Roles roles) => await server.SignInAsync(await server.CreateAccountAsync(roles));

    private async Task<PersonId> AddAsync(string familyName, ContentLanguage language, (ContactPointKind Kind, string Address)[] points)
    {
        var now = time.GetUtcNow().AddHours(-1);
        var person = new Person { Id = new PersonId(Guid.CreateVersion7(now)), GivenName = "Camille", FamilyName = familyName, DisplayName = $"Camille {familyName}", Language = language, CreatedAt = now, ChangedAt = now };
        person.Refold();
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(person);
                for (var i = 0; i < points.Length; i++)
                    transaction.Db.Add(new StoredContactPoint { Id = new ContactPointId(Guid.CreateVersion7(now)), PersonId = person.Id, Kind = points[i].Kind, Address = points[i].Address, Rank = i, CreatedAt = now, ChangedAt = now });
                return Task.CompletedTask;
            },
            Cancellation);
        return person.Id;
    }

    [GeneratedRegex("notice=(?<notice>[A-Za-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Notice();

    [GeneratedRegex("[0-9]{6}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SixDigits();
}

public sealed class Contact_refreshes_on_Sqlite() : ContactRefreshSpecification(null);

public sealed class Contact_refreshes_on_PostgreSql() : ContactRefreshSpecification("postgres");
