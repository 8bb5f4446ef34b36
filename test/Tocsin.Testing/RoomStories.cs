using System.Text.Json;

namespace Tocsin.Testing;

/// <summary>Rooms as the web client writes them, with what it says of each entry (test/vectors/README.md).</summary>
/// <param name="Parting">People leave of themselves, until nobody is left.</param>
/// <param name="Lingering">The same with what is refused about that.</param>
/// <param name="Guests">Two guests are let in; one goes, one is removed.</param>
/// <param name="HostileGuests">The same with what is refused about guests.</param>
/// <param name="Steady">One person writes on and on, alone.</param>
public sealed record RoomStories(RoomStory Honest, RoomStory Hostile, RoomStory Parting, RoomStory Lingering, RoomStory Steady, RoomStory Guests, RoomStory HostileGuests)
{
    public static RoomStories Read()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "test", "vectors", "rooms", "stories.json"));
        return JsonSerializer.Deserialize<RoomStories>(text, JsonSerializerOptions.Web) ?? throw new InvalidDataException("no vectors");
    }
}

/// <param name="Members">Account and role, at the end.</param>
/// <param name="Devices">Device, its last number, whether it was revoked.</param>
/// <param name="Eras">Number, and the entry that began it.</param>
public sealed record RoomStory(string Room, IReadOnlyList<StoryEntry> Entries, IReadOnlyList<string> Members, IReadOnlyList<string> Devices, IReadOnlyList<string> Eras)
{
    public Guid RoomId => GuidOf(Room);

    internal static Guid GuidOf(string hex) => new(Convert.FromHexString(hex), bigEndian: true);
}

/// <param name="Account">Who sends it.</param>
/// <param name="Code"><c>accepted</c>, or why not.</param>
/// <param name="ChainHash">Of the chain with it.</param>
public sealed record StoryEntry(string Account, string Entry, string Code, string ChainHash)
{
    public bool IsAccepted => Code == "accepted";

    public Guid AccountId => RoomStory.GuidOf(Account);

    public byte[] Bytes => Convert.FromHexString(Entry);
}
