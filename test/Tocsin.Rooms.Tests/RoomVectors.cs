using System.Text.Json;
using Tocsin.Testing;

namespace Tocsin.Rooms.Tests;

/// <summary>Entries as the web client writes them (test/vectors/README.md).</summary>
internal sealed record RoomVectors(string Room, string Account, string Device, string Certificate, string FirstHash, IReadOnlyList<EntryVector> Entries)
{
    public static RoomVectors Read()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "test", "vectors", "rooms", "entries.json"));
        return JsonSerializer.Deserialize<RoomVectors>(text, JsonSerializerOptions.Web) ?? throw new InvalidDataException("no vectors");
    }

    public byte[] FirstEntry => Convert.FromHexString(Entries[0].Entry);
}

internal sealed record EntryVector(string Entry, byte Class, string Id, uint Era, int PayloadLength, string ChainHash);
