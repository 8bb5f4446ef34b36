using System.Text.Json;
using System.Text.Json.Nodes;
using Tocsin.Alerting;
using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rehearsal;

/// <summary>A person answers a mail as people do, by replying to it: out by SMTP to the lab, back by SMTP into the server's inbox.</summary>
public sealed class MailReplyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_to_an_alerts_mail_counts_as_the_answer_of_whoever_it_was_sent_to()
    {
        var inbox = $"127.0.0.1:{LoopbackPort.Free()}";
        await using var lab = await CarrierLabProcess.StartAsync(inbox);
        await using var server = await ServerUnderTest.StartAsync(configure: options =>
        {
            lab.Configure(options);
            options.Demo = false;
            options.Email.ReplyAddress = "reponse@ch-valmont.example";
            options.MailInbox.Listen = inbox;
        });
        var person = await AddPersonAsync(server);
        var director = await server.AsAsync(Roles.CrisisDirector);
        var request = new JsonObject
        {
            ["severity"] = "severe",
            ["title"] = new JsonObject { ["fr"] = "Fuite de gaz", ["en"] = "Gas leak" },
            ["body"] = new JsonObject { ["fr"] = "Sortez.", ["en"] = "Leave." },
            ["audience"] = ApiClient.ToJson(new AudienceExpression { Include = new AudienceSelection { People = [person] } }),
            ["plan"] = ApiClient.ToJson(new ChannelPlan { Steps = [new PlanStep { Channels = [ChannelKind.Email] }] }),
        };
        var alert = (await director.PostJsonAsync("/api/v1/alerts", request))["id"]!.GetValue<string>();
        JsonElement mail = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                var mails = await lab.MessagesAsync("mail", "amelie@ch-valmont.example");
                if (mails.Count > 0) mail = mails[0];
                return mails.Count > 0;
            },
            "the mail arrives");

        await lab.ReplyAsync(mail, "1");

        JsonNode? recipient = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                recipient = (await director.GetJsonAsync($"/api/v1/alerts/{alert}/recipients"))["items"]![0];
                return recipient!["standing"]!.GetValue<string>() == "answered";
            },
            "the reply counts");
        Assert.Equal("email", recipient!["via"]!.GetValue<string>());
    }

    private static async Task<PersonId> AddPersonAsync(ServerUnderTest server)
    {
        var now = DateTimeOffset.UnixEpoch;
        var person = new Person
        {
            Id = new PersonId(Guid.CreateVersion7()),
            GivenName = "Amélie",
            FamilyName = "Durand",
            DisplayName = "Amélie Durand",
            Language = ContentLanguage.Fr,
            CreatedAt = now,
            ChangedAt = now,
        };
        var mailbox = new StoredContactPoint
        {
            Id = new ContactPointId(Guid.CreateVersion7()),
            PersonId = person.Id,
            Kind = ContactPointKind.Email,
            Address = "amelie@ch-valmont.example",
            CreatedAt = now,
            ChangedAt = now,
        };
        await server.Store.CommitAsync(
            (transaction, token) => DirectoryBulkLoader.LoadAsync(transaction.Db, new DirectoryLoad { People = [person], ContactPoints = [mailbox] }, token), Cancellation);
        return person.Id;
    }
}
