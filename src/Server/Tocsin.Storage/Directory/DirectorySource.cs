namespace Tocsin.Storage.Directory;

/// <summary>Where an entry came from. An import changes and removes only what an import brought: what somebody typed by hand stays.</summary>
public enum DirectorySource
{
    Manual,
    Import,
}
