using Tocsin.Alerting;

namespace Tocsin.Storage.Directory;

/// <summary>One import of people from a file.</summary>
public readonly record struct PeopleImportId(Guid Value) : IUuid<PeopleImportId>
{
    public static PeopleImportId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>Where an import stands. The words are stored and sent.</summary>
public enum PeopleImportState
{
    /// <summary>The file is being read into lines.</summary>
    Reading,

    /// <summary>The lines are being compared with the directory.</summary>
    Comparing,

    /// <summary>The preview is there: somebody decides.</summary>
    Ready,

    /// <summary>To be applied, or being applied: all of it, or nothing.</summary>
    Applying,

    Applied,

    /// <summary>The file could not be read, or applying it was refused; <see cref="PeopleImport.ErrorCode"/> says why. Nothing was changed.</summary>
    Failed,

    /// <summary>Somebody decided against it.</summary>
    Discarded,
}

/// <summary>An import of people, kept so that it can be left and come back to, and survives a crash.</summary>
public sealed class PeopleImport
{
    public PeopleImportId Id { get; set; }

    public PeopleImportState State { get; set; }

    public string FileName { get; set; } = "";

    /// <summary>Who imports, as in the audit trail.</summary>
    public string Actor { get; set; } = "";

    public string ActorName { get; set; } = "";

    /// <summary>The file lists everyone: whoever an earlier import brought and this one does not name is deactivated.</summary>
    public bool FullList { get; set; }

    /// <summary>At most this share of the imported people may be removed, in percent: an export cut short must not empty the directory.</summary>
    public int MostRemovedPercent { get; set; } = 10;

    /// <summary>ISO 3166-1 country of national telephone numbers.</summary>
    public string Country { get; set; } = "FR";

    /// <summary>How the file was written, and which column means what, as JSON; null until read.</summary>
    public string? Format { get; set; }

    public int Lines { get; set; }

    public int Added { get; set; }

    public int Changed { get; set; }

    public int Unchanged { get; set; }

    public int Removed { get; set; }

    public int Refused { get; set; }

    public string? ErrorCode { get; set; }

    /// <summary>Line of the file at which it could not be read further, from 1.</summary>
    public int? ErrorLine { get; set; }

    /// <summary>Until when the node that works on it is believed to be alive; after that another takes over.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>What becomes of one line of the file.</summary>
public enum PeopleImportAction
{
    Add,
    Change,
    Unchanged,

    /// <summary>Not a line of the file: somebody whom the full list no longer names.</summary>
    Remove,
    Refuse,
}

/// <summary>One line of an import with what it would do. Kept until some time after the import ended.</summary>
public sealed class PeopleImportLine
{
    public PeopleImportId ImportId { get; set; }

    /// <summary>The file's line on which the record begins, from 1 with the header; removals come after the last.</summary>
    public int Line { get; set; }

    public PeopleImportAction Action { get; set; }

    public PersonId? PersonId { get; set; }

    /// <summary>Whom it is about, for people.</summary>
    public string Name { get; set; } = "";

    /// <summary>What the line says, cleaned, as JSON; "{}" for a removal.</summary>
    public string Content { get; set; } = "{}";

    /// <summary>Added, changed: the fields with their values before and after. Refused: the reasons. As JSON.</summary>
    public string Outcome { get; set; } = "[]";
}
