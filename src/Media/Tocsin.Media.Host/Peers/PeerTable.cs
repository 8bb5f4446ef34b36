using System.Collections.Concurrent;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Wire;
using Tocsin.Media.Wire.Stun;

namespace Tocsin.Media.Host.Peers;

/// <summary>Finds the peer that a datagram is for: a check by the fragment in its username, everything else by the path that it came on.</summary>
/// <remarks>
/// All media threads of a host share it, for a datagram may come to any of them. Finding: any thread, without a lock; it allocates nothing and costs a stranger's datagram
/// one look into one table. All else: the thread that owns the peer. Only who has shown a password is in it, so strangers cannot make it grow.
/// </remarks>
internal sealed class PeerTable
{
    private const int MaximumFragmentLength = 256;
    private readonly ConcurrentDictionary<NetworkPath, HostedPeer> _byPath;
    private readonly ConcurrentDictionary<string, Addressee> _byFragment;
    private readonly ConcurrentDictionary<string, Addressee>.AlternateLookup<ReadOnlySpan<char>> _byFragmentSpan;

    public PeerTable()
        : this(null, StringComparer.Ordinal)
    {
    }

    /// <param name="paths">Null: as paths compare themselves. Tests count by it.</param>
    /// <param name="fragments">Compares spans too, exactly.</param>
    internal PeerTable(IEqualityComparer<NetworkPath>? paths, IEqualityComparer<string> fragments)
    {
        _byPath = new(paths);
        _byFragment = new(fragments);
        _byFragmentSpan = _byFragment.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int PathCount => _byPath.Count;

    public int FragmentCount => _byFragment.Count;

    /// <exception cref="ArgumentException">Another peer has this fragment.</exception>
    public void AddFragment(HostedPeer peer, IceCredentials credentials)
    {
        if (!_byFragment.TryAdd(credentials.UsernameFragment, new(peer, credentials))) throw new ArgumentException("Another peer has this fragment.", nameof(credentials));
        peer.Fragments.Add(credentials.UsernameFragment);
        if (peer.Fragments.Count <= HostedPeer.MaximumFragments) return;
        _byFragment.TryRemove(peer.Fragments[0], out _);
        peer.Fragments.RemoveAt(0);
    }

    public void Remove(HostedPeer peer)
    {
        foreach (var fragment in peer.Fragments) _byFragment.TryRemove(fragment, out _);
        foreach (var path in peer.Paths) RemoveFromTable(peer, path);
        peer.Fragments.Clear();
        peer.Paths.Clear();
    }

    /// <summary>Null where it is nobody's.</summary>
    public HostedPeer? Find(ReadOnlySpan<byte> datagram, DatagramKind kind, in NetworkPath from) => kind switch
    {
        DatagramKind.Unknown => null,
        DatagramKind.Stun => FindAddressee(datagram, out _)?.Peer,
        _ => Find(from),
    };

    /// <summary>Whose path it was last; whether it still is, only the peer knows.</summary>
    public HostedPeer? Find(in NetworkPath path) => _byPath.TryGetValue(path, out var peer) ? peer : null;

    /// <summary>Whether a check was made by who knows the password. It costs an HMAC, so it is for the few whose fragment is known and whose peer is another thread's.</summary>
    public bool IsAuthentic(ReadOnlySpan<byte> check) => FindAddressee(check, out var message) is { } addressee && addressee.Credentials.Authenticate(message);

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

    private Addressee? FindAddressee(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        if (!StunMessage.TryParse(datagram, out message) || !message.TryGetUsername(out var username)) return null;
        var length = username.IndexOf((byte)':');
        if (length is <= 0 or > MaximumFragmentLength) return null;
        Span<char> fragment = stackalloc char[length];
        for (var i = 0; i < length; i++) fragment[i] = (char)username[i];
        return _byFragmentSpan.TryGetValue(fragment, out var addressee) ? addressee : null;
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
        // In one step: meanwhile the path may have become that of another thread's peer.
        _byPath.TryRemove(new(path, peer));
    }

    private sealed record Addressee(HostedPeer Peer, IceCredentials Credentials);
}
