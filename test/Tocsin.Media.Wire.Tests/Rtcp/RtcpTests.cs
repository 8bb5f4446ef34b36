using Tocsin.Media.Wire.Rtcp;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Rtcp;

public sealed class RtcpTests
{
    private const long One = 0x11111111;
    private const long Two = 0x22222222;

    [Fact]
    public void Samples_are_read_as_they_were_meant()
    {
        Assert.Equal(
            [$"SR {One} 3808428033.2147483648 65536 10 1024 [{Two} 64 -2 65541 7 98304 65535]", $"SDES {One}:1=614062"],
            RtcpText.Read(RtcpSamples.SenderReportAndName));
        Assert.Equal([$"RR {One} [{Two} 64 2 65541 7 98304 65535]"], RtcpText.Read(RtcpSamples.ReceiverReport));
        Assert.Equal([$"BYE {One} {Two}"], RtcpText.Read(RtcpSamples.Goodbye));
        Assert.Equal([$"FB {One} {Two} NACK 65535,0,15,256"], RtcpText.Read(RtcpSamples.Nack));
        Assert.Equal([$"FB {One} {Two} PLI"], RtcpText.Read(RtcpSamples.PictureLoss));
        Assert.Equal([$"FB {One} 0 FIR {Two}#7"], RtcpText.Read(RtcpSamples.FullIntra));
        Assert.Equal([$"FB {One} 0 REMB 1000000 {Two},{0x33333333}"], RtcpText.Read(RtcpSamples.Remb));
        Assert.Equal(
            [$"FB {One} {Two} TWCC 65534+22 5 #9 65534@1281 65535@1283 0@1286 2@1290 3@1295 14@1301 15@1291"],
            RtcpText.Read(RtcpSamples.TransportWide));
    }

    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_input_is_read_as_a_slow_reader_of_its_own_reads_it()
    {
        Fuzz.Readings(
            RtcpSamples.All,
            input =>
            {
                var read = RtcpText.Read(input);
                Assert.Equal(NaiveRtcp.Read(input.ToArray()), read);
                // What it is made of, without the values.
                var way = default(HashCode);
                foreach (var letter in read is null ? "" : string.Concat(read))
                {
                    if (!char.IsAsciiHexDigit(letter))
                        way.Add(letter);
                }

                return way;
            },
            rounds: 20_000);
    }

    [Fact]
    public void Padding_is_allowed_at_the_end_of_a_compound_only()
    {
        byte[] padded = [.. RtcpSamples.PictureLoss, 0, 0, 0, 4];
        padded[0] |= 0x20;
        padded[3]++;
        Assert.Equal([$"FB {One} {Two} PLI"], RtcpText.Read(padded));
        Assert.Null(RtcpText.Read([.. padded, .. RtcpSamples.PictureLoss]));
        Assert.NotNull(RtcpText.Read([.. RtcpSamples.PictureLoss, .. padded]));
    }

    [Fact]
    public void Reports_that_are_written_are_read_again()
    {
        Fuzz.Cases(300, random =>
        {
            var buffer = new byte[2000];
            var writer = new RtcpWriter(buffer);
            var information = new SenderInformation(Random32(random), (ulong)random.NextInt64(), Random32(random), Random32(random), Random32(random));
            var blocks = Enumerable.Range(0, random.Next(32)).Select(_ => RandomBlock(random)).ToArray();
            var name = Fuzz.Bytes(random, random.Next(256));
            Assert.True(writer.TryAddSenderReport(information, blocks));
            Assert.True(writer.TryAddReceiverReport(5, blocks.AsSpan(0, blocks.Length / 2)));
            var before = writer.Length;
            Assert.True(writer.TryAddCanonicalName(information.Ssrc, name) || writer.Length == before);
            Assert.True(writer.TryAddGoodbye([1, 2, 3]) || writer.Length > 1900);

            Assert.True(RtcpCompound.TryParse(buffer.AsSpan(0, writer.Length), out var compound));
            Assert.True(compound.MoveNext());
            Assert.True(SenderReport.TryParse(compound.Current, out var sender));
            Assert.Equal(information, sender.Information);
            Assert.Equal(blocks, Blocks(sender.Reports));
            Assert.True(compound.MoveNext());
            Assert.True(ReceiverReport.TryParse(compound.Current, out var receiver));
            Assert.Equal(blocks[..(blocks.Length / 2)], Blocks(receiver.Reports));
            while (compound.MoveNext())
            {
                if (!SourceDescription.TryParse(compound.Current, out var description))
                    continue;
                Assert.True(description.MoveNext());
                Assert.Equal(name, description.Current.Text.ToArray());
                Assert.Equal(SourceDescriptionItemType.CanonicalName, description.Current.Type);
                Assert.False(description.MoveNext());
            }

            Assert.Equal(NaiveRtcp.Read(buffer[..writer.Length]), RtcpText.Read(buffer.AsSpan(0, writer.Length)));
        });
    }

