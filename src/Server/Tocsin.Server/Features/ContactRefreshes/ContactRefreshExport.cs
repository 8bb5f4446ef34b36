using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Content;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.AlertsApi;
using Tocsin.Server.Features.AlertsApi.Exports;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <summary>Who has not answered, as a file for whoever asks them in person: names, never numbers. That somebody took it out is recorded.</summary>
internal static class ContactRefreshExport
{
    private const int LinesAtOnce = 500;

    /// <summary>Those who have not answered and those who could not be told, streamed: as much memory for 100,000 people as for 100.</summary>
    public static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> CsvAsync(
        Guid id, string? language, IDbContextFactory<TocsinDbContext> contexts, CommandStore store, HttpContext context, CancellationToken cancellationToken)
    {
        if (!WireWord.TryParse(language, out ContentLanguage? wanted)) return CommonRefusals.InvalidInput.ToProblem("language is fr or en.");
        var refresh = await store.CommitAsync(
            async (transaction, token) =>
            {
                var found = await ContactRefreshReading.FindAsync(transaction.Db, id, token);
                if (found is not null)
                    transaction.Record(new AuditDraft(context.Actor().ForAudit, "contact-refresh.exported", $"contact-refresh:{found.Id}", new { found.Number, Format = "csv" }));
                return found;
            },
            cancellationToken);
        if (refresh is null) return CommonRefusals.NotFound.ToProblem();
        var words = wanted == ContentLanguage.En ? ExportWords.English : ExportWords.French;
        var name = string.Create(CultureInfo.InvariantCulture, $"tocsin-contact-refresh-{refresh.Number}.csv");
        return TypedResults.Stream(output => WriteAsync(output, contexts, refresh.Id, words, cancellationToken), "text/csv; charset=utf-8", name);
    }

    private static async Task WriteAsync(Stream output, IDbContextFactory<TocsinDbContext> contexts, ContactRefreshId refresh, ExportWords words, CancellationToken cancellationToken)
    {
        await output.WriteAsync(Encoding.UTF8.Preamble.ToArray(), cancellationToken);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var isEnglish = words.Language == ContentLanguage.En;
        await WriteLineAsync(output, words, isEnglish ? ["Name", "External id", "Job title", "State"] : ["Nom", "Matricule", "Fonction", "État"], cancellationToken);
        foreach (var standing in (RefreshStanding[])[RefreshStanding.Waiting, RefreshStanding.Untold, RefreshStanding.NotTheirs])
        {
            PeopleCursor? after = null;
            while (true)
            {
                var rows = await RefreshPeopleQuery.ListAsync(db, refresh, standing, after, LinesAtOnce, cancellationToken);
                if (rows.Count == 0) break;
                using var text = new StringWriter(CultureInfo.InvariantCulture);
                var csv = new CsvText(text, words.CsvSeparator);
                foreach (var (person, _) in rows) WriteCells(csv, [person.DisplayName, person.ExternalId, person.JobTitle, WordOf(standing, isEnglish)]);
                await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
                after = new PeopleCursor(rows[^1].Person.SortKey, rows[^1].Person.Id);
            }
        }
    }

    private static async Task WriteLineAsync(Stream output, ExportWords words, string[] cells, CancellationToken cancellationToken)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        WriteCells(new CsvText(text, words.CsvSeparator), cells);
        await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }

    private static void WriteCells(CsvText csv, string?[] cells)
    {
        foreach (var cell in cells) csv.Cell(cell);
        csv.EndLine();
    }

    private static string WordOf(RefreshStanding standing, bool isEnglish) => standing switch
    {
        RefreshStanding.Untold => isEnglish ? "could not be told" : "n’a pas pu être prévenu",
        RefreshStanding.NotTheirs => isEnglish ? "the address is somebody else’s" : "l’adresse est celle de quelqu’un d’autre",
        _ => isEnglish ? "has not answered" : "n’a pas répondu",
    };
}
