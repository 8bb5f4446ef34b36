using Tocsin.Media.Wire.Rtp;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Rtp;

public sealed class HeaderExtensionTests
{
    /// <summary>As Chromium gives them.</summary>
    private static readonly HeaderExtensionMap Publisher = MapOf(
        (HeaderExtensionKind.AudioLevel, 1), (HeaderExtensionKind.AbsoluteSendTime, 2), (HeaderExtensionKind.TransportSequenceNumber, 3), (HeaderExtensionKind.Mid, 4),
        (HeaderExtensionKind.DependencyDescriptor, 13));

    private static readonly HeaderExtensionMap Subscriber = MapOf(
        (HeaderExtensionKind.Mid, 3), (HeaderExtensionKind.AbsoluteSendTime, 4), (HeaderExtensionKind.TransportSequenceNumber, 7), (HeaderExtensionKind.AudioLevel, 1),
        (HeaderExtensionKind.DependencyDescriptor, 20));

    private static readonly HeaderExtensionSet Taken = HeaderExtensionSet.Of(HeaderExtensionKind.AudioLevel, HeaderExtensionKind.DependencyDescriptor);

    [Fact]
    public void An_id_stands_for_one_extension_and_an_extension_has_one_id()
    {
        var map = new HeaderExtensionMap();
        Assert.True(map.TrySet(HeaderExtensionKind.Mid, 3));
        Assert.True(map.TrySet(HeaderExtensionKind.Mid, 3));
        Assert.False(map.TrySet(HeaderExtensionKind.Mid, 4));
        Assert.False(map.TrySet(HeaderExtensionKind.Rid, 3));
        Assert.False(map.TrySet(HeaderExtensionKind.Rid, 0));
        Assert.False(map.TrySet(HeaderExtensionKind.Rid, 15));
        Assert.False(map.TrySet(HeaderExtensionKind.None, 5));
        Assert.Equal(HeaderExtensionKind.Mid, map.KindOf(3));
        Assert.Equal(HeaderExtensionKind.None, map.KindOf(4));
        Assert.Equal(0, map.IdOf(HeaderExtensionKind.Rid));
    }

