using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Server.Tests.People;
using Tocsin.Storage;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Bulletins;

/// <summary>What bulletins promise, on both databases: two approvals of exactly what is published, history, readers, questions, and messages by mail and SMS.</summary>
public abstract class BulletinSpecification(string? database) : IAsyncLifetime
{
    private const string Bulletins = "/api/v1/bulletins";
    private const string Mine = "/api/v1/me/bulletins";

    private readonly StandInChannel email = new(ChannelKind.Email);
    private readonly StandInChannel sms = new(ChannelKind.Sms);
    private ServerUnderTest server = null!;
    private HttpClient author = null!;
    private HttpClient first = null!;
    private HttpClient second = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync(
            database is null ? null : await ServerUnderTest.NewPostgresDatabaseAsync(),
            replace: services =>
            {
                services.AddAlertChannel(_ => email);
                services.AddAlertChannel(_ => sms);
            });
        author = await NewAsync(Roles.Communicator | Roles.Staff);
        first = await NewAsync(Roles.CrisisDirector | Roles.Staff);
        second = await NewAsync(Roles.Communicator | Roles.Staff);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_bulletin_is_published_once_two_people_who_did_not_write_it_approved_it()
    {
        var id = await WriteAsync(Draft("Accès par la porte nord"));
        (await SeenAsync(author, id, "publication", 1)).MustBeRefused(409, "bulletin-not-approved");
        (await SeenAsync(author, id, "approvals", 1)).MustBeRefused(409, "bulletin-own-text");
        Assert.False((bool)(await SeenAsync(first, id, "approvals", 1)).MustBe(200)["mayPublish"]);
        (await SeenAsync(first, id, "approvals", 1)).MustBeRefused(409, "bulletin-approved-already");
        (await SeenAsync(author, id, "publication", 1)).MustBeRefused(409, "bulletin-not-approved");
        Assert.True((bool)(await SeenAsync(second, id, "approvals", 1)).MustBe(200)["mayPublish"]);
        var published = (await SeenAsync(author, id, "publication", 1)).MustBe(200);
        Assert.Equal("current", published.Text("state"));
        Assert.Equal(2, published["versions"][0]!["approvals"]!.AsArray().Count);
        (await SeenAsync(author, id, "publication", 1)).MustBeRefused(409, "bulletin-published-already");
        Assert.Equal(["bulletin.created", "bulletin.approved", "bulletin.approved", "bulletin.published"], await AuditedAsync(id));
    }

    [Fact]
    public async Task An_edit_voids_every_approval_and_what_was_not_seen_is_neither_approved_nor_published()
    {
        var id = await WriteAsync(Draft("Premier jet"));
        await SeenAsync(first, id, "approvals", 1);
        (await SeenAsync(second, id, "approvals", 1)).MustBe(200);
        var edited = (await EditAsync(author, id, 1, Draft("Second jet"))).MustBe(200);
        Assert.False((bool)edited["mayPublish"]);
        Assert.Empty(edited["versions"][0]!["approvals"]!.AsArray());
        (await SeenAsync(author, id, "publication", 2)).MustBeRefused(409, "bulletin-not-approved");
        (await SeenAsync(author, id, "publication", 1)).MustBeRefused(409, "bulletin-changed");
        (await SeenAsync(first, id, "approvals", 1)).MustBeRefused(409, "bulletin-changed");
        (await EditAsync(second, id, 1, Draft("Par-dessus"))).MustBeRefused(409, "bulletin-changed");
    }

