using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;

namespace Tocsin.Server.Features.Bulletins;

/// <summary>The partners who get bulletins by mail: authorities, suppliers, insurers. They are not in the directory.</summary>
internal static class PartnerMailboxes
{
    private const int Most = 500;
    private const int LongestName = 100;
    private const string SettingKey = "bulletins.partners";

    public static async Task<Ok<PartnerList>> GetAsync(IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(new PartnerList(await ReadAsync(db, cancellationToken)));
    }

    public static async Task<Results<Ok<PartnerList>, ProblemHttpResult>> ChangeAsync(
        RuleBody<PartnerList> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        if (body.Value.Items.Count > Most) return CommonRefusals.InvalidInput.ToProblem($"There are at most {Most} partners.", Field("items", FieldCodes.OutOfRange));
        var partners = new List<PartnerMailbox>(body.Value.Items.Count);
        foreach (var (place, partner) in body.Value.Items.Index())
        {
            var name = DirectoryText.Clean(partner.Name, LongestName, out _);
            if (name is null) return CommonRefusals.InvalidInput.ToProblem(fields: Field($"items[{place}].name", FieldCodes.OutOfRange));
            if (!EmailAddress.TryRead(partner.Address, out var address)) return CommonRefusals.InvalidInput.ToProblem(fields: Field($"items[{place}].address", FieldCodes.Unreadable));
            if (partners.TrueForAll(known => !string.Equals(known.Address, address, StringComparison.OrdinalIgnoreCase))) partners.Add(new PartnerMailbox(name, address, partner.Language));
        }

        await store.CommitAsync(
            async (transaction, token) =>
            {
                await StoredSettings.WriteAsync(transaction, SettingKey, JsonSerializer.Serialize(partners, AlertingJson.Options), token);
                transaction.Append("bulletin.partners-changed", EventVisibility.To(BulletinsFeature.Watchers), new { partners = partners.Count });
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "bulletin-partners.changed", null, new { partners = partners.Count }));
            },
            cancellationToken);
        return TypedResults.Ok(new PartnerList(partners));
    }

    public static async Task<IReadOnlyList<PartnerMailbox>> ReadAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        await StoredSettings.ReadAsync(db, SettingKey, cancellationToken) is { } json ? JsonSerializer.Deserialize<List<PartnerMailbox>>(json, AlertingJson.Options)! : [];

    private static Dictionary<string, string> Field(string path, string code) => new(StringComparer.Ordinal) { [path] = code };
}

/// <param name="Items">At most 500; a mailbox that is named twice is kept once.</param>
internal sealed record PartnerList(IReadOnlyList<PartnerMailbox> Items);

/// <param name="Name">1 to 100 characters.</param>
/// <param name="Address">A mailbox (RFC 5321).</param>
/// <param name="Language">Absent: the organisation's.</param>
internal sealed record PartnerMailbox(string Name, string Address, ContentLanguage? Language = null);
