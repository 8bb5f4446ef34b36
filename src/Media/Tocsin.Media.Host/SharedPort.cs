using Tocsin.Media.Host.Peers;

namespace Tocsin.Media.Host;

/// <summary>What the loops on one port have in common.</summary>
/// <param name="Table">Whose peer it is that a datagram is for, whichever loop it came to.</param>
/// <param name="HasTcp">Whether there are TCP connections too; the first loop accepts them.</param>
/// <param name="HandsOver">Whether there are several, so that datagrams may come to another than their peer's.</param>
internal sealed record SharedPort(PeerTable Table, bool HasTcp, bool HandsOver);
