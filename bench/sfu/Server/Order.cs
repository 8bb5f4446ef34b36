using Tocsin.Media.Forwarding.Parameters;

namespace Tocsin.Bench.Sfu.Server;

/// <summary>One line to the server role: what it is asked is its signalling.</summary>
/// <param name="Op">open, publish, subscribe, close, statistics, memory or limit.</param>
internal sealed record Order(
    string Op,
    int Count = 0,
    int Meeting = 0,
    MediaKind Kind = MediaKind.Video,
    uint Ssrc = 0,
    int[]? Producers = null,
    string? Fingerprint = null,
    int[]? Ports = null,
    int Length = 0,
    double Rate = 0,
    double Seconds = 0);

/// <summary>One line from it, to each <see cref="Order"/>.</summary>
internal sealed record Answer(
    int Producer = 0,
    string? UsernameFragment = null,
    string? Password = null,
    int Port = 0,
    string? Fingerprint = null,
    byte TransportNumberId = 0,
    long Packets = 0,
    IReadOnlyDictionary<string, long>? Statistics = null);
