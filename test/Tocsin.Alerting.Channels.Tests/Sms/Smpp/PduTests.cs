using System.Text;
using Tocsin.Alerting.Channels.Sms.Smpp;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms.Smpp;

public sealed class PduTests
{
    /// <summary>A submit_sm built by hand from SMPP 3.4 section 4.4.1, octet by octet.</summary>
    private static readonly byte[] SubmitOfHand =
    [
        0x00, 0x00, 0x00, 0x41, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07,
        0x00, // service_type
        0x03, 0x00, (byte)'3', (byte)'8', (byte)'0', 0x00, // source: network specific
        0x01, 0x01, (byte)'3', (byte)'3', (byte)'6', (byte)'1', (byte)'2', 0x00, // destination: international, ISDN
        0x00, 0x00, 0x00, // esm_class, protocol_id, priority_flag
        0x00, // schedule_delivery_time
        (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'1', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'0', (byte)'R', 0x00,
        0x01, 0x00, 0x00, 0x00, // registered_delivery, replace_if_present, data_coding, sm_default_msg_id
        0x02, (byte)'O', (byte)'K',
        0x02, 0x04, 0x00, 0x02, 0x00, 0x2A, // user_message_reference: 42
    ];

    [Fact]
    public void Submit_sm_of_the_standards_layout_is_read_field_by_field()
    {
        Assert.True(PduHeader.TryParse(SubmitOfHand, out var header));
        Assert.Equal(new PduHeader(SubmitOfHand.Length, CommandId.SubmitSm, CommandStatus.Ok, 7), header);
        Assert.True(ShortMessage.TryParse(SubmitOfHand.AsSpan(PduHeader.Size), out var message));
        Assert.Equal("380", Encoding.ASCII.GetString(message.Source.Value));
        Assert.Equal((3, 0), (message.Source.Ton, message.Source.Npi));
        Assert.Equal("33612", Encoding.ASCII.GetString(message.Destination.Value));
        Assert.Equal("000000010000000R", Encoding.ASCII.GetString(message.ValidityPeriod));
        Assert.Equal(1, message.RegisteredDelivery);
        Assert.Equal("OK", Encoding.ASCII.GetString(message.UserData));
        Assert.True(message.Optional.TryGet(OptionalTag.UserMessageReference, out var reference));
        Assert.Equal([0x00, 0x2A], reference.ToArray());
    }

    [Fact]
    public void What_was_read_is_written_back_octet_by_octet()
    {
        Assert.True(ShortMessage.TryParse(SubmitOfHand.AsSpan(PduHeader.Size), out var message));
        var written = new byte[SubmitOfHand.Length];

        Assert.True(message.TryWrite(written, CommandId.SubmitSm, 7, out var length));

        Assert.Equal(SubmitOfHand, written[..length]);
    }

    [Fact]
    public void Any_message_that_is_written_is_read_equal()
    {
        var random = TestSeed.Random();
        var buffer = new byte[PduHeader.LongestPdu];
        for (var i = 0; i < 5_000; i++)
        {
            var made = RandomMessage.Make(random);
            Assert.True(made.AsPdu().TryWrite(buffer, CommandId.DeliverSm, (uint)i, out var length));
            Assert.True(PduHeader.TryParse(buffer, out var header));
            Assert.Equal(length, header.Length);
            Assert.True(ShortMessage.TryParse(buffer.AsSpan(PduHeader.Size, length - PduHeader.Size), out var read));
            made.AssertEqual(read);
        }
    }

    [Fact]
    public void Any_bind_that_is_written_is_read_equal()
    {
        var random = TestSeed.Random();
        var buffer = new byte[256];
        for (var i = 0; i < 1_000; i++)
        {
            byte[] systemId = RandomMessage.Text(random, 15), password = RandomMessage.Text(random, 8), systemType = RandomMessage.Text(random, 12);
            var bind = new BindTransceiver { SystemId = systemId, Password = password, SystemType = systemType, InterfaceVersion = 0x34 };
            Assert.True(bind.TryWrite(buffer, 9, out var length));
            Assert.True(BindTransceiver.TryParse(buffer.AsSpan(PduHeader.Size, length - PduHeader.Size), out var read));
            Assert.Equal(systemId, read.SystemId.ToArray());
            Assert.Equal(password, read.Password.ToArray());
            Assert.Equal(systemType, read.SystemType.ToArray());
            Assert.Equal(0x34, read.InterfaceVersion);
        }
    }

    [Fact]
    public void Message_cut_at_any_octet_is_refused()
    {
        var random = TestSeed.Random();
        var buffer = new byte[PduHeader.LongestPdu];
        for (var i = 0; i < 200; i++)
        {
            // Without optional parameters: a cut just before one leaves a message that is whole.
            var made = RandomMessage.Make(random) with { Optional = [] };
            Assert.True(made.AsPdu().TryWrite(buffer, CommandId.DeliverSm, 1, out var length));
            var body = buffer.AsSpan(PduHeader.Size, length - PduHeader.Size);
            for (var cut = 0; cut < body.Length; cut++)
                Assert.False(ShortMessage.TryParse(body[..cut], out _), $"cut at {cut} of {body.Length}");
        }
    }

    [Fact]
    public void Optional_parameter_cut_at_any_octet_is_refused()
    {
        byte[] octets = [0x00, 0x1E, 0x00, 0x03, (byte)'a', (byte)'b', 0x00];
        Assert.True(OptionalParameters.TryParse(octets, out var parameters));
        Assert.True(parameters.TryGet(OptionalTag.ReceiptedMessageId, out _));
        for (var cut = 1; cut < octets.Length; cut++)
            Assert.False(OptionalParameters.TryParse(octets.AsSpan(0, cut), out _));
    }

    [Fact]
    public void Name_of_an_answer_may_be_missing_or_unended_but_not_endless()
    {
        Assert.True(NamedResponse.TryParse([], out var none));
        Assert.True(none.Name.IsEmpty);
        Assert.True(NamedResponse.TryParse("abc"u8, out var unended));
        Assert.Equal("abc", Encoding.ASCII.GetString(unended.Name));
        Assert.True(NamedResponse.TryParse("abc\0"u8, out var ended));
        Assert.Equal("abc", Encoding.ASCII.GetString(ended.Name));
        Assert.False(NamedResponse.TryParse(Enumerable.Repeat((byte)'a', 65).ToArray(), out _));
        Assert.False(NamedResponse.TryParse([.. Enumerable.Repeat((byte)'a', 65), 0], out _));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(15u)]
    [InlineData((uint)PduHeader.LongestPdu + 1)]
    [InlineData(uint.MaxValue)]
    public void Length_that_cannot_be_one_breaks_the_stream(uint length)
    {
        var frames = new InboundFrames();
        byte[] octets = [(byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. new byte[12]];
        octets.CopyTo(frames.Room);
        frames.Received(octets.Length);

        Assert.Equal(FrameEnd.Broken, frames.TryTake(out _, out _));
    }

    [Fact]
    public void Field_that_is_too_long_is_not_written()
    {
        var buffer = new byte[PduHeader.LongestPdu];
        Assert.False(new ShortMessage { UserData = new byte[255] }.TryWrite(buffer, CommandId.SubmitSm, 1, out _));
        Assert.False(new ShortMessage { Source = new SmppAddress { Value = "123456789012345678901"u8 } }.TryWrite(buffer, CommandId.SubmitSm, 1, out _));
        Assert.False(new ShortMessage { ServiceType = "a\0b"u8 }.TryWrite(buffer, CommandId.SubmitSm, 1, out _));
        Assert.False(new ShortMessage { UserData = new byte[200] }.TryWrite(buffer.AsSpan(0, 220), CommandId.SubmitSm, 1, out _));
        Assert.False(default(ShortMessage).TryWrite(buffer.AsSpan(0, 10), CommandId.SubmitSm, 1, out _));
    }

    /// <summary>Whatever arrives: no exception, nothing outside of the input, and what is read as whole is written back as it was.</summary>
    [Fact]
    public void Random_octets_and_mangled_messages_are_refused_or_read_as_they_are()
    {
        var random = TestSeed.Random();
        var buffer = new byte[PduHeader.LongestPdu];
        var again = new byte[PduHeader.LongestPdu];
        for (var i = 0; i < 50_000; i++)
        {
            var length = Mangle(random, buffer);
            var body = buffer.AsSpan(PduHeader.Size, length - PduHeader.Size);
            _ = BindTransceiver.TryParse(body, out _);
            _ = NamedResponse.TryParse(body, out _);
            if (!ShortMessage.TryParse(body, out var message))
                continue;
            _ = DeliveredMessage.Read(message, "FR");
            Assert.True(message.TryWrite(again, CommandId.DeliverSm, 1, out var written));
            Assert.True(body.SequenceEqual(again.AsSpan(PduHeader.Size, written - PduHeader.Size)));
        }
    }

    /// <summary>The oracle is the writer: what is read as whole is written back octet by octet.</summary>
    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_input_that_is_read_is_written_back_as_it_was()
    {
        var random = new Random(1);
        var again = new byte[2 * PduHeader.LongestPdu];
        byte[][] made = [.. Enumerable.Range(0, 6).Select(_ =>
        {
            Assert.True(RandomMessage.Make(random).AsPdu().TryWrite(again, CommandId.DeliverSm, 1, out var length));
            return again[..length];
        })];
        Assert.True(new BindTransceiver { SystemId = "tocsin"u8, Password = "secret"u8, InterfaceVersion = BindTransceiver.Version34 }.TryWrite(again, 2, out var bound));
        byte[] bind = again[..bound];
        Assert.True(new NamedResponse { Name = "4f2a"u8 }.TryWrite(again, CommandId.SubmitSmResponse, CommandStatus.Ok, 3, out var answered));
        Fuzz.Readings([SubmitOfHand, .. made, bind, again[..answered]], input =>
        {
            var way = default(HashCode);
            var isPdu = PduHeader.TryParse(input, out var header);
            if (isPdu)
            {
                Assert.True(header.TryWrite(again));
                Assert.Equal(input[..PduHeader.Size].ToArray(), again[..PduHeader.Size]);
            }

            var body = input.Length > PduHeader.Size ? input[PduHeader.Size..] : input;
            var isBind = BindTransceiver.TryParse(body, out _);
            var isName = NamedResponse.TryParse(body, out var named);
            Assert.True(!isName || named.Name.Length <= NamedResponse.LongestName);
            var isMessage = ShortMessage.TryParse(body, out var message);
            if (isMessage)
            {
                Assert.True(message.TryWrite(again, CommandId.DeliverSm, 1, out var written));
                Assert.Equal(body.ToArray(), again[PduHeader.Size..written]);
                var delivered = DeliveredMessage.Read(message, "FR");
                way.Add((delivered.Receipt?.State, delivered.Reply is null, delivered.Reply?.Part is null, message.UserData.IsEmpty, message.Optional.Octets.IsEmpty));
            }

            way.Add((isPdu, isBind, isName, isMessage));
            return way;
        });
    }

    [Fact]
    public void Stream_cut_into_any_pieces_gives_the_same_messages()
    {
        var random = TestSeed.Random();
        var stream = new List<byte>();
        var buffer = new byte[PduHeader.LongestPdu];
        for (uint n = 1; n <= 300; n++)
        {
            Assert.True(RandomMessage.Make(random).AsPdu().TryWrite(buffer, CommandId.DeliverSm, n, out var length));
            stream.AddRange(buffer.AsSpan(0, length));
        }

        var frames = new InboundFrames();
        uint seen = 0;
        for (var at = 0; at < stream.Count;)
        {
            var piece = Math.Min(random.Next(1, 700), stream.Count - at);
            stream.GetRange(at, piece).ToArray().CopyTo(frames.Room);
            frames.Received(piece);
            at += piece;
            while (frames.TryTake(out var header, out var body) == FrameEnd.Whole)
            {
                Assert.Equal(++seen, header.Sequence);
                Assert.True(ShortMessage.TryParse(body, out _));
            }
        }

        Assert.Equal(300u, seen);
    }

    private static int Mangle(Random random, byte[] buffer)
    {
        if (random.Next(4) == 0)
        {
            var random16 = random.Next(PduHeader.Size, 400);
            random.NextBytes(buffer.AsSpan(0, random16));
            return random16;
        }

        Assert.True(RandomMessage.Make(random).AsPdu().TryWrite(buffer, CommandId.DeliverSm, 1, out var length));
        for (var changes = random.Next(4); changes >= 0; changes--)
            buffer[random.Next(PduHeader.Size, length)] = (byte)random.Next(256);
        return random.Next(3) == 0 ? random.Next(PduHeader.Size, length + 1) : length;
    }
}
