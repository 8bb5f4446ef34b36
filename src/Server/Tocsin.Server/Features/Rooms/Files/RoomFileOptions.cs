namespace Tocsin.Server.Features.Rooms.Files;

/// <summary>What rooms' files may take. Each property is a key under <c>files</c>. Counted from when an upload begins, with all of its bytes.</summary>
internal sealed class RoomFileOptions
{
    private const int MostMegabytes = 16 * 1024 * 1024;

    /// <summary>One file; none is larger than 2,048, which its parts are numbered for.</summary>
    public int LargestMegabytes { get; set; } = 2048;

    /// <summary>All that one person uploaded.</summary>
    public int PersonMegabytes { get; set; } = 10 * 1024;

    /// <summary>All files of one room.</summary>
    public int RoomMegabytes { get; set; } = 20 * 1024;

    /// <summary>All files of all rooms: the disk is the alerts' too.</summary>
    public int TotalMegabytes { get; set; } = 100 * 1024;

    /// <summary>Hours after its last part until a file that no entry carries is deleted.</summary>
    public int UploadHours { get; set; } = 72;

    /// <summary>Errors as sentences for the administrator.</summary>
    public IEnumerable<string> FindErrors()
    {
        if (LargestMegabytes is < 1 or > 2048) yield return $"files.largestMegabytes: {LargestMegabytes} is not between 1 and 2048.";
        foreach (var (key, megabytes) in (IEnumerable<(string, int)>)[("personMegabytes", PersonMegabytes), ("roomMegabytes", RoomMegabytes), ("totalMegabytes", TotalMegabytes)])
        {
            if (megabytes is < 1 or > MostMegabytes) yield return $"files.{key}: {megabytes} is not between 1 and {MostMegabytes}.";
        }

        if (UploadHours is < 1 or > 8760) yield return $"files.uploadHours: {UploadHours} is not between 1 and 8760.";
    }
}
