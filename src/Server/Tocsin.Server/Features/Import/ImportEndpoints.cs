using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Import;

internal static class ImportEndpoints
{
    private const int MostListed = 50;

    public static void MapImports(this IEndpointRouteBuilder endpoints)
    {
        var imports = endpoints.MapGroup("/api/v1/imports").WithTags("imports");
        imports.MapPost("", PreviewAsync).RequireRole(DirectoryAccess.Writers, TokenScopes.ImportPeople).WithName("previewImport");
        imports.MapGet("", ListAsync).RequireRole(DirectoryAccess.Writers, TokenScopes.ImportPeople).WithName("listImports");
        imports.MapGet("/{id:guid}", ReadAsync).RequireRole(DirectoryAccess.Writers, TokenScopes.ImportPeople).WithName("readImport");
        imports.MapGet("/{id:guid}/progress", ReadProgress).RequireRole(DirectoryAccess.Writers, TokenScopes.ImportPeople).WithName("readImportProgress");
        imports.MapGet("/{id:guid}/lines", ListLinesAsync).RequireRole(DirectoryAccess.Writers, TokenScopes.ImportPeople).WithName("listImportLines");
        imports.MapPost("/{id:guid}/apply", ApplyAsync).RequireRole(DirectoryAccess.Writers, TokenScopes.ImportPeople).WithName("applyImport");
        imports.MapPost("/{id:guid}/discard", DiscardAsync).RequireRole(DirectoryAccess.Writers, TokenScopes.ImportPeople).WithName("discardImport");
    }

