using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Channels.TestMessages;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Settings;

/// <summary>What an administrator sets while the system runs, and whether each channel could send now.</summary>
internal static class SettingsFeature
{
    public static void MapSettings(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/settings", ReadAsync).WithTags("settings").RequireSignedIn().WithName("readSettings");
        endpoints.MapPut("/api/v1/settings", ChangeAsync).WithTags("settings").RequireRole(Roles.Administrator).Accepts<OrganisationSettings>("application/json").WithName("changeSettings");
        ReportingTermsEndpoints.Map(endpoints);
        TestMessageEndpoints.Map(endpoints);
        endpoints.MapGet("/api/v1/channels", ReadChannels).WithTags("settings")
            .RequireRole(Roles.Administrator | Roles.CrisisDirector | Roles.CrisisMember | Roles.Communicator).WithName("readChannels");
    }

    private static async Task<Ok<OrganisationSettings>> ReadAsync(IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(new OrganisationSettings(
            await OrganisationName.ReadAsync(db, cancellationToken),
            await DefaultLanguage.ReadAsync(db, cancellationToken),
            (await OrganisationTimeZone.ReadAsync(db, time, cancellationToken)).Id));
    }

    private static async Task<Results<Ok<OrganisationSettings>, ProblemHttpResult>> ChangeAsync(
        RuleBody<OrganisationSettings> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var wanted = body.Value with { OrganisationName = body.Value.OrganisationName.Trim() };
        if (wanted.OrganisationName.Length is 0 or > OrganisationName.MaximumLength || wanted.OrganisationName.Any(char.IsControl))
            return CommonRefusals.InvalidInput.ToProblem(fields: new Dictionary<string, string>(StringComparer.Ordinal) { ["organisationName"] = FieldCodes.OutOfRange });
        if (!IanaTimeZone.TryFind(wanted.TimeZone, out var zone))
            return CommonRefusals.InvalidInput.ToProblem(fields: new Dictionary<string, string>(StringComparer.Ordinal) { ["timeZone"] = RuleCodes.TimeZoneUnknown });
        await store.CommitAsync(
            async (transaction, token) =>
            {
                await OrganisationName.WriteAsync(transaction, wanted.OrganisationName, token);
                await DefaultLanguage.WriteAsync(transaction, wanted.DefaultLanguage, token);
                await OrganisationTimeZone.WriteAsync(transaction, zone, token);
                transaction.Append("settings.changed", EventVisibility.To(Roles.All), wanted);
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "settings.changed", null, wanted));
            },
            cancellationToken);
        return TypedResults.Ok(wanted);
    }

    private static Ok<ChannelStates> ReadChannels(AlertChannels channels) =>
        TypedResults.Ok(new ChannelStates([.. channels.All.Select(channel => new ChannelStateView(channel.Kind, channel.Health.State, channel.Health.ReasonCode))]));
}

/// <param name="OrganisationName">As messages and pages show it; 1 to 100 characters.</param>
/// <param name="DefaultLanguage">Of people whose own is not known.</param>
/// <param name="TimeZone">IANA name (<c>Europe/Paris</c>) of the zone that mails, the answer page and exports state times in.</param>
internal sealed record OrganisationSettings(string OrganisationName, ContentLanguage DefaultLanguage, string TimeZone);

internal sealed record ChannelStates(IReadOnlyList<ChannelStateView> Items);

/// <param name="Reason">Stable code; absent where all is well.</param>
internal sealed record ChannelStateView(ChannelKind Channel, ChannelHealthState State, string? Reason);
