using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.AlertsApi;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Settings;

/// <summary>What the country makes of the laws that want incidents reported: no secret, and what a crisis started with stays in its sealed record. Decision 0147.</summary>
internal static class ReportingTermsEndpoints
{
    private const string Changed = "reporting-terms.changed";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var terms = endpoints.MapGroup("/api/v1/settings/reporting-terms").WithTags("settings");
        terms.MapGet("", ReadAsync).RequireSignedIn().WithName("readReportingTerms");
        terms.MapPut("/{regime}", ChangeAsync).RequireRole(Roles.Administrator).Accepts<RegimeTerms>("application/json").WithName("changeReportingTerms");
        terms.MapDelete("/{regime}", ResetAsync).RequireRole(Roles.Administrator).WithName("resetReportingTerms");
    }

    private static async Task<Ok<ReportingTerms>> ReadAsync(IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return TypedResults.Ok(await ReportingTerms.ReadAsync(db, cancellationToken));
    }

    private static async Task<Results<Ok<RegimeTerms>, ProblemHttpResult>> ChangeAsync(
        string regime, RuleBody<RegimeTerms> body, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (!WireWord.TryParse<ReportingRegime>(regime, out var found) || found is not { } law) return CommonRefusals.NotFound.ToProblem();
        if (body.Refused is { } refused) return refused;
        if (!RegimeTermsRules.IsWhole(body.Value)) return CommonRefusals.InvalidInput.ToProblem();
        var wanted = RegimeTermsRules.Trim(body.Value);
        var errors = RegimeTermsRules.Check(law, wanted);
        if (errors.Any) return CommonRefusals.InvalidInput.ToProblem(fields: errors.ByPath);
        await KeepAsync(store, law, wanted, context, cancellationToken);
        return TypedResults.Ok(wanted);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ResetAsync(string regime, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (!WireWord.TryParse<ReportingRegime>(regime, out var found) || found is not { } law) return CommonRefusals.NotFound.ToProblem();
        await KeepAsync(store, law, null, context, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>The trail has who, which law and its times; the texts would be longer than a record of it may be.</summary>
    private static Task KeepAsync(CommandStore store, ReportingRegime regime, RegimeTerms? terms, HttpContext context, CancellationToken cancellationToken) => store.CommitAsync(
        async (transaction, token) =>
        {
            await ReportingTerms.WriteAsync(transaction, regime, terms, token);
            transaction.Append(Changed, EventVisibility.To(Roles.All), new { regime });
            var detail = new { regime, isDefault = terms is null, authority = terms?.Authority, clocks = terms?.Clocks ?? [], fields = terms?.Fields.Count ?? 0 };
            transaction.Record(new AuditDraft(context.Actor().ForAudit, Changed, $"reporting-terms:{WireWord.Of(regime)}", detail));
        },
        cancellationToken);
}
