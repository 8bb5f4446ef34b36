using Tocsin.Testing;

namespace Tocsin.Rooms.Tests;

/// <summary>docs/protocol/rooms.md, what is accepted.</summary>
public sealed class RoomStateTests
{
    private static readonly RoomStories Stories = RoomStories.Read();

    public static TheoryData<string> Names => ["honest", "hostile", "parting", "lingering", "guests", "hostileGuests"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Entries_are_accepted_and_refused_as_by_the_web_client(string name)
    {
        var story = name switch { "honest" => Stories.Honest, "hostile" => Stories.Hostile, "parting" => Stories.Parting, "guests" => Stories.Guests, "hostileGuests" => Stories.HostileGuests, _ => Stories.Lingering };
        var state = new RoomState(story.RoomId);
        var chain = RoomChain.Begin(Convert.FromHexString(story.Room));
        List<byte[]> hashes = [chain.Hash.ToArray()];
        foreach (var sent in story.Entries)
        {
            var bytes = sent.Bytes;
            Assert.Equal(sent.Code, state.Accept(chain.Seq + 1, bytes, HashSeenBy(bytes, hashes)) ?? "accepted");
            chain = chain.Append(bytes);
            hashes.Add(chain.Hash.ToArray());
            Assert.Equal(sent.ChainHash, Convert.ToHexStringLower(chain.Hash));
        }

        Assert.Equal(story.Members, state.Members.Values.Select(m => $"{m.Account:N} {m.Role.ToString().ToLowerInvariant()}").Order(StringComparer.Ordinal));
        Assert.Equal(story.Devices, state.Devices.Values.Select(d => $"{d.Device:N} {d.LastSeq} {(d.IsRevoked ? "true" : "false")}").Order(StringComparer.Ordinal));
        Assert.Equal(story.Eras, state.Eras.Select(e => $"{e.Number} {e.StartSeq}"));
    }

    [Fact]
    public void An_entry_changed_in_any_byte_changes_nothing_and_throws_nothing()
    {
        var random = TestSeed.Random();
        foreach (var at in Enumerable.Range(0, Stories.Honest.Entries.Count))
        {
            for (var round = 0; round < 200; round++)
            {
                var (state, hashes) = After(at);
                var bytes = Stories.Honest.Entries[at].Bytes;
                bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
                var (members, eras) = (state.Members.Count, state.Eras.Count);
                Assert.NotNull(state.Accept((ulong)at + 1, bytes, HashSeenBy(bytes, hashes)));
                Assert.Equal((members, eras), (state.Members.Count, state.Eras.Count));
            }
        }
    }

    [Fact]
    public void Statements_of_random_bytes_or_cut_anywhere_are_malformed_without_an_exception()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            if (bytes.Length > 18) (bytes[0], bytes[1], bytes[18]) = (1, (byte)random.Next(3), (byte)random.Next(3));
            MembershipChange.TryParse(bytes);
            EraKeySeals.ReadEra(bytes);
        }

        Assert.True(RoomEntry.TryParse(Stories.Honest.Entries[0].Bytes, out var creation, out _));
        var payload = creation.Payload.ToArray();
        Assert.NotNull(MembershipChange.TryParse(payload));
        for (var length = 0; length < payload.Length; length++) Assert.Null(MembershipChange.TryParse(payload.AsSpan(0, length)));
    }

    private static (RoomState State, List<byte[]> Hashes) After(int count)
    {
        var state = new RoomState(Stories.Honest.RoomId);
        var chain = RoomChain.Begin(Convert.FromHexString(Stories.Honest.Room));
        List<byte[]> hashes = [chain.Hash.ToArray()];
        foreach (var sent in Stories.Honest.Entries.Take(count))
        {
            Assert.Null(state.Accept(chain.Seq + 1, sent.Bytes, HashSeenBy(sent.Bytes, hashes)));
            chain = chain.Append(sent.Bytes);
            hashes.Add(chain.Hash.ToArray());
        }

        return (state, hashes);
    }

    private static byte[] HashSeenBy(byte[] bytes, List<byte[]> hashes) =>
        RoomEntry.TryParse(bytes, out var entry, out _) && entry.SeenSeq < (ulong)hashes.Count ? hashes[(int)entry.SeenSeq] : [];
}
