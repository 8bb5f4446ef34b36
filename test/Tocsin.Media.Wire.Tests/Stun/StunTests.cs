using System.Security.Cryptography;
using System.Text;
using Tocsin.Media.Wire.Stun;
using Tocsin.Testing;

namespace Tocsin.Media.Wire.Tests.Stun;

public sealed class StunTests
{
    private static readonly byte[] Transaction = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    [Fact]
    public void The_request_of_rfc_5769_section_2_1_is_read()
    {
        Assert.True(StunMessage.TryParse(StunVectors.Request, out var message));
        Assert.Equal(StunClass.Request, message.Class);
        Assert.Equal(StunMethod.Binding, message.Method);
        Assert.Equal("B7E7A701BC34D686FA87DFAE", Convert.ToHexString(message.TransactionId));
        Assert.True(message.TryFind(StunAttributeType.Software, out var software));
        Assert.Equal("STUN test client", Encoding.UTF8.GetString(software));
        Assert.True(message.TryGetUsername(out var username));
        Assert.Equal("evtj:h6vY", Encoding.UTF8.GetString(username));
        Assert.True(message.TryGetPriority(out var priority));
        Assert.Equal(0x6E0001FFu, priority);
        Assert.True(message.TryGetIceControlled(out var tieBreaker));
        Assert.Equal(0x932FF9B151263B36u, tieBreaker);
        Assert.False(message.TryGetIceControlling(out _));
        Assert.False(message.HasUseCandidate);
        Assert.True(message.HasValidIntegrity(StunVectors.Password));
        Assert.True(message.HasValidFingerprint());
    }

    [Fact]
    public void The_responses_of_rfc_5769_sections_2_2_and_2_3_are_read()
    {
        Assert.True(StunMessage.TryParse(StunVectors.ResponseIPv4, out var four));
        Assert.Equal(StunClass.SuccessResponse, four.Class);
        Assert.True(four.TryGetXorMappedAddress(out var address));
        Assert.Equal("192.0.2.1:32853", address.ToEndPoint().ToString());
        Assert.True(four.HasValidIntegrity(StunVectors.Password) && four.HasValidFingerprint());

        Assert.True(StunMessage.TryParse(StunVectors.ResponseIPv6, out var six));
        Assert.True(six.TryGetXorMappedAddress(out address));
        Assert.Equal("[2001:db8:1234:5678:11:2233:4455:6677]:32853", address.ToEndPoint().ToString());
        Assert.True(six.HasValidIntegrity(StunVectors.Password) && six.HasValidFingerprint());
    }

    [Fact]
    public void The_long_term_request_of_rfc_5769_section_2_4_is_read()
    {
        Assert.True(StunMessage.TryParse(StunVectors.LongTermRequest, out var message));
#pragma warning disable CA5351 // The vector's own derivation.
        var key = MD5.HashData(Encoding.UTF8.GetBytes("マトリックス:example.org:TheMatrIX"));
#pragma warning restore CA5351
        Assert.True(message.HasValidIntegrity(key));
        Assert.False(message.HasValidFingerprint());
    }

    [Fact]
    public void A_wrong_password_or_any_turned_bit_is_found_out()
    {
        for (var bit = 0; bit < 8 * StunVectors.Request.Length; bit++)
        {
            var changed = (byte[])StunVectors.Request.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(StunMessage.TryParse(changed, out var message) && message.HasValidFingerprint());
            // The fingerprint is not covered by the integrity.
            if (bit < 8 * (changed.Length - 8))
                Assert.False(StunMessage.TryParse(changed, out message) && message.HasValidIntegrity(StunVectors.Password));
        }

        Assert.True(StunMessage.TryParse(StunVectors.Request, out var right));
        Assert.False(right.HasValidIntegrity("VOkJxbRl1RmTxUk/WvJxBT"u8));
    }

    [Fact]
    public void A_message_cut_anywhere_is_refused()
    {
        foreach (var vector in StunVectors.All)
        {
            for (var length = 0; length < vector.Length; length++)
                Assert.False(StunMessage.TryParse(vector.AsSpan(0, length).ToArray(), out _));
        }
    }

