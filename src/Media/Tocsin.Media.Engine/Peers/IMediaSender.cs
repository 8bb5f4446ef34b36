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

    /// <summary>Sends, and gives what was sent, protected, so that it can be sent once more: <see cref="Repeat"/>.</summary>
    /// <param name="header">A whole RTP header, with CSRCs and extensions.</param>
    /// <param name="copy">At least as long as header, payload and <see cref="RtpOverhead"/>.</param>
    /// <param name="length">Of the copy.</param>
    /// <returns>False where it was not sent.</returns>
    bool SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> copy, out int length);

    /// <summary>Sends once more, byte for byte, what was protected before. To protect another content under the same number would give away the key (<see cref="Srtp.SrtpSender"/>).</summary>
    /// <returns>False where it was not sent.</returns>
    bool Repeat(ReadOnlySpan<byte> protectedPacket);

    /// <param name="packet">A compound packet.</param>
    /// <returns>False where it was not sent.</returns>
    bool SendRtcp(ReadOnlySpan<byte> packet);
}
