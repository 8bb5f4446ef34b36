using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Notices;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.ContactRefreshes;

/// <summary>Whoever stole a link can not change how somebody is reached without the owner's knowing of it.</summary>
public abstract partial class ContactRefreshSpecification
{
    [Theory]
    [InlineData(ContentLanguage.Fr)]
    [InlineData(ContentLanguage.En)]
    public async Task What_a_link_added_is_told_to_the_owner_wherever_they_were_reached_before_and_to_the_new_one_not(ContentLanguage language)
    {
        await AddAsync("Morel", language, [Mail(1), Mobile(1), Mail(2)]);
        await StartAsync();
        var link = await LinkAsync(() => email.Sent.Single());
        await GiveAsync(link, "+33699989796");
        await Eventually.HoldsAsync(() => Told().Length == 3, "the owner is told");
        Assert.Equal([Mobile(1).Address, Mail(1).Address, Mail(2).Address], Told().Select(m => m.Address).Order(StringComparer.Ordinal));
        Assert.All(Told(), m =>
        {
            Assert.Equal((language, true, false), (m.Language, m.AnswerLink is null, m.Purpose.IsOfAlert()));
            Assert.Equal(language == ContentLanguage.En ? "Your contact details changed" : "Vos coordonnées ont changé", m.Title);
            Assert.StartsWith(language == ContentLanguage.En ? "•••• 96 was added, on " : "Ajout de •••• 96, le ", m.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("9796", m.Body, StringComparison.Ordinal);
            Assert.True(m.DeliveryId.Value < -(1L << 43));
        });

        // Settled rows forget where they went, and neither the log nor the audit trail has an address.
        await using var db = await OpenAsync();
        await Eventually.HoldsAsync(async () => !await db.Set<ContactChangeNotice>().AnyAsync(n => n.State == NoticeState.Waiting, Cancellation), "all is settled");
        Assert.False(await db.Set<ContactChangeNotice>().AnyAsync(n => n.Address != "", Cancellation));
        var added = await db.Set<AuditRecord>().SingleAsync(record => record.Action == "contact-point.added", Cancellation);
        Assert.Equal(3, JsonDocument.Parse(added.Detail!).RootElement.GetProperty("ownerTold").GetInt32());
        Assert.Empty(log.Containing("699989796"));
    }

    [Fact]
    public async Task What_takes_the_place_of_a_number_or_removes_it_is_told_on_that_number_too()
    {
        var person = await AddAsync("Morel", ContentLanguage.En, [Mail(1), Mobile(1)]);
        await StartAsync();
        var link = await LinkAsync(() => email.Sent.Single());
        var old = await PointAsync(person, ContactPointKind.Mobile);
        await GiveAsync(link, "+33699989796", old.Id);
        await Eventually.HoldsAsync(() => Told().Length == 2, "the owner is told of the new number");
        Assert.Equal([Mobile(1).Address, Mail(1).Address], Told().Select(m => m.Address).Order(StringComparer.Ordinal));
        Assert.All(Told(), m => Assert.StartsWith("•••• 96 took the place of •••• 01, on ", m.Body, StringComparison.Ordinal));

        Assert.Equal((303, "Removed"), await PostAsync(link, ("do", "remove"), ("point", (await PointAsync(person, ContactPointKind.Mobile)).Id.ToString())));
        await Eventually.HoldsAsync(() => Told().Length == 4, "the owner is told of what is gone");
        Assert.Equal(["+33699989796", Mail(1).Address], Told().Where(m => m.Body.Contains("removed", StringComparison.Ordinal)).Select(m => m.Address).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nobody_is_told_of_what_was_never_verified_or_only_confirmed()
    {
        await AddAsync("Morel", ContentLanguage.Fr, [Mail(1), Mobile(1)]);
        var id = await StartAsync();
        var link = await LinkAsync(() => email.Sent.Single());
        Assert.Equal((303, "CodeSent"), await PostAsync(link, ("do", "give"), ("address", "06 99 98 97 96")));
        await PostAsync(link, ("do", "drop"));
        await PostAsync(link, ("do", "confirm"));
        Assert.Equal(1, (int)(await CountsAsync(id))["confirmed"]!);
        await using var db = await OpenAsync();
        Assert.False(await db.Set<ContactChangeNotice>().AnyAsync(Cancellation));
    }

    private OutboundMessage[] Told() => [.. email.Sent.Concat(sms.Sent).Where(m => m.Purpose == MessagePurpose.ContactChange)];

    private async Task GiveAsync(string link, string address, ContactPointId? replaced = null)
    {
        Assert.Equal((303, "CodeSent"), await PostAsync(link, replaced is { } id ? [("do", "give"), ("point", id.ToString()), ("address", address)] : [("do", "give"), ("address", address)]));
        await Eventually.HoldsAsync(() => sms.Sent.Any(m => m.Purpose == MessagePurpose.VerificationCode), "the code is sent");
        var code = SixDigits().Match(sms.Sent.Single(m => m.Purpose == MessagePurpose.VerificationCode).Body).Value;
        Assert.Equal((303, "Verified"), await PostAsync(link, ("do", "code"), ("code", code)));
    }
}
