using Tocsin.Rooms;

namespace Tocsin.Server.Cli;

/// <summary>Writes what an archive of a crisis holds into a new directory: <c>rooms/</c> with a directory for each room, and <c>documents/</c>.</summary>
internal sealed class CrisisExtraction : ICrisisExportReader, IDisposable
{
    private readonly string directory;
    private RoomExtraction? room;
    private FileStream? document;

    public CrisisExtraction(string directory)
    {
        this.directory = directory;
        Directory.CreateDirectory(Path.Combine(directory, "documents"));
    }

    public IRoomExportReader TakeRoom(Guid room)
    {
        this.room?.Dispose();
        return this.room = new RoomExtraction(Path.Combine(directory, "rooms", room.ToString()));
    }

    /// <param name="name">Is harmless: <see cref="CrisisDocument.Name"/>.</param>
    public void TakeDocument(string name)
    {
        document?.Dispose();
        document = new FileStream(Path.Combine(directory, "documents", name), FileMode.CreateNew);
    }

    public void TakeBytes(ReadOnlySpan<byte> bytes) => document!.Write(bytes);

    public void Dispose()
    {
        room?.Dispose();
        document?.Dispose();
    }
}
