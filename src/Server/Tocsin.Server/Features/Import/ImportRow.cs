using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Directory;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Import;

/// <summary>Why a line is refused: which field (wire name; empty for the whole line), and the stable code.</summary>
internal sealed record ImportError(string Field, string Code);

/// <summary>One line of the file, cleaned. Null where the file says nothing: that never empties what the directory has.</summary>
internal sealed record ImportRow(
    string? FamilyName,
    string? GivenName,
    string? DisplayName,
    string? ExternalId,
    ContentLanguage? Language,
    string? JobTitle,
    string? Site,
    string? Mobile,
    string? Landline,
    string? Email,
    IReadOnlyList<string>? Groups,
    IReadOnlyList<string>? Functions,
    IReadOnlyList<ImportError>? Errors)
{
    private const int MostNames = 50;

    /// <summary>How people recognise the line.</summary>
    public string Name => DisplayName ?? PersonFields(GivenName, FamilyName);

    /// <param name="country">Of national telephone numbers.</param>
    public static ImportRow Read(List<string> record, ImportField?[] columns, string country)
    {
        var errors = new List<ImportError>();
        var cells = new string?[Enum.GetValues<ImportField>().Length];
        for (var i = 0; i < record.Count && i < columns.Length; i++)
        {
            if (columns[i] is { } field && !string.IsNullOrWhiteSpace(record[i])) cells[(int)field] = record[i];
        }

        string? Text(ImportField field, string name, int longest)
        {
            var text = DirectoryText.Clean(cells[(int)field], longest, out var code);
            if (code is not null) errors.Add(new ImportError(name, code));
            return text;
        }

        string? Address(ImportField field, string name, ContactPointKind kind)
        {
            if (cells[(int)field] is not { } cell) return null;
            if (ContactAddress.TryRead(kind, cell, country, out var address, out var code)) return address;
            errors.Add(new ImportError(name, code));
            return null;
        }

        var row = new ImportRow(
            Text(ImportField.FamilyName, "familyName", DirectoryBounds.Name),
            Text(ImportField.GivenName, "givenName", DirectoryBounds.Name),
            Text(ImportField.DisplayName, "displayName", DirectoryBounds.DisplayName),
            Text(ImportField.ExternalId, "externalId", DirectoryBounds.ExternalId),
            LanguageOf(cells[(int)ImportField.Language], errors),
            Text(ImportField.JobTitle, "jobTitle", DirectoryBounds.JobTitle),
            NameOf(cells[(int)ImportField.Site], "site", errors),
            Address(ImportField.Mobile, "mobile", ContactPointKind.Mobile),
            Address(ImportField.Landline, "landline", ContactPointKind.Landline),
            Address(ImportField.Email, "email", ContactPointKind.Email),
            Names(cells[(int)ImportField.Groups], "groups", errors),
            Names(cells[(int)ImportField.CrisisFunctions], "functions", errors),
            null);
        if (row is { FamilyName: null, GivenName: null } && !errors.Exists(error => error.Field is "familyName" or "givenName")) errors.Add(new ImportError("familyName", DirectoryText.Missing));
        if (record.Count > columns.Length) errors.Add(new ImportError("", "cells-too-many"));
        return errors.Count == 0 ? row : row with { Errors = errors };
    }

    private static string PersonFields(string? given, string? family) => $"{given} {family}".Trim();

    private static ContentLanguage? LanguageOf(string? cell, List<ImportError> errors)
    {
        switch (SearchText.NameKey(cell ?? ""))
        {
            case "": return null;
            case "fr" or "fra" or "fre" or "francais" or "french" or "fr fr": return ContentLanguage.Fr;
            case "en" or "eng" or "anglais" or "english" or "en gb" or "en us": return ContentLanguage.En;
            default:
                errors.Add(new ImportError("language", "language-unknown"));
                return null;
        }
    }

    private static string? NameOf(string? cell, string field, List<ImportError> errors)
    {
        var name = DirectoryText.Clean(cell, DirectoryBounds.Name, out var code);
        if (name is not null && SearchText.NameKey(name).Length == 0) code = DirectoryText.InvalidCharacter;
        if (code is not null) errors.Add(new ImportError(field, code));
        return code is null ? name : null;
    }

    /// <summary>Several names in one cell, with <c>|</c>, <c>,</c> or <c>;</c> between.</summary>
    private static List<string>? Names(string? cell, string field, List<ImportError> errors)
    {
        if (cell is null) return null;
        var names = cell.Split(['|', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(name => NameOf(name, field, errors)).OfType<string>().DistinctBy(SearchText.NameKey, StringComparer.Ordinal).ToList();
        if (names.Count > MostNames) errors.Add(new ImportError(field, "names-too-many"));
        return names;
    }
}
