using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Directory;

/// <summary>Writes the lines of an import by thousands.</summary>
public static class PeopleImportLines
{
    private static readonly BulkTable<PeopleImportLine> Table = new(
        "people_import_lines",
        new UuidBulkColumn<PeopleImportLine>("import_id", l => l.ImportId.Value),
        new IntegerBulkColumn<PeopleImportLine>("line", l => l.Line),
        new TextBulkColumn<PeopleImportLine>("action", l => KebabCase.WordOf(l.Action)),
        new UuidBulkColumn<PeopleImportLine>("person_id", l => l.PersonId?.Value),
        new TextBulkColumn<PeopleImportLine>("name", l => l.Name),
        new TextBulkColumn<PeopleImportLine>("content", l => l.Content),
        new TextBulkColumn<PeopleImportLine>("outcome", l => l.Outcome));

    public static Task AddAsync(TocsinDbContext db, IEnumerable<PeopleImportLine> lines, CancellationToken cancellationToken) =>
        Table.InsertAsync(db, lines, cancellationToken);
}