    [Fact]
    public async Task Two_who_edit_and_approve_at_once_never_publish_what_nobody_approved()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = await WriteAsync(Draft("Approuvé"));
            await SeenAsync(first, id, "approvals", 1);
            var race = await Task.WhenAll(
                SeenAsync(second, id, "approvals", 1), EditAsync(author, id, 1, Draft("Glissé entre deux")), SeenAsync(author, id, "publication", 1), SeenAsync(first, id, "publication", 1));
            Assert.All(race, answer => Assert.True(answer.Status is 200 or 409, $"{answer.Status} {answer.Body}"));
            var now = await first.GetOkAsync($"{Bulletins}/{id}");
            foreach (var version in now["versions"].AsArray().Where(v => v!["publishedAt"] is not null))
                Assert.True((int)version!["version"]! == 1 && version["approvals"]!.AsArray().Count == 2, now.Body!.ToString());
        }
    }

    [Fact]
    public async Task A_draft_is_nothing_for_staff_and_a_correction_takes_the_place_of_what_it_corrects()
    {
        var staff = await NewAsync(Roles.Staff);
        var id = await WriteAsync(Draft("Réunion à 14 h"));
        Assert.DoesNotContain(id, await CurrentAsync(staff));
        (await staff.AskAsync(HttpMethod.Get, $"{Mine}/{id}")).MustBeRefused(404, "not-found");
        await PublishAsync(id, 1);
        Assert.Contains(id, await CurrentAsync(staff));

        (await EditAsync(author, id, 1, Draft("Réunion à 15 h"))).MustBeRefused(409, "bulletin-reason-missing");
        var correction = Draft("Réunion à 15 h");
        correction["reason"] = "L'heure était fausse.";
        (await EditAsync(author, id, 1, correction)).MustBe(200);
        Assert.Equal("Réunion à 14 h", (await staff.GetOkAsync($"{Mine}/{id}"))["history"][0]!["title"]!["fr"]!.GetValue<string>());
        await PublishAsync(id, 2);

        var history = (await staff.GetOkAsync($"{Mine}/{id}"))["history"].AsArray();
        Assert.Equal(["Réunion à 15 h", "Réunion à 14 h"], history.Select(v => v!["title"]!["fr"]!.GetValue<string>()));
        Assert.Equal("L'heure était fausse.", history[0]!["reason"]!.GetValue<string>());
        Assert.All(history, v => Assert.NotNull(v!["publishedAt"]));
    }

    [Fact]
    public async Task A_reader_counts_once_and_a_correction_is_news_again()
    {
        var staff = await NewAsync(Roles.Staff);
        var id = await WriteAsync(Draft("À lire"));
        await PublishAsync(id, 1);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ReadAsync(staff, id, 1)));
        await ReadAsync(second, id, 1);
        Assert.Equal(2, (int)(await author.GetOkAsync($"{Bulletins}/{id}"))["readers"]);
        (await staff.AskAsync(HttpMethod.Post, $"{Mine}/{id}/reading", new { version = 2 })).MustBeRefused(404, "not-found");

        var correction = Draft("À relire");
        correction["reason"] = "Précision";
        (await EditAsync(author, id, 1, correction)).MustBe(200);
        await PublishAsync(id, 2);
        Assert.Equal(1, (int)(await FindAsync(staff, "current", id))!["readVersion"]!);
        var detail = await author.GetOkAsync($"{Bulletins}/{id}");
        Assert.Equal((2, 0), ((int)detail["readers"], (int)detail["readersOfPublished"]));
        await ReadAsync(staff, id, 2);

        // A page that was open since before says that it shows the old one: what was read is not taken back.
        await ReadAsync(staff, id, 1);
        Assert.Equal(1, (int)(await author.GetOkAsync($"{Bulletins}/{id}"))["readersOfPublished"]);
    }

    [Fact]
    public async Task Who_was_away_sees_what_is_current_first_and_then_what_was_missed()
    {
        var away = await NewAsync(Roles.Staff);
        var read = await WriteAsync(Draft("Lu"));
        var missed = await WriteAsync(Draft("Manqué"));
        var current = await WriteAsync(Draft("En cours"));
        foreach (var id in (string[])[read, missed, current]) await PublishAsync(id, 1);
        await ReadAsync(away, read, 1);
        foreach (var id in (string[])[read, missed]) (await first.AskAsync(HttpMethod.Post, $"{Bulletins}/{id}/end")).MustBe(200);
        Assert.Equal([current], await CurrentAsync(away));
        Assert.NotNull(await FindAsync(away, "missed", missed));
        Assert.NotNull(await FindAsync(away, "earlier", read));
        (await EditAsync(author, missed, 1, Draft("Trop tard"))).MustBeRefused(409, "bulletin-ended");
        (await first.AskAsync(HttpMethod.Post, $"{Bulletins}/{missed}/end")).MustBeRefused(409, "bulletin-ended");
    }

    [Fact]
    public async Task A_question_reaches_the_cell_and_its_answer_whoever_asked_and_nobody_else()
    {
        var staff = await NewAsync(Roles.Staff);
        var other = await NewAsync(Roles.Staff);
        var id = await WriteAsync(Draft("Télétravail demain"));
        (await staff.AskAsync(HttpMethod.Post, $"{Mine}/{id}/questions", new { text = "Et moi ?" })).MustBeRefused(404, "not-found");
        await PublishAsync(id, 1);
        Assert.Equal("body-missing", (await staff.AskAsync(HttpMethod.Post, $"{Mine}/{id}/questions", new { text = "  " })).MustBeRefused(400, "invalid-input").Field("text"));
        var head = await HeadAsync();
        var asked = (await staff.AskAsync(HttpMethod.Post, $"{Mine}/{id}/questions", new { text = "<b>Et les stagiaires ?</b>\nMerci" }, ("Idempotency-Key", $"q-{id}"))).MustBe(200);
        var again = (await staff.AskAsync(HttpMethod.Post, $"{Mine}/{id}/questions", new { text = "<b>Et les stagiaires ?</b>\nMerci" }, ("Idempotency-Key", $"q-{id}"))).MustBe(200);
        Assert.Equal(asked.Text("id"), again.Text("id"));
        Assert.Single((await author.GetOkAsync($"{Bulletins}/{id}"))["questions"].AsArray());

        var path = $"{Bulletins}/{id}/questions/{asked.Text("id")}/answer";
        (await staff.AskAsync(HttpMethod.Post, path, new { text = "Moi-même" })).MustBeRefused(403, "not-allowed");
        (await author.AskAsync(HttpMethod.Post, path, new { text = "Eux aussi." })).MustBe(200);
        (await second.AskAsync(HttpMethod.Post, path, new { text = "Deux fois" })).MustBeRefused(409, "bulletin-question-answered");
        Assert.Equal("Eux aussi.", (await staff.GetOkAsync($"{Mine}/{id}"))["questions"][0]!["answer"]!.GetValue<string>());
        Assert.Empty((await other.GetOkAsync($"{Mine}/{id}"))["questions"].AsArray());

        var told = (await EventsAsync(head)).Where(e => e.Kind is "bulletin.asked" or "bulletin.answered").ToList();
        Assert.Equal(["bulletin.asked", "bulletin.answered"], told.Select(e => e.Kind));
        Assert.All(told, e => Assert.True(e.VisibleTo.HasFlag(Roles.Communicator) && !e.VisibleTo.HasFlag(Roles.Staff)));
        Assert.NotNull(told[1].VisibleToPerson);
        Assert.DoesNotContain(told, e => e.Data.Contains("stagiaires", StringComparison.Ordinal));
        for (var i = 0; i < 5; i++) (await staff.AskAsync(HttpMethod.Post, $"{Mine}/{id}/questions", new { text = $"Encore {i} ?" })).MustBe(200);
        (await staff.AskAsync(HttpMethod.Post, $"{Mine}/{id}/questions", new { text = "Une de trop ?" })).MustBeRefused(409, "bulletin-questions-too-many");
    }

    [Fact]
    public async Task Staff_and_partners_get_it_by_mail_and_SMS_each_in_their_language_and_once()
    {
        await AddPeopleAsync(600);
        (await author.AskAsync(HttpMethod.Put, $"{Bulletins}/partners", new { items = new object[] { new { name = "Préfecture", address = "crise@prefecture.example", language = "fr" }, new { name = "Insurer", address = "claims@insurer.example", language = "en" } } })).MustBe(200);
        var draft = Draft("Réseau coupé", "Network down");
        (draft["byMail"], draft["bySms"], draft["toPartners"]) = (true, true, true);
        draft["summary"] = new JsonObject { ["fr"] = "Utilisez les téléphones rouges.", ["en"] = "Use the red telephones." };
        var id = await WriteAsync(draft);
        var reach = await author.GetOkAsync($"{Bulletins}/{id}/reach");
        Assert.Equal((600, 600, 2), ((int)reach["byMail"], (int)reach["bySms"], reach["partners"].AsArray().Count));
        Assert.Empty(email.Sent);
        await PublishAsync(id, 1);
        await Eventually.HoldsAsync(async () => (await author.GetOkAsync($"{Bulletins}/{id}"))["sent"] is { } sent && (int)sent["sent"]! == 1202 && (bool)sent["isWritten"]!, "everything is sent");
        Assert.Equal(602, email.Sent.Select(m => m.Address).Distinct().Count());
        Assert.Equal(600, sms.Sent.Select(m => m.Address).Distinct().Count());
        Assert.Equal((602, 600), (email.Sent.Count, sms.Sent.Count));
        Assert.All(email.Sent.Concat(sms.Sent), m => Assert.Equal((MessagePurpose.Bulletin, AlertMode.Real), (m.Purpose, m.Mode)));
        Assert.All(email.Sent.Concat(sms.Sent), m => Assert.True(m.DeliveryId.Value < 0));
        var english = email.Sent.Single(m => m.Address == "claims@insurer.example");
        Assert.Equal(("Network down", "Body."), (english.Title, english.Body));
        Assert.Equal("Utilisez les téléphones rouges.", sms.Sent.First(m => m.Language == ContentLanguage.Fr).Body);

        // No alert came of it, and no address is kept once it is settled.
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.False(await db.Set<Storage.Alerts.Alert>().AnyAsync(Cancellation));
        Assert.False(await db.Set<BulletinDelivery>().AnyAsync(d => d.Address != "", Cancellation));
    }

    [Fact]
    public async Task What_came_of_the_others_is_kept_where_a_channel_breaks_at_one_address()
    {
        (await author.AskAsync(HttpMethod.Put, $"{Bulletins}/partners", new { items = new object[] { new { name = "Cassé", address = "broken@partner.example" }, new { name = "Là", address = "here@partner.example" } } })).MustBe(200);
        email.Broken = "broken@partner.example";
        var draft = Draft("Réseau coupé");
        (draft["toPartners"], draft["toStaff"]) = (true, false);
        var id = await WriteAsync(draft);
        await PublishAsync(id, 1);
        await Eventually.HoldsAsync(async () => (int)(await author.GetOkAsync($"{Bulletins}/{id}"))["sent"]["sent"]! == 1, "that the other got it is known");
        Assert.Equal("here@partner.example", email.Sent.Single().Address);
    }

    [Fact]
    public async Task A_refused_address_counts_as_failed_and_an_exercise_is_sent_as_one()
    {
        (await author.AskAsync(HttpMethod.Put, $"{Bulletins}/partners", new { items = new object[] { new { name = "Parti", address = "gone@partner.example" }, new { name = "Là", address = "here@partner.example" } } })).MustBe(200);
        email.Refused = "gone@partner.example";
        var draft = Draft("Simulation");
        (draft["toPartners"], draft["toStaff"]) = (true, false);
        var id = await WriteAsync(draft, "exercise");
        await PublishAsync(id, 1);
        await Eventually.HoldsAsync(async () => (int)(await author.GetOkAsync($"{Bulletins}/{id}"))["sent"]["failed"]! == 1, "the refusal is known");
        await Eventually.HoldsAsync(() => email.Sent.Count == 1, "the other got it");
        Assert.Equal(AlertMode.Exercise, email.Sent.Single().Mode);

        // It is not for staff: nobody of them reads it, or is told.
        var staff = await NewAsync(Roles.Staff);
        (await staff.AskAsync(HttpMethod.Get, $"{Mine}/{id}")).MustBeRefused(404, "not-found");
        Assert.DoesNotContain(await EventsAsync(0), e => e.VisibleTo.HasFlag(Roles.Staff) && e.Data.Contains(id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_command_sent_again_writes_nothing_twice()
    {
        var body = new JsonObject { ["draft"] = Draft("Une fois") };
        var one = (await author.AskAsync(HttpMethod.Post, Bulletins, body, ("Idempotency-Key", "once"))).MustBe(200);
        var two = (await author.AskAsync(HttpMethod.Post, Bulletins, body, ("Idempotency-Key", "once"))).MustBe(200);
        Assert.Equal(one.Text("id"), two.Text("id"));
        Assert.Equal((int)one["number"] + 1, (int)(await author.AskAsync(HttpMethod.Post, Bulletins, new JsonObject { ["draft"] = Draft("Autre") })).MustBe(200)["number"]);
    }

    [Theory]
    [InlineData("title", "fr", "", "title-missing", "draft.title.fr")]
    [InlineData("title", "fr", "a\nb", "title-has-control-characters", "draft.title.fr")]
    [InlineData("body", "fr", "\u202Ecran", "body-has-control-characters", "draft.body.fr")]
    [InlineData("body", "fr", "4001 long", "body-too-long", "draft.body.fr")]
    [InlineData("summary", "fr", "201 long", "body-too-long", "draft.summary.fr")]
    [InlineData("title", "en", "Only a title", "language-incomplete", "draft.body.en")]
    public async Task What_nobody_could_read_is_refused_with_its_field(string field, string language, string value, string code, string path)
    {
        var draft = Draft("Titre");
        draft[field] ??= new JsonObject();
        draft[field]![language] = value is "4001 long" ? new string('x', 4001) : value is "201 long" ? new string('x', 201) : value;
        var answer = (await author.AskAsync(HttpMethod.Post, Bulletins, new JsonObject { ["draft"] = draft })).MustBeRefused(400, "invalid-input");
        Assert.Equal(code, answer.Field(path));
    }

    [Fact]
    public async Task A_bulletin_for_nobody_and_partners_without_a_mailbox_are_refused()
    {
        var draft = Draft("Pour personne");
        draft["toStaff"] = false;
        Assert.Equal("audience-empty", (await author.AskAsync(HttpMethod.Post, Bulletins, new JsonObject { ["draft"] = draft })).MustBeRefused(400, "invalid-input").Field("draft.toStaff"));
        foreach (var address in (string[])["", "nobody", "a@b\r\nBcc: c@d.example", "<script>@example.org"])
            (await author.AskAsync(HttpMethod.Put, $"{Bulletins}/partners", new { items = new[] { new { name = "P", address } } })).MustBeRefused(400, "invalid-input");
        (await (await NewAsync(Roles.Administrator)).AskAsync(HttpMethod.Get, $"{Bulletins}/partners")).MustBeRefused(403, "not-allowed");
    }

    private static JsonObject Draft(string title, string? english = null) => new()
    {
        ["title"] = english is null ? new JsonObject { ["fr"] = title } : new JsonObject { ["fr"] = title, ["en"] = english },
        ["body"] = english is null ? new JsonObject { ["fr"] = "Corps." } : new JsonObject { ["fr"] = "Corps.", ["en"] = "Body." },
        ["toStaff"] = true,
    };

    private static Task<JsonAnswer> SeenAsync(HttpClient client, string id, string what, int version) => client.AskAsync(HttpMethod.Post, $"{Bulletins}/{id}/{what}", new { version });

    private static Task<JsonAnswer> EditAsync(HttpClient client, string id, int after, JsonObject draft) =>
        client.AskAsync(HttpMethod.Post, $"{Bulletins}/{id}/versions", new JsonObject { ["after"] = after, ["draft"] = draft });

    private static async Task ReadAsync(HttpClient client, string id, int version) => (await client.AskAsync(HttpMethod.Post, $"{Mine}/{id}/reading", new { version })).MustBe(204);

    private static async Task<string[]> CurrentAsync(HttpClient client) => [.. (await client.GetOkAsync(Mine))["current"].AsArray().Select(b => b!["id"]!.GetValue<string>())];

    private static async Task<JsonNode?> FindAsync(HttpClient client, string part, string id) =>
        (await client.GetOkAsync(Mine))[part].AsArray().FirstOrDefault(b => b!["id"]!.GetValue<string>() == id);

    private async Task<string> WriteAsync(JsonObject draft, string mode = "real") =>
        (await author.AskAsync(HttpMethod.Post, Bulletins, new JsonObject { ["draft"] = draft, ["mode"] = mode })).MustBe(200).Text("id")!;

    private async Task PublishAsync(string id, int version)
    {
        (await SeenAsync(first, id, "approvals", version)).MustBe(200);
        (await SeenAsync(second, id, "approvals", version)).MustBe(200);
        (await SeenAsync(author, id, "publication", version)).MustBe(200);
    }

    private async Task<HttpClient> NewAsync(Roles roles) => await server.SignInAsync(await server.CreateAccountAsync(roles));

    private Task<long> HeadAsync() => server.Services.GetRequiredService<EventLog>().HeadAsync(Cancellation);

    private Task<IReadOnlyList<EventRecord>> EventsAsync(long after) => server.Services.GetRequiredService<EventLog>().ReadAsync(after, 1000, Cancellation);

    private async Task<string[]> AuditedAsync(string id)
    {
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        return await db.Set<AuditRecord>().Where(r => r.Subject == "bulletin:" + id).OrderBy(r => r.Seq).Select(r => r.Action).ToArrayAsync(Cancellation);
    }

    private Task AddPeopleAsync(int count)
    {
        var now = DateTimeOffset.UtcNow;
        var people = Enumerable.Range(0, count).Select(i => new Person
        {
            Id = new PersonId(Guid.CreateVersion7(now.AddMilliseconds(i))),
            GivenName = "Camille",
            FamilyName = $"Martin {i}",
            DisplayName = $"Camille Martin {i}",
            Language = i % 2 == 0 ? ContentLanguage.Fr : ContentLanguage.En,
            CreatedAt = now,
            ChangedAt = now,
        }).ToList();
        var points = people.SelectMany((person, i) => new[]
        {
            Point(person, ContactPointKind.Mobile, $"+336{i:00000000}", 1),
            Point(person, ContactPointKind.Email, $"person{i}@hopital.example", 2),
            Point(person, ContactPointKind.Email, $"second{i}@hopital.example", 3),
        }).ToList();
        return server.Store.CommitAsync(
            (transaction, token) => DirectoryBulkLoader.LoadAsync(transaction.Db, new DirectoryLoad { People = people, ContactPoints = points }, token), Cancellation);

        StoredContactPoint Point(Person person, ContactPointKind kind, string address, int rank) => new()
        {
            Id = new ContactPointId(Guid.CreateVersion7(now)),
            PersonId = person.Id,
            Kind = kind,
            Address = address,
            Rank = rank,
            Enabled = true,
            CreatedAt = now,
            ChangedAt = now,
        };
    }
}

public sealed class Bulletins_on_Sqlite() : BulletinSpecification(null);

public sealed class Bulletins_on_PostgreSql() : BulletinSpecification("postgres");