    [Fact]
    public void What_follows_the_integrity_is_ignored_because_anybody_may_have_added_it()
    {
        var buffer = new byte[200];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Transaction);
        writer.AddMessageIntegrity(StunVectors.Password);
        writer.AddUseCandidate();
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out var written));
        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, written), out var message));
        Assert.True(message.HasValidIntegrity(StunVectors.Password) && message.HasValidFingerprint());
        Assert.False(message.HasUseCandidate);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        Fuzz.Cases(500, random =>
        {
            var buffer = new byte[600];
            var transaction = Fuzz.Bytes(random, 12);
            var messageClass = (StunClass)random.Next(4);
            var method = (ushort)random.Next(0x1000);
            var username = Fuzz.Bytes(random, random.Next(1, 100));
            var (priority, tieBreaker, code) = ((uint)random.Next(), (ulong)random.NextInt64(), random.Next(300, 700));
            var address = random.Next(2) == 0
                ? TransportAddress.IPv4((uint)random.Next(), (ushort)random.Next(65536))
                : TransportAddress.IPv6(new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()), (ushort)random.Next(65536));
            var key = Fuzz.Bytes(random, 22);

            var writer = new StunWriter(buffer, messageClass, method, transaction);
            writer.AddUsername(username);
            writer.AddPriority(priority);
            writer.AddIceControlling(tieBreaker);
            writer.AddUseCandidate();
            writer.AddXorMappedAddress(address);
            writer.AddErrorCode(code, "why"u8);
            writer.AddUnknownAttributes([0x7001, 0x7002, 0x7003]);
            writer.AddMessageIntegrity(key);
            writer.AddFingerprint();
            Assert.True(writer.TryFinish(out var written));

            Assert.True(StunMessage.TryParse(buffer.AsSpan(0, written), out var message));
            Assert.Equal((messageClass, method), (message.Class, message.Method));
            Assert.Equal(transaction, message.TransactionId.ToArray());
            Assert.True(message.TryGetUsername(out var readUsername));
            Assert.Equal(username, readUsername.ToArray());
            Assert.True(message.TryGetPriority(out var readPriority));
            Assert.True(message.TryGetIceControlling(out var readTieBreaker));
            Assert.True(message.TryGetXorMappedAddress(out var readAddress));
            Assert.True(message.TryGetErrorCode(out var readCode, out var reason));
            Assert.Equal((priority, tieBreaker, address, code), (readPriority, readTieBreaker, readAddress, readCode));
            Assert.Equal("why", Encoding.UTF8.GetString(reason));
            Assert.True(message.HasUseCandidate);
            Assert.True(message.HasValidIntegrity(key) && message.HasValidFingerprint());
        });
    }

    [Fact]
    public void Attributes_that_must_be_understood_and_are_not_are_listed()
    {
        var buffer = new byte[100];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Transaction);
        writer.Add((StunAttributeType)0x7001, [1]);
        writer.AddPriority(1);
        writer.Add((StunAttributeType)0xC001, [1]);
        writer.Add((StunAttributeType)0x7002, default);
        Assert.True(writer.TryFinish(out var written));
        Assert.True(StunMessage.TryParse(buffer.AsSpan(0, written), out var message));
        Span<ushort> unknown = stackalloc ushort[4];
        Assert.Equal([0x7001, 0x7002], unknown[..message.CopyUnknownAttributes(unknown)].ToArray());
        Assert.Equal(1, message.CopyUnknownAttributes(unknown[..1]));
    }

    [Fact]
    public void A_buffer_that_is_too_small_makes_the_message_fail_not_throw()
    {
        for (var length = 0; length < 20 + 16 + 4 + 24 + 8; length++)
        {
            var writer = new StunWriter(new byte[length], StunClass.Request, StunMethod.Binding, Transaction);
            writer.AddUsername("abcd:efgh"u8);
            writer.AddUseCandidate();
            writer.AddMessageIntegrity(StunVectors.Password);
            writer.AddFingerprint();
            Assert.False(writer.TryFinish(out var written));
            Assert.Equal(0, written);
        }
    }

    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_input_is_read_as_a_slow_reader_of_its_own_reads_it()
    {
        Fuzz.Readings(StunVectors.All, input =>
        {
            var way = default(HashCode);
            var naive = NaiveStun.Read(input.ToArray());
            Assert.Equal(naive is not null, StunMessage.TryParse(input, out var message));
            if (naive is null)
                return way;
            Assert.Equal((naive.Class, naive.Method), ((int)message.Class, message.Method));
            var attributes = new List<(int, string)>();
            foreach (var attribute in message.Attributes)
                attributes.Add(((int)attribute.Type, Convert.ToHexString(attribute.Value)));
            Assert.Equal(naive.Attributes, attributes);
            // None of these may throw, whatever the values are.
            _ = message.TryGetUsername(out _) | message.TryGetPriority(out _) | message.TryGetErrorCode(out _, out _)
                | message.TryGetXorMappedAddress(out _) | message.TryGetIceControlled(out _) | message.HasValidIntegrity(StunVectors.Password)
                | message.HasValidFingerprint();
            way.Add((naive.Class, attributes.Count));
            foreach (var attribute in message.Attributes)
                way.Add((Enum.IsDefined(attribute.Type) ? attribute.Type : default, attribute.Value.Length % 4));
            return way;
        });
    }

    [Fact]
    public void Checking_a_request_and_answering_it_allocates_nothing()
    {
        var buffer = new byte[200];
        var allocated = Allocation.Of(() =>
        {
            var fine = StunMessage.TryParse(StunVectors.Request, out var request) && request.HasValidFingerprint()
                && request.HasValidIntegrity(StunVectors.Password) && request.TryGetUsername(out _);
            Span<ushort> unknown = stackalloc ushort[4];
            fine &= request.CopyUnknownAttributes(unknown) == 0;
            var writer = new StunWriter(buffer, StunClass.SuccessResponse, StunMethod.Binding, request.TransactionId);
            writer.AddXorMappedAddress(TransportAddress.IPv4(0x7F000001, 5000));
            writer.AddMessageIntegrity(StunVectors.Password);
            writer.AddFingerprint();
            if (!fine || !writer.TryFinish(out _))
                throw new InvalidOperationException("the vector is no longer read");
        });
        Assert.Equal(0, allocated);
    }
}
