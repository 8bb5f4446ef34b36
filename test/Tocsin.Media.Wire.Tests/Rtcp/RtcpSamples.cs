namespace Tocsin.Media.Wire.Tests.Rtcp;

internal static class RtcpSamples
{
    /// <summary>Sender report with one block, then a canonical name "a@b", as RFC 3550 section 6.1 wants a compound to begin.</summary>
    public static readonly byte[] SenderReportAndName = Hex.Parse(
        """
        81 c8 00 0c 11 11 11 11 e3 00 00 01 80 00 00 00 00 01 00 00 00 00 00 0a 00 00 04 00
        22 22 22 22 40 ff ff fe 00 01 00 05 00 00 00 07 00 01 80 00 00 00 ff ff
        81 ca 00 03 11 11 11 11 01 03 61 40 62 00 00 00
        """);

    public static readonly byte[] ReceiverReport = Hex.Parse(
        "81 c9 00 07 11 11 11 11  22 22 22 22 40 00 00 02 00 01 00 05 00 00 00 07 00 01 80 00 00 00 ff ff");

    /// <summary>Two sources, and a reason.</summary>
    public static readonly byte[] Goodbye = Hex.Parse("82 cb 00 03 11 11 11 11 22 22 22 22 03 62 79 65");

    public static readonly byte[] Nack = Hex.Parse("81 cd 00 04 11 11 11 11 22 22 22 22 ff ff 80 01 01 00 00 00");

    public static readonly byte[] PictureLoss = Hex.Parse("81 ce 00 02 11 11 11 11 22 22 22 22");

    public static readonly byte[] FullIntra = Hex.Parse("84 ce 00 04 11 11 11 11 00 00 00 00 22 22 22 22 07 00 00 00");

    /// <summary>1,000,000 bit/s is 250,000 * 2^2; two sources.</summary>
    public static readonly byte[] Remb = Hex.Parse("8f ce 00 06 11 11 11 11 00 00 00 00 52 45 4d 42 02 0b d0 90 22 22 22 22 33 33 33 33");

    /// <summary>Run of two, one-bit vector, two-bit vector with a negative delta, and two bytes of padding.</summary>
    public static readonly byte[] TransportWide = Hex.Parse(
        "af cd 00 08 11 11 11 11 22 22 22 22 ff fe 00 16 00 00 05 09 20 02 ac 00 d8 00 01 02 03 04 05 06 ff f6 00 02");

    public static readonly IReadOnlyList<byte[]> All =
        [SenderReportAndName, ReceiverReport, Goodbye, Nack, PictureLoss, FullIntra, Remb, TransportWide];
}