    [Fact]
    public void Losses_beyond_24_bits_are_written_as_the_nearest_that_fits()
    {
        foreach (var (lost, written) in new[] { (int.MaxValue, 0x7FFFFF), (int.MinValue, -0x800000), (-1, -1) })
        {
            var buffer = new byte[100];
            var writer = new RtcpWriter(buffer);
            Assert.True(writer.TryAddReceiverReport(1, [new ReportBlock(1, 0, lost, 0, 0, 0, 0)]));
            Assert.Contains($"[1 0 {written} ", RtcpText.Read(buffer.AsSpan(0, writer.Length))![0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Feedback_that_is_written_is_read_again()
    {
        Fuzz.Cases(300, random =>
        {
            var buffer = new byte[2000];
            var writer = new RtcpWriter(buffer);
            var first = random.Next(65536);
            var lost = Enumerable.Range(first, 200).Where(_ => random.Next(6) == 0).Select(number => (ushort)number).ToArray();
            var rate = (ulong)random.NextInt64() >> random.Next(63);
            Assert.Equal(lost.Length > 0, writer.TryAddNack(1, 2, lost));
            Assert.True(writer.TryAddPictureLossIndication(1, 2));
            Assert.True(writer.TryAddFullIntraRequest(1, [new(7, 8), new(9, 10)]));
            Assert.True(writer.TryAddReceiverEstimatedMaximumBitrate(1, rate, [3, 4]));

            var text = RtcpText.Read(buffer.AsSpan(0, writer.Length))!;
            Assert.Equal(NaiveRtcp.Read(buffer[..writer.Length]), text);
            if (lost.Length > 0)
                Assert.Equal("FB 1 2 NACK " + string.Join(',', lost), text[0]);
            Assert.Equal(["FB 1 2 PLI", "FB 1 0 FIR 7#8,9#10"], text[^3..^1]);
            var readRate = ulong.Parse(text[^1].Split(' ')[4], System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(readRate, rate - (rate >> 17), rate);
        });
    }

    [Fact]
    public void What_finds_no_room_changes_nothing()
    {
        for (var length = 0; length < 60; length++)
        {
            var buffer = new byte[length];
            var writer = new RtcpWriter(buffer);
            while (writer.TryAddPictureLossIndication(1, 2))
            {
            }

            Assert.Equal(length / 12 * 12, writer.Length);
            if (length < 28)
                Assert.False(writer.TryAddSenderReport(default, []));
            Assert.False(writer.TryAddGoodbye([1, 2, 3]) && length < 16);
            Assert.False(writer.TryAddTransportWideFeedback(new(1, 2, 0, 1), [new(1, 1)], out _) && length < 24);
            Assert.True(writer.Length <= length);
        }

        var large = new RtcpWriter(new byte[5000]);
        Assert.False(large.TryAddReceiverReport(1, new ReportBlock[32]));
        Assert.False(large.TryAddCanonicalName(1, new byte[256]));
        Assert.False(large.TryAddNack(1, 2, []));
        Assert.False(large.TryAddFullIntraRequest(1, []));
        Assert.Equal(0, large.Length);
    }

    [Fact]
    public void Reading_and_writing_allocates_nothing()
    {
        var buffer = new byte[500];
        var lost = new ushort[] { 1, 2, 30 };
        var blocks = new ReportBlock[2];
        var allocated = Allocation.Of(() =>
        {
            var writer = new RtcpWriter(buffer);
            var fine = writer.TryAddSenderReport(default, blocks) && writer.TryAddCanonicalName(1, "abcd"u8) && writer.TryAddNack(1, 2, lost)
                && writer.TryAddPictureLossIndication(1, 2) && writer.TryAddReceiverEstimatedMaximumBitrate(1, 2, []);
            var count = 0;
            fine &= RtcpCompound.TryParse(buffer.AsSpan(0, writer.Length), out var compound);
            foreach (var packet in compound)
            {
                if (SourceDescription.TryParse(packet, out var description))
                {
                    foreach (var item in description)
                        count += item.Text.Length;
                }

                if (FeedbackMessage.TryParse(packet, out var feedback) && GenericNack.TryParse(feedback, out var nack))
                {
                    foreach (var number in nack)
                        count += number;
                }
            }

            if (!fine || count != 4 + 33)
                throw new InvalidOperationException("what was written is not read");
        });
        Assert.Equal(0, allocated);
    }

    private static ReportBlock[] Blocks(ReportBlocks reports)
    {
        var blocks = new ReportBlock[reports.Count];
        for (var index = 0; index < blocks.Length; index++)
            blocks[index] = reports[index];
        return blocks;
    }

    private static ReportBlock RandomBlock(Random random) => new(
        Random32(random), (byte)random.Next(256), random.Next(-0x800000, 0x800000), Random32(random), Random32(random), Random32(random), Random32(random));

    private static uint Random32(Random random) => (uint)random.NextInt64(1L << 32);
}