    /// <summary>Takes a CSV file as the request's body and answers with what it would change. Nothing is changed yet.</summary>
    private static async Task<Results<Created<ImportView>, ProblemHttpResult>> PreviewAsync(
        [AsParameters] ImportRequest request, HttpContext context, PeopleImports imports, CancellationToken cancellationToken)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = ImportFile.LargestBytes;
        var name = DirectoryText.Clean(request.FileName, 200, out var code) ?? "people.csv";
        if (code is not null) return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("fileName", code).ByPath);
        try
        {
            var options = new ImportOptions(name, request.FullList ?? false, Math.Clamp(request.MostRemovedPercent ?? ImportOptions.UsualMostRemovedPercent, 0, 100), ContactAddress.UsualCountry);
            var import = await imports.PreviewAsync(new PeopleImportId(request.Id ?? Guid.CreateVersion7()), context.Request.Body, options, context.Actor().ForAudit, cancellationToken);
            return TypedResults.Created($"/api/v1/imports/{import.Id}", ImportView.Of(import, null));
        }
        catch (ImportRefusedException refused)
        {
            return Unreadable(refused);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Unreadable(new ImportRefusedException("file-too-large"));
        }
    }

    private static async Task<Ok<Page<ImportView>>> ListAsync(PeopleImports imports, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var recent = await db.Set<PeopleImport>().AsNoTracking().OrderByDescending(import => import.CreatedAt).ThenByDescending(import => import.Id).Take(MostListed).ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<ImportView>([.. recent.Select(import => ImportView.Of(import, imports.ProgressOf(import.Id)))], null));
    }

    private static async Task<Results<Ok<ImportView>, ProblemHttpResult>> ReadAsync(
        Guid id, PeopleImports imports, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<PeopleImport>().AsNoTracking().FirstOrDefaultAsync(i => i.Id == new PeopleImportId(id), cancellationToken) is { } import
            ? TypedResults.Ok(ImportView.Of(import, imports.ProgressOf(import.Id)))
            : CommonRefusals.NotFound.ToProblem();
    }

    /// <summary>How far an import is, while it is previewed or applied by the node that answers. Not found: nothing is under way here.</summary>
    private static Results<Ok<ImportProgressView>, ProblemHttpResult> ReadProgress(Guid id, PeopleImports imports) =>
        imports.ProgressOf(new PeopleImportId(id)) is { } progress ? TypedResults.Ok(new ImportProgressView(progress.Step, progress.Done, progress.Total)) : CommonRefusals.NotFound.ToProblem();

    /// <summary>Line by line what the import does, or why it does not.</summary>
    /// <param name="action">Only these; absent: all.</param>
    /// <param name="after">The last line seen.</param>
    private static async Task<Results<Ok<Page<ImportLineView>>, ProblemHttpResult>> ListLinesAsync(
        Guid id, string? action, int? after, int? limit, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var (import, most) = (new PeopleImportId(id), Paging.LimitOf(limit));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var lines = db.Set<PeopleImportLine>().AsNoTracking().Where(line => line.ImportId == import && line.Line > (after ?? 0));
        if (action is not null)
        {
            if (!KebabCase.TryRead<PeopleImportAction>(action, out var only)) return CommonRefusals.InvalidInput.ToProblem(fields: FieldErrors.One("action", "unknown").ByPath);
            lines = lines.Where(line => line.Action == only);
        }

        var page = await lines.OrderBy(line => line.Line).Take(most + 1).ToListAsync(cancellationToken);
        var next = page.Count > most ? page[most - 1].Line.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new Page<ImportLineView>([.. page.Take(most).Select(ImportLineView.Of)], next));
    }

    private static async Task<Results<Accepted<ImportView>, ProblemHttpResult>> ApplyAsync(
        Guid id, ApplyImportInput input, HttpContext context, PeopleImports imports, ImportWorker worker, CancellationToken cancellationToken)
    {
        var answer = await imports.RequestAsync(new PeopleImportId(id), input.ConfirmedRemovals, context.Actor().ForAudit, cancellationToken);
        if (answer.Value is not { } import) return answer.ToProblem();
        if (import.State == PeopleImportState.Applying) worker.Wake(import.Id);
        return TypedResults.Accepted($"/api/v1/imports/{import.Id}", ImportView.Of(import, null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DiscardAsync(Guid id, HttpContext context, PeopleImports imports, CancellationToken cancellationToken)
    {
        var answer = await imports.DiscardAsync(new PeopleImportId(id), context.Actor().ForAudit, cancellationToken);
        return answer.Refusal is null ? TypedResults.NoContent() : answer.ToProblem();
    }

    private static ProblemHttpResult Unreadable(ImportRefusedException refused)
    {
        var fields = new FieldErrors();
        fields.Add("file", refused.Code);
        if (refused.Line is { } line) fields.Add("line", line.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return ImportRefusals.Unreadable.ToProblem(fields: fields.ByPath);
    }
}

internal sealed record ImportRequest
{
    /// <summary>Of the import to be; whoever chooses it can ask how far the preview is. Absent: the server chooses.</summary>
    public Guid? Id { get; init; }

    public string? FileName { get; init; }

    /// <summary>The file lists everyone: whoever an earlier import brought and it does not name is taken out.</summary>
    public bool? FullList { get; init; }

    public int? MostRemovedPercent { get; init; }
}

/// <param name="ConfirmedRemovals">How many people will be taken out, where that is more than the import allows by itself.</param>
internal sealed record ApplyImportInput(int? ConfirmedRemovals);

/// <param name="Step">What is being done right now, as far as the node that answers knows; null when nothing is.</param>
internal sealed record ImportView(
    PeopleImportId Id,
    PeopleImportState State,
    ImportStep? Step,
    string FileName,
    string ActorName,
    bool FullList,
    int MostRemovedPercent,
    int Lines,
    int Added,
    int Changed,
    int Unchanged,
    int Removed,
    int Refused,
    string? ErrorCode,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt)
{
    public static ImportView Of(PeopleImport import, ImportProgress? progress) => new(
        import.Id, import.State, progress?.Step, import.FileName, import.ActorName, import.FullList, import.MostRemovedPercent, import.Lines, import.Added, import.Changed, import.Unchanged,
        import.Removed, import.Refused, import.ErrorCode, import.CreatedAt, import.ChangedAt);
}

/// <param name="Done">Lines of the file; rows of the directory when writing.</param>
/// <param name="Total">Absent while nobody knows.</param>
internal sealed record ImportProgressView(ImportStep Step, int Done, int? Total);

/// <param name="Line">Of the file, from 1; removals come after its last.</param>
/// <param name="Outcome">Refused: <c>{field, code}</c> each; otherwise <c>{field, before, after}</c> each.</param>
internal sealed record ImportLineView(int Line, PeopleImportAction Action, PersonId? PersonId, string Name, JsonNode Outcome)
{
    public static ImportLineView Of(PeopleImportLine line) => new(line.Line, line.Action, line.PersonId, line.Name, JsonNode.Parse(line.Outcome)!);
}
