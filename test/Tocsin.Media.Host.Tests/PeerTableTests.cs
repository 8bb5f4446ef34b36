using System.Diagnostics.CodeAnalysis;
using System.Text;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Tests.Ice;
using Tocsin.Media.Host.Peers;
using Tocsin.Media.Wire;
using Tocsin.Testing;

namespace Tocsin.Media.Host.Tests;

/// <summary>What a stranger's datagram costs before it is dropped: at most one look into one table, and no object.</summary>
public sealed class PeerTableTests
{
    private static readonly NetworkPath Stranger = IceTestClient.Path(7);

    [Fact]
    public void A_strangers_datagram_costs_one_look_at_most_and_allocates_nothing()
    {
        var (paths, fragments) = (new CountingPaths(), new CountingFragments());
        var table = new PeerTable(paths, fragments);
        var client = new IceTestClient(IceCredentials.Create(), TestSeed.Random());
        var check = client.Check();
        Expect(0, []);
        Expect(0, [70, 1, 2, 3]);
        Expect(0, check[..^1]);
        Expect(0, [.. check[..4], 0, .. check[5..]]);
        Expect(1, check);
        Expect(1, [22, 254, 253, 0, 0]);
        Expect(1, [0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
        Expect(1, [0x80, 200, 0, 1, 0, 0, 0, 0]);

        void Expect(int looks, byte[] datagram)
        {
            var kind = Datagram.Classify(datagram);
            var before = paths.Looks + fragments.Looks;
            Assert.Null(table.Find(datagram, kind, Stranger));
            Assert.Equal(looks, paths.Looks + fragments.Looks - before);
            Assert.Equal(0, Allocation.Of(() => table.Find(datagram, kind, Stranger)));
        }
    }

    [Fact]
    public void Only_who_knows_the_password_is_handed_to_another_thread()
    {
        var table = new PeerTable();
        var credentials = IceCredentials.Create();
        table.AddFragment(new HostedPeer(null!, null!, null!), credentials);
        var random = TestSeed.Random();
        Assert.True(table.IsAuthentic(new IceTestClient(credentials, random).Check()));
        Assert.False(table.IsAuthentic(new IceTestClient(new(credentials.UsernameFragment, new string('x', 32)), random).Check()));
        Assert.False(table.IsAuthentic(new IceTestClient(credentials, random).Check(hasIntegrity: false)));
        Assert.False(table.IsAuthentic(new IceTestClient(IceCredentials.Create(), random).Check()));
        Assert.False(table.IsAuthentic(Encoding.ASCII.GetBytes("no check at all")));
    }

    private sealed class CountingPaths : IEqualityComparer<NetworkPath>
    {
        public int Looks { get; private set; }

        public bool Equals(NetworkPath x, NetworkPath y) => x == y;

        public int GetHashCode([DisallowNull] NetworkPath obj)
        {
            Looks++;
            return obj.GetHashCode();
        }
    }

    private sealed class CountingFragments : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
    {
        public int Looks { get; private set; }

        public bool Equals(string? x, string? y) => x == y;

        public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] string obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<char> alternate)
        {
            Looks++;
            return string.GetHashCode(alternate, StringComparison.Ordinal);
        }

        public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
    }
}
