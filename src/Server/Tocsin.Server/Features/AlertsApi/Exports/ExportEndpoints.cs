using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.AlertsApi.Board;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.AlertsApi.Exports;

/// <summary>The board as a file. That somebody took it out is recorded: it names people.</summary>
internal static class ExportEndpoints
{
    /// <summary>Everyone, streamed: as much memory for 100,000 people as for 100.</summary>
    public static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> CsvAsync(
        Guid id, string? language, IDbContextFactory<TocsinDbContext> contexts, CommandStore store, OrganisationTimeZone zone, HttpContext context, CancellationToken cancellationToken)
    {
        if (!TryReadLanguage(language, context, out var words)) return CommonRefusals.InvalidInput.ToProblem("language is fr or en.");
        if (await RecordAsync(id, "csv", store, context, cancellationToken) is not { } alert) return CommonRefusals.NotFound.ToProblem();
        var wall = await zone.GetAsync(cancellationToken);
        return TypedResults.Stream(
            output => new BoardCsv(contexts, alert, words, wall).WriteAsync(output, cancellationToken), "text/csv; charset=utf-8", FileName(alert, words, "csv"));
    }

    /// <summary>The numbers, and the people up to a bound that it states: a document that somebody reads, not a data set.</summary>
    public static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PdfAsync(
        Guid id, string? language, IDbContextFactory<TocsinDbContext> contexts, CommandStore store, OrganisationName organisation, OrganisationTimeZone zone, BoardReading reading, TimeProvider time,
        HttpContext context, CancellationToken cancellationToken)
    {
        if (!TryReadLanguage(language, context, out var words)) return CommonRefusals.InvalidInput.ToProblem("language is fr or en.");
        if (await RecordAsync(id, "pdf", store, context, cancellationToken) is not { } alert) return CommonRefusals.NotFound.ToProblem();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var board = (await reading.FindAsync(alert.Id, context.Actor(), cancellationToken))!;
        var people = await BoardPeople.ReadFirstAsync(db, alert.Id, BoardReport.MostPeople, cancellationToken);
        var report = new BoardReport(board, people, await organisation.GetAsync(cancellationToken), words, time.GetUtcNow(), await zone.GetAsync(cancellationToken));
        return TypedResults.File(report.ToPdf(), "application/pdf", FileName(alert, words, "pdf"));
    }

    private static Task<Alert?> RecordAsync(Guid id, string format, CommandStore store, HttpContext context, CancellationToken cancellationToken) =>
        store.CommitAsync(
            async (transaction, token) =>
            {
                var alert = await transaction.Db.Set<Alert>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == new AlertId(id), token);
                if (alert is not null)
                    transaction.Record(new AuditDraft(context.Actor().ForAudit, "board.exported", $"alert:{alert.Id}", new { alert.Number, format }));
                return alert;
            },
            cancellationToken);

    /// <summary>As asked for, else as the browser prefers; French where it does not say.</summary>
    private static bool TryReadLanguage(string? asked, HttpContext context, out ExportWords words)
    {
        words = ExportWords.French;
        if (!WireWord.TryParse<ContentLanguage>(asked, out var language)) return false;
        var preferred = context.Request.Headers.AcceptLanguage.ToString();
        if (language == ContentLanguage.En || (language is null && preferred.StartsWith("en", StringComparison.OrdinalIgnoreCase))) words = ExportWords.English;
        return true;
    }

    private static string FileName(Alert alert, ExportWords words, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"tocsin-{words.FileWord}-{alert.Number}.{extension}");
}
