using System.Net;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Forwarding.Parameters;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>The server's end of a client's transport, as its signalling told it.</summary>
/// <param name="TransportNumberId">The extension of the transport-wide number in what the client receives; 0: none, so that there is no feedback either.</param>
internal sealed record ServerEnd(IceCredentials Credentials, IPEndPoint Address, DtlsFingerprint Fingerprint, byte TransportNumberId = 0);

/// <summary>A client's end.</summary>
/// <param name="Port">UDP, of all addresses of this machine.</param>
internal sealed record ClientEnd(DtlsFingerprint Fingerprint, int Port);

/// <param name="Id">The server's name of it.</param>
internal sealed record Publication(long Id, ServerEnd End);

/// <summary>A track as its publisher sends it.</summary>
internal readonly record struct Track(MediaKind Kind, uint Ssrc)
{
    public const byte VideoPayloadType = 96;
    public const byte AudioPayloadType = 111;

    /// <summary>The extension of the transport-wide number in what is published.</summary>
    public const byte TransportNumberId = 3;

    public byte PayloadType => Kind == MediaKind.Audio ? AudioPayloadType : VideoPayloadType;
}

/// <summary>A server under measurement: a process on a core of its own, with the signalling that it takes to get media through it.</summary>
internal interface ISfu : IAsyncDisposable
{
    int ProcessId { get; }

    Task OpenMeetingsAsync(int count);

    Task<Publication> PublishAsync(int meeting, Track track, ClientEnd client);

    Task<ServerEnd> SubscribeAsync(int meeting, IReadOnlyList<Publication> publications, ClientEnd client);

    /// <summary>What it says itself of what it did; empty where it says nothing.</summary>
    Task<IReadOnlyDictionary<string, long>> AskStatisticsAsync();
}

internal static class Sfus
{
    /// <param name="name">janus, or ours.</param>
    public static Task<ISfu> StartAsync(string name, Scenario scenario) => name == "janus" ? JanusSfu.StartAsync(scenario) : TocsinSfu.StartAsync();
}