    [Fact]
    public void Every_kind_has_the_name_it_is_negotiated_by()
    {
        var names = typeof(HeaderExtensionUri).GetFields().ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);
        foreach (var kind in Enum.GetValues<HeaderExtensionKind>().Where(kind => kind != HeaderExtensionKind.None))
            Assert.Equal(kind, HeaderExtensionUri.ToKind(names[kind.ToString()]));
        Assert.Equal(HeaderExtensionKind.None, HeaderExtensionUri.ToKind("urn:none"));
    }

    [Fact]
    public void Extensions_pass_in_the_ids_of_the_receiver_and_only_those_that_are_meant_to()
    {
        var source = PacketWith((1, [0x85]), (2, [1, 2, 3]), (4, "0"u8.ToArray()), (9, [1]));
        Assert.True(RtpPacket.TryParse(source, out var packet));
        Assert.Equal(HeaderExtensionForm.OneByte, HeaderExtensionRewriting.FormFor(packet.Extensions, Publisher, Subscriber, Taken));
        Assert.Equal([(1, "85")], Rewritten(packet, HeaderExtensionForm.OneByte));
    }

    [Fact]
    public void An_id_or_a_length_beyond_the_one_byte_form_takes_the_other_form()
    {
        var source = PacketWith((1, [0x85]), (13, [1]));
        Assert.True(RtpPacket.TryParse(source, out var packet));
        Assert.Equal(HeaderExtensionForm.TwoByte, HeaderExtensionRewriting.FormFor(packet.Extensions, Publisher, Subscriber, Taken));
        Assert.Equal([(1, "85"), (20, "01")], Rewritten(packet, HeaderExtensionForm.TwoByte));
    }

    [Fact]
    public void An_audio_level_is_read_and_written_bit_for_bit()
    {
        for (var value = 0; value < 256; value++)
        {
            var written = new byte[1];
            Assert.True(AudioLevel.TryParse([(byte)value], out var level));
            Assert.Equal((value >= 128, value % 128), (level.HasVoice, level.DecibelsBelowOverload));
            Assert.True(level.TryWrite(written, out _));
            Assert.Equal(value, written[0]);
        }

        Assert.False(AudioLevel.TryParse([], out _));
        Assert.False(default(AudioLevel).TryWrite([], out _));
    }

    [Fact]
    public void An_absolute_send_time_is_seconds_in_6_18_bits()
    {
        Assert.Equal(1u << 18, AbsoluteSendTime.From(TimeSpan.FromSeconds(1)).Value);
        Assert.Equal(1u << 17, AbsoluteSendTime.From(TimeSpan.FromSeconds(64.5)).Value);
        Assert.Equal(63u << 18, AbsoluteSendTime.From(TimeSpan.FromSeconds(-1)).Value);
        Fuzz.Cases(300, random =>
        {
            var start = TimeSpan.FromMilliseconds(random.Next());
            var later = TimeSpan.FromMilliseconds(random.Next(-31_000, 31_000));
            Span<byte> written = stackalloc byte[3];
            Assert.True(AbsoluteSendTime.From(start + later).TryWrite(written, out _));
            Assert.True(AbsoluteSendTime.TryParse(written, out var read));
            Assert.Equal(later.TotalMilliseconds, AbsoluteSendTime.Distance(AbsoluteSendTime.From(start), read).TotalMilliseconds, 0.01);
        });
        Assert.False(AbsoluteSendTime.TryParse([1, 2], out _));
    }

    [Fact]
    public void A_token_is_1_to_16_characters_of_a_token()
    {
        Assert.True(StreamToken.TryParse("r0"u8, out var token));
        Assert.Equal("r0", token.ToString());
        Assert.True(StreamToken.TryParse("r0", out var same));
        Assert.Equal(token, same);
        Assert.True(StreamToken.TryParse("r0\0\0"u8, out same));
        Assert.Equal(token, same);
        Assert.True(StreamToken.TryParse("0123456789abcdef"u8, out _));
        Assert.NotEqual(token, default);
        foreach (var wrong in new[] { "", "\0", "a b", "0123456789abcdefg", "é", "a\0b", "a,b" })
            Assert.False(StreamToken.TryParse(System.Text.Encoding.UTF8.GetBytes(wrong), out _), wrong);
        Assert.False(StreamToken.TryParse("r0\0", out _));
        Span<byte> small = stackalloc byte[1];
        Assert.False(token.TryWrite(small, out _));
    }

    [Fact]
    public void Rewriting_allocates_nothing()
    {
        var source = PacketWith((1, [0x85]), (13, [1]), (4, "0"u8.ToArray()));
        var buffer = new byte[100];
        var allocated = Allocation.Of(() =>
        {
            if (!RtpPacket.TryParse(source, out var packet) || !Publisher.TryFind(packet.Extensions, HeaderExtensionKind.Mid, out var mid)
                || !StreamToken.TryParse(mid, out _) || !Rewrite(packet, HeaderExtensionForm.TwoByte, buffer, out _))
            {
                throw new InvalidOperationException("the sample is no longer read");
            }
        });
        Assert.Equal(0, allocated);
    }

    private static HeaderExtensionMap MapOf(params (HeaderExtensionKind Kind, byte Id)[] entries)
    {
        var map = new HeaderExtensionMap();
        foreach (var (kind, id) in entries)
            Assert.True(map.TrySet(kind, id));
        return map;
    }

    private static byte[] PacketWith(params (byte Id, byte[] Value)[] extensions)
    {
        var buffer = new byte[200];
        var writer = new RtpPacketWriter(buffer, new RtpFields(111, Marker: false, 1, 2, 3));
        foreach (var (id, value) in extensions)
            writer.AddExtension(id, value);
        writer.AddPayload([1, 2, 3]);
        Assert.True(writer.TryFinish(out var written));
        return buffer[..written];
    }

    private static List<(int Id, string Value)> Rewritten(in RtpPacket packet, HeaderExtensionForm form)
    {
        var buffer = new byte[200];
        Assert.True(Rewrite(packet, form, buffer, out var written));
        Assert.True(RtpPacket.TryParse(buffer.AsSpan(0, written), out var read));
        var list = new List<(int, string)>();
        foreach (var extension in read.Extensions)
            list.Add((extension.Id, Convert.ToHexString(extension.Value)));
        return list;
    }

    private static bool Rewrite(in RtpPacket packet, HeaderExtensionForm form, byte[] buffer, out int written)
    {
        var writer = new RtpPacketWriter(buffer, RtpFields.Of(packet.Header), form);
        HeaderExtensionRewriting.CopyTo(packet.Extensions, Publisher, Subscriber, Taken, ref writer);
        writer.AddPayload(packet.Payload);
        return writer.TryFinish(out written);
    }
}
