using Tocsin.Media.Engine;
using Tocsin.Media.Wire;
using Tocsin.Media.Wire.Stun;

namespace Tocsin.Media.Host.Peers;

/// <summary>Finds the peer that a datagram is for: a check by the fragment in its username, everything else by the path that it came on.</summary>
/// <remarks>Media thread only. Finding allocates nothing, and costs a stranger's datagram one or two looks into a table.</remarks>
internal sealed class PeerTable
{
    private const int MaximumFragmentLength = 256;
    private readonly Dictionary<NetworkPath, HostedPeer> _byPath = [];
    private readonly Dictionary<string, HostedPeer> _byFragment = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostedPeer>.AlternateLookup<ReadOnlySpan<char>> _byFragmentSpan;

    public PeerTable() => _byFragmentSpan = _byFragment.GetAlternateLookup<ReadOnlySpan<char>>();

    public int PathCount => _byPath.Count;

    public int FragmentCount => _byFragment.Count;

    /// <exception cref="ArgumentException">Another peer has this fragment.</exception>
    public void AddFragment(HostedPeer peer, string fragment)
    {
        _byFragment.Add(fragment, peer);
        peer.Fragments.Add(fragment);
        if (peer.Fragments.Count <= HostedPeer.MaximumFragments) return;
        _byFragment.Remove(peer.Fragments[0]);
        peer.Fragments.RemoveAt(0);
    }

    public void Remove(HostedPeer peer)
    {
        foreach (var fragment in peer.Fragments) _byFragment.Remove(fragment);
        foreach (var path in peer.Paths) RemoveFromTable(peer, path);
        peer.Fragments.Clear();
        peer.Paths.Clear();
    }

    /// <summary>Null where it is nobody's.</summary>
    public HostedPeer? Find(ReadOnlySpan<byte> datagram, DatagramKind kind, in NetworkPath from) => kind switch
    {
        DatagramKind.Unknown => null,
        DatagramKind.Stun => FindByFragment(datagram),
        _ => Find(from),
    };

    /// <summary>Whose path it was last; whether it still is, only the peer knows.</summary>
    public HostedPeer? Find(in NetworkPath path) => _byPath.GetValueOrDefault(path);

    /// <summary>That path is not this peer's any more.</summary>
    public void Forget(HostedPeer peer, in NetworkPath path)
    {
        peer.Paths.Remove(path);
        RemoveFromTable(peer, path);
    }

    /// <summary>After a check: if it was authentic, what else comes by this path is this peer's.</summary>
    public void Learn(HostedPeer peer, in NetworkPath path)
    {
        if (!peer.Peer.IsValidated(path)) return;
        // A path may pass from one peer to another, as a client that begins anew from the same port makes it.
        if (_byPath.TryGetValue(path, out var known) && ReferenceEquals(known, peer)) return;
        if (peer.Paths.Count == HostedPeer.MaximumPaths) ForgetInvalid(peer);
        _byPath[path] = peer;
        if (!peer.Paths.Contains(path)) peer.Paths.Add(path);
    }

    private HostedPeer? FindByFragment(ReadOnlySpan<byte> datagram)
    {
        if (!StunMessage.TryParse(datagram, out var message) || !message.TryGetUsername(out var username)) return null;
        var length = username.IndexOf((byte)':');
        if (length is <= 0 or > MaximumFragmentLength) return null;
        Span<char> fragment = stackalloc char[length];
        for (var i = 0; i < length; i++) fragment[i] = (char)username[i];
        return _byFragmentSpan.TryGetValue(fragment, out var peer) ? peer : null;
    }

    private void ForgetInvalid(HostedPeer peer)
    {
        for (var i = peer.Paths.Count - 1; i >= 0; i--)
        {
            if (peer.Peer.IsValidated(peer.Paths[i])) continue;
            RemoveFromTable(peer, peer.Paths[i]);
            peer.Paths.RemoveAt(i);
        }
    }

    private void RemoveFromTable(HostedPeer peer, in NetworkPath path)
    {
        if (_byPath.TryGetValue(path, out var known) && ReferenceEquals(known, peer)) _byPath.Remove(path);
    }
}
