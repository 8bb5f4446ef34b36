namespace Tocsin.Server.Features.Import;

/// <summary>What is being done with an import. The words are sent.</summary>
internal enum ImportStep
{
    /// <summary>The file arrives, or the kept lines are read again.</summary>
    Reading,

    /// <summary>Lines are compared with the directory.</summary>
    Comparing,

    /// <summary>The preview is kept, line by line.</summary>
    Keeping,

    /// <summary>Rows are written: all of them, or none.</summary>
    Writing,
}

/// <summary>How far an import is. One thread works and says so; any may ask.</summary>
internal sealed class ImportProgress
{
    private volatile Standing standing = new(ImportStep.Reading, null);

    public ImportStep Step => standing.Step;

    /// <summary>Lines, or rows when writing.</summary>
    public int Done => Volatile.Read(ref standing.Done);

    /// <summary>Null while nobody knows.</summary>
    public int? Total => standing.Total;

    public void Begin(ImportStep step, int? total) => standing = new Standing(step, total);

    public void Advance(int by) => Interlocked.Add(ref standing.Done, by);

    private sealed class Standing(ImportStep step, int? total)
    {
        public int Done;

        public ImportStep Step { get; } = step;

        public int? Total { get; } = total;
    }
}
