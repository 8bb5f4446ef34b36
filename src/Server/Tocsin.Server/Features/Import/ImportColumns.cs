using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Import;

/// <summary>What a column means. On the wire in kebab-case.</summary>
internal enum ImportField
{
    FamilyName,
    GivenName,
    DisplayName,
    ExternalId,
    Mobile,
    Landline,
    Email,
    Site,
    Groups,
    JobTitle,
    CrisisFunctions,
    Language,
}

/// <summary>Recognises columns by their headings, in French and English, whatever the accents and capitals.</summary>
internal static class ImportColumns
{
    private static readonly Dictionary<string, ImportField> Headings = new(StringComparer.Ordinal)
    {
        ["nom"] = ImportField.FamilyName,
        ["nom de famille"] = ImportField.FamilyName,
        ["nom usuel"] = ImportField.FamilyName,
        ["name"] = ImportField.FamilyName,
        ["last name"] = ImportField.FamilyName,
        ["family name"] = ImportField.FamilyName,
        ["surname"] = ImportField.FamilyName,
        ["prenom"] = ImportField.GivenName,
        ["first name"] = ImportField.GivenName,
        ["given name"] = ImportField.GivenName,
        ["nom affiche"] = ImportField.DisplayName,
        ["nom complet"] = ImportField.DisplayName,
        ["display name"] = ImportField.DisplayName,
        ["full name"] = ImportField.DisplayName,
        ["matricule"] = ImportField.ExternalId,
        ["identifiant"] = ImportField.ExternalId,
        ["id"] = ImportField.ExternalId,
        ["external id"] = ImportField.ExternalId,
        ["employee id"] = ImportField.ExternalId,
        ["employee number"] = ImportField.ExternalId,
        ["mobile"] = ImportField.Mobile,
        ["portable"] = ImportField.Mobile,
        ["telephone mobile"] = ImportField.Mobile,
        ["telephone portable"] = ImportField.Mobile,
        ["mobile phone"] = ImportField.Mobile,
        ["cell"] = ImportField.Mobile,
        ["cell phone"] = ImportField.Mobile,
        ["fixe"] = ImportField.Landline,
        ["telephone"] = ImportField.Landline,
        ["telephone fixe"] = ImportField.Landline,
        ["landline"] = ImportField.Landline,
        ["phone"] = ImportField.Landline,
        ["courriel"] = ImportField.Email,
        ["mail"] = ImportField.Email,
        ["e mail"] = ImportField.Email,
        ["email"] = ImportField.Email,
        ["adresse mail"] = ImportField.Email,
        ["adresse electronique"] = ImportField.Email,
        ["e mail address"] = ImportField.Email,
        ["email address"] = ImportField.Email,
        ["site"] = ImportField.Site,
        ["etablissement"] = ImportField.Site,
        ["lieu"] = ImportField.Site,
        ["location"] = ImportField.Site,
        ["groupes"] = ImportField.Groups,
        ["groupe"] = ImportField.Groups,
        ["service"] = ImportField.Groups,
        ["groups"] = ImportField.Groups,
        ["group"] = ImportField.Groups,
        ["department"] = ImportField.Groups,
        ["fonction"] = ImportField.JobTitle,
        ["poste"] = ImportField.JobTitle,
        ["emploi"] = ImportField.JobTitle,
        ["metier"] = ImportField.JobTitle,
        ["title"] = ImportField.JobTitle,
        ["job title"] = ImportField.JobTitle,
        ["fonction de crise"] = ImportField.CrisisFunctions,
        ["fonctions de crise"] = ImportField.CrisisFunctions,
        ["crisis function"] = ImportField.CrisisFunctions,
        ["crisis functions"] = ImportField.CrisisFunctions,
        ["langue"] = ImportField.Language,
        ["language"] = ImportField.Language,
    };

    /// <summary>Field by column; null for columns that mean nothing here.</summary>
    /// <exception cref="ImportRefusedException">No name among the headings, or one field twice.</exception>
    public static ImportField?[] Recognise(List<string> headings)
    {
        ImportField?[] fields = [.. headings.Select(heading => Headings.TryGetValue(SearchText.NameKey(heading), out var field) ? field : (ImportField?)null)];
        if (!fields.Any(field => field is ImportField.FamilyName or ImportField.GivenName)) throw new ImportRefusedException("header-without-name", 1);
        if (fields.OfType<ImportField>().GroupBy(field => field).Any(same => same.Count() > 1)) throw new ImportRefusedException("header-twice", 1);
        return fields;
    }
}
