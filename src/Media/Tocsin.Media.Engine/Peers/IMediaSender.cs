namespace Tocsin.Media.Engine.Peers;

/// <summary>Where packets in clear go to one peer. Called on its media thread; keeps nothing of the spans.</summary>
public interface IMediaSender
{
    /// <summary>Bytes that protection adds to an RTP packet.</summary>
    int RtpOverhead { get; }

    /// <summary>How often packets began to take another path: of each, what it carries is to be found out anew.</summary>
    int PathChanges { get; }

    /// <param name="header">A whole RTP header, with CSRCs and extensions.</param>
    /// <returns>False where it was not sent.</returns>
    bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload);

    /// <param name="packet">A compound packet.</param>
    /// <returns>False where it was not sent.</returns>
    bool SendRtcp(ReadOnlySpan<byte> packet);
}
