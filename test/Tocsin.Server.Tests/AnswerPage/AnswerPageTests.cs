using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Raising;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Alerts.Raising;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.AnswerPage;

public sealed partial class AnswerPageTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const int Budget = 30_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ServerUnderTest Server => fixture.Server;

    [Fact]
    public async Task The_page_says_who_what_and_how_to_answer_in_under_30_kB_without_a_script()
    {
        var link = await RaiseAsync(AlertMode.Real, "Incendie <b>bâtiment B</b>", "Évacuez & rejoignez le parking.");
        var page = await GetAsync(link);
        Assert.Contains("Incendie &lt;b&gt;bâtiment B&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Évacuez &amp; rejoignez le parking.", page, StringComparison.Ordinal);
        Assert.Equal(4, AnswerButton().Count(page));
        Assert.Contains("<form method=post", page, StringComparison.Ordinal);
        var whole = Encoding.UTF8.GetByteCount(page) + Encoding.UTF8.GetByteCount(await GetAsync("/a/answer.js")) + Encoding.UTF8.GetByteCount(await GetAsync("/a/worker.js"));
        Assert.InRange(whole, 1, Budget);
    }

    [Fact]
    public async Task An_exercise_is_marked_before_anything_else()
    {
        var page = await GetAsync(await RaiseAsync(AlertMode.Exercise, "Incendie", "Évacuez."));
        Assert.InRange(page.IndexOf("<strong>EXERCICE</strong>", StringComparison.Ordinal), 0, page.IndexOf("<main>", StringComparison.Ordinal));
        Assert.Contains("<strong>EXERCISE</strong>", await GetAsync(await RaiseAsync(AlertMode.Exercise, "Incendie", "Évacuez.") + "?lang=en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_alerts_meeting_is_shown_to_who_has_an_account_to_join_it_with_while_it_is_open()
    {
        var link = await RaiseAsync(AlertMode.Real, "Cyberattaque", "Coupez les postes.");
        var recipient = await RecipientAsync(link);
        var director = await Server.AsAsync(Roles.CrisisDirector);
        var meeting = (await director.PostJsonAsync("/api/v1/meetings", new System.Text.Json.Nodes.JsonObject { ["title"] = "Cellule", ["alertId"] = recipient.AlertId.Value }))["id"]!.GetValue<string>();
        var address = $"href=\"/meetings/{meeting}\"";
        Assert.DoesNotContain(address, await GetAsync(link), StringComparison.Ordinal);
        await Server.CreateAccountAsync(Roles.Staff, person: recipient.PersonId);
        Assert.Contains(address, await GetAsync(link), StringComparison.Ordinal);
        using var ended = await director.PostAsync($"/api/v1/meetings/{meeting}/end", null, Cancellation);
        Assert.DoesNotContain(address, await GetAsync(link), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scanner_that_opens_the_link_answers_nothing()
    {
        var link = await RaiseAsync(AlertMode.Real, "Crue", "Montez.");
        for (var i = 0; i < 3; i++) await GetAsync(link);
        using var head = new HttpRequestMessage(HttpMethod.Head, link);
        await fixture.Anonymous.SendAsync(head, Cancellation);
        Assert.Null((await RecipientAsync(link)).AnswerChoice);
    }

    [Fact]
    public async Task An_answer_is_kept_shown_and_can_be_changed_and_the_last_one_counts()
    {
        var link = await RaiseAsync(AlertMode.Real, "Crue", "Montez.");
        using var first = await AnswerAsync(link, ("choice", "need-help"), ("comment", "Étage 3, <script>"), ("id", "one"), ("latitude", "48.1"), ("longitude", "-1.67"), ("accuracy", "12.5"));
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        var page = await GetAsync(first.Headers.Location!.OriginalString);
        Assert.Contains("J’ai besoin d’aide", page, StringComparison.Ordinal);
        Assert.Contains("class=\"done help\"", page, StringComparison.Ordinal);
        using var second = await AnswerAsync(link, ("choice", "safe"), ("id", "two"));
        Assert.Equal(HttpStatusCode.SeeOther, second.StatusCode);
        using var again = await AnswerAsync(link, ("choice", "need-help"), ("comment", "Étage 3, <script>"), ("id", "one"));
        var recipient = await RecipientAsync(link);
        Assert.Equal(("safe", AnswerVia.Link), (recipient.AnswerChoice, recipient.AnsweredVia));
        var history = await HistoryAsync(recipient);
        Assert.Equal(["need-help", "safe"], history.Select(answer => answer.Choice));
        Assert.Equal((48.1, -1.67, 12.5), (history[0].Latitude, history[0].Longitude, history[0].AccuracyMetres));
    }

    [Theory]
    [InlineData("choice=no-such-answer&id=x")]
    [InlineData("choice=&comment=&id=x")]
    [InlineData("choice=safe")]
    [InlineData("choice=safe&id=x&latitude=999&longitude=0")]
    [InlineData("")]
    public async Task What_is_not_an_answer_is_refused_in_words_and_keeps_nothing(string form)
    {
        var link = await RaiseAsync(AlertMode.Real, "Crue", "Montez.");
        using var content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded");
        using var response = await fixture.Anonymous.PostAsync(link, content, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("class=notice", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Null((await RecipientAsync(link)).AnswerChoice);
    }

    [Fact]
    public async Task A_link_that_was_changed_anywhere_or_revoked_opens_nothing()
    {
        var link = await RaiseAsync(AlertMode.Real, "Crue", "Montez.");
        var token = link["/a/".Length..];
        var random = TestSeed.Random();
        for (var i = 0; i < 40; i++)
        {
            var forged = token.ToCharArray();
            var at = random.Next(forged.Length);
            forged[at] = forged[at] == 'A' ? 'B' : 'A';
            using var response = await fixture.Anonymous.GetAsync("/a/" + new string(forged), Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        var recipient = await RecipientAsync(link);
        await Server.Store.CommitAsync(
            (transaction, cancelled) => transaction.Db.Set<Recipient>().Where(r => r.Id == recipient.Id).ExecuteUpdateAsync(update => update.SetProperty(r => r.LinkGeneration, 1), cancelled),
            Cancellation);
        using var revoked = await AnswerAsync(link, ("choice", "safe"), ("id", "x"));
        Assert.Equal(HttpStatusCode.NotFound, revoked.StatusCode);
    }

    [Fact]
    public async Task The_page_shows_the_latest_words_and_after_the_all_clear_asks_for_nothing()
    {
        var link = await RaiseAsync(AlertMode.Real, "Crue", "Montez.");
        var alert = (await RecipientAsync(link)).AlertId;
        var follow = Server.Services.GetRequiredService<FollowUpAlert>();
        await follow.UpdateAsync(alert, Words("Crue", "Restez aux étages."), null, AuditActor.System, Cancellation);
        Assert.Contains("Restez aux étages.", await GetAsync(link), StringComparison.Ordinal);
        await follow.AllClearAsync(alert, Words("Fin de la crue", "Vous pouvez redescendre."), AuditActor.System, Cancellation);
        var page = await GetAsync(link);
        Assert.Contains("Fin d’alerte", page, StringComparison.Ordinal);
        Assert.Contains("Vous pouvez redescendre.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_of_an_alert_that_ended_long_ago_opens_nothing_any_more()
    {
        var link = await RaiseAsync(AlertMode.Real, "Crue", "Montez.");
        await EndedAsync(TimeSpan.FromDays(29));
        await GetAsync(link);
        await EndedAsync(TimeSpan.FromDays(31));
        using var answer = await fixture.Anonymous.GetAsync(link, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);

        async Task EndedAsync(TimeSpan ago)
        {
            var alert = (await RecipientAsync(link)).AlertId;
            await Server.Store.CommitAsync(
                (transaction, token) => transaction.Db.Set<Alert>().Where(a => a.Id == alert)
                    .ExecuteUpdateAsync(set => set.SetProperty(a => a.EndedAt, DateTimeOffset.UtcNow - ago), token),
                Cancellation);
        }
    }

    private async Task<string> RaiseAsync(AlertMode mode, string title, string body)
    {
        var person = new Person { Id = new PersonId(Guid.CreateVersion7()), GivenName = "Zoé", FamilyName = "Test", DisplayName = "Zoé Test", Language = ContentLanguage.Fr };
        await Server.Store.CommitAsync((transaction, token) => DirectoryBulkLoader.LoadAsync(transaction.Db, new DirectoryLoad { People = [person] }, token), Cancellation);
        var draft = new AlertDraft
        {
            Mode = mode,
            Severity = Severity.Severe,
            Text = Words(title, body),
            Audience = new AudienceExpression { Include = new AudienceSelection { People = [person.Id] } },
        };
        var raised = Assert.IsType<RaiseResult.Raised>(await Server.Services.GetRequiredService<RaiseAlert>().RaiseAsync(draft, AuditActor.System, null, Cancellation));
        Recipient? recipient = null;
        await Eventually.HoldsAsync(async () => (recipient = await FindAsync(r => r.Where(x => x.AlertId == raised.Id))) is not null, "the recipient is written");
        var links = Server.Services.GetRequiredService<AnswerLinks>();
        return links.Of(await links.KeyAsync(Cancellation), raised.Id, new RecipientId(recipient!.Id), recipient.LinkGeneration).PathAndQuery;
    }

    private static AlertText Words(string title, string body) => new(new LocalizedText(title, null), new LocalizedText(body, null));

    private async Task<string> GetAsync(string path)
    {
        using var response = await fixture.Anonymous.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<HttpResponseMessage> AnswerAsync(string link, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await fixture.Anonymous.PostAsync(link, content, Cancellation);
    }

    private async Task<Recipient> RecipientAsync(string link)
    {
        Assert.True(Tocsin.Alerting.Answers.AnswerToken.TryParse(link.AsSpan("/a/".Length), out var token));
        return (await FindAsync(all => all.Where(r => r.Id == token.Recipient.Value)))!;
    }

    private async Task<Recipient?> FindAsync(Func<IQueryable<Recipient>, IQueryable<Recipient>> which)
    {
        await using var db = await Server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        return await which(db.Set<Recipient>().AsNoTracking()).FirstOrDefaultAsync(Cancellation);
    }

    private async Task<List<AnswerRecord>> HistoryAsync(Recipient recipient)
    {
        await using var db = await Server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        return await db.Set<AnswerRecord>().AsNoTracking().Where(a => a.RecipientId == recipient.Id).OrderBy(a => a.Id).ToListAsync(Cancellation);
    }

    [GeneratedRegex("<button id=\"answer-[a-z-]+\" name=choice ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnswerButton();
}
