namespace Tocsin.Server.Features.Rooms.Files;

/// <summary>Into how many sealed parts a file is cut, and how long each is: docs/protocol/rooms.md, Files.</summary>
internal static class FileParts
{
    public const int ChunkLength = 512 * 1024;
    public const int TagLength = 16;

    /// <summary>4,096 parts.</summary>
    public const long LargestFile = 4096L * ChunkLength;

    /// <summary>A file without a byte has one part, too: its seal says that it is empty.</summary>
    public static long CountOf(long size) => Math.Max(1, (size + ChunkLength - 1) / ChunkLength);

    /// <summary>With its seal.</summary>
    public static int LengthOf(long size, long number) => (int)Math.Min(ChunkLength, size - (number * ChunkLength)) + TagLength;
}
