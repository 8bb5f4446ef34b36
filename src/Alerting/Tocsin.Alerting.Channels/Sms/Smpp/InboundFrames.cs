namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>Cuts the stream of octets into PDUs.</summary>
/// <remarks>Reader thread only. Holds at most one incomplete PDU and what came with it.</remarks>
internal sealed class InboundFrames
{
    private readonly byte[] buffer = new byte[4 * PduHeader.LongestPdu];
    private int start;
    private int end;

    /// <summary>Where the next octets are to be put; never empty.</summary>
    public Memory<byte> Room
    {
        get
        {
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                start = 0;
            }

            return buffer.AsMemory(end);
        }
    }

    /// <summary>So many octets have been put into <see cref="Room"/>.</summary>
    public void Received(int octets) => end += octets;

    /// <returns>A whole PDU, its body valid until the next use of <see cref="Room"/>; that more octets are needed; or that the stream is beyond repair.</returns>
    public FrameEnd TryTake(out PduHeader header, out ReadOnlySpan<byte> body)
    {
        body = default;
        header = default;
        var octets = buffer.AsSpan(start, end - start);
        if (octets.Length < PduHeader.Size)
            return FrameEnd.NeedsMore;
        if (!PduHeader.TryParse(octets, out header))
            return FrameEnd.Broken;
        if (octets.Length < header.Length)
            return FrameEnd.NeedsMore;
        body = octets[PduHeader.Size..header.Length];
        start += header.Length;
        return FrameEnd.Whole;
    }
}

internal enum FrameEnd
{
    Whole,
    NeedsMore,
    Broken,
}
