using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Bulletins;
using Tocsin.Alerting.Content;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;

namespace Tocsin.Server.Features.PublicPage;

/// <summary>What stands on the public page beside what was published: how the organisation is, whom to call, what to do.</summary>
/// <param name="Status">In one word; the page writes it out.</param>
/// <param name="WhatToDo">At most 2,000 characters; absent: nothing is said.</param>
/// <param name="ShowExercises">Exercises that are marked for the public are shown, each as one. Off: none ever is.</param>
internal sealed record PublicPageSettings(
    PublicStatus Status, IReadOnlyList<PublicContact> Contacts, LocalizedText? WhatToDo = null, bool ShowExercises = false)
{
    public const int MostContacts = 12;
    public const int ContactLength = 80;
    public const string SettingKey = "public-page";

    public static PublicPageSettings None { get; } = new(PublicStatus.Normal, []);

    public static async Task<PublicPageSettings> ReadAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        await StoredSettings.ReadAsync(db, SettingKey, cancellationToken) is { } json ? JsonSerializer.Deserialize<PublicPageSettings>(json, AlertingJson.Options)! : None;

    public static async Task<Ok<PublicPageSettings>> GetAsync(IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await ReadAsync(db, cancellationToken));
    }

    public static async Task<Results<Ok<PublicPageSettings>, ProblemHttpResult>> ChangeAsync(
        RuleBody<PublicPageSettings> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var wanted = body.Value;
        if (wanted.FindErrors() is { Count: > 0 } violations) return violations.ToProblem();
        await store.CommitAsync(
            async (transaction, token) =>
            {
                await StoredSettings.WriteAsync(transaction, SettingKey, JsonSerializer.Serialize(wanted, AlertingJson.Options), token);
                transaction.Append("public-page.changed", EventVisibility.To(PublicPageFeature.Watchers), new { wanted.Status });

                // Its texts are on the page for all to see, and longer than a record may be.
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "public-page.changed", null, new { wanted.Status, wanted.ShowExercises, contacts = wanted.Contacts.Count }));
            },
            cancellationToken);
        return TypedResults.Ok(wanted);
    }

    private List<RuleViolation> FindErrors()
    {
        var violations = new List<RuleViolation>();
        if (Contacts.Count > MostContacts) violations.Add(new RuleViolation(FieldCodes.OutOfRange, "contacts"));
        foreach (var (place, contact) in Contacts.Index())
        {
            Check(contact.Name.Fr ?? contact.Name.En, ContactLength, $"contacts[{place}].name");
            if (contact.Name is { Fr: not null, En: { } english }) Check(english, ContactLength, $"contacts[{place}].name");
            Check(contact.Number, ContactLength, $"contacts[{place}].number");
        }

        if (WhatToDo?.Fr is { } french) violations.AddRange(BulletinRules.ValidateText(french, BulletinRules.Answer, "whatToDo.fr"));
        if (WhatToDo?.En is { } inEnglish) violations.AddRange(BulletinRules.ValidateText(inEnglish, BulletinRules.Answer, "whatToDo.en"));
        return violations;

        void Check(string? text, int longest, string path)
        {
            if (text is null || text.Contains('\n', StringComparison.Ordinal)) violations.Add(new RuleViolation(FieldCodes.Unreadable, path));
            else violations.AddRange(BulletinRules.ValidateText(text, longest, path));
        }
    }
}

/// <summary>How the organisation is, for people outside.</summary>
internal enum PublicStatus
{
    Normal,

    /// <summary>Some services are disturbed.</summary>
    Disturbed,

    /// <summary>A crisis is under way.</summary>
    Crisis,
}

/// <param name="Name">Whom one reaches: 1 to 80 characters.</param>
/// <param name="Number">A telephone number or an address, as people read it: 1 to 80 characters.</param>
internal sealed record PublicContact(LocalizedText Name, string Number);
