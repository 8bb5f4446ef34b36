namespace Tocsin.Storage.Directory;

/// <summary>How long the directory's texts may be, in UTF-16 units. A name past these is a mistake or an attack, and every index entry stays under a page.</summary>
public static class DirectoryBounds
{
    public const int Name = 100;
    public const int DisplayName = 200;
    public const int ExternalId = 64;
    public const int JobTitle = 100;
    public const int Address = 1_000;
    public const int Label = 60;
    public const int Description = 500;
    public const int PostalAddress = 300;

    /// <summary>Contact points of one person: more is a broken import, and each alert would pay for it.</summary>
    public const int ContactPointsPerPerson = 20;
}
