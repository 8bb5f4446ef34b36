using Tocsin.Testing;

namespace Tocsin.Rooms.Tests;

/// <summary>docs/protocol/rooms.md.</summary>
public sealed class RoomEntryTests
{
    private static readonly RoomVectors Vectors = RoomVectors.Read();

    [Fact]
    public void Entries_of_the_web_client_are_read_verified_and_chained_alike()
    {
        Assert.True(DeviceCertificate.TryRead(Convert.FromHexString(Vectors.Certificate), out var certificate));
        var chain = RoomChain.Begin(Convert.FromHexString(Vectors.Room));
        Assert.Equal(Vectors.FirstHash, Convert.ToHexStringLower(chain.Hash));
        foreach (var (index, vector) in Vectors.Entries.Index())
        {
            var bytes = Convert.FromHexString(vector.Entry);
            Assert.True(RoomEntry.TryParse(bytes, out var entry, out _));
            Assert.Equal(Vectors.Room, Convert.ToHexStringLower(entry.Room));
            Assert.Equal(Vectors.Device, Convert.ToHexStringLower(entry.Device));
            Assert.Equal(vector.Id, Convert.ToHexStringLower(entry.Id));
            Assert.Equal(vector.Class, (byte)entry.Class);
            Assert.Equal(vector.Era, entry.Era);
            Assert.Equal(vector.PayloadLength, entry.Payload.Length);
            Assert.Equal(index == 3 ? ulong.MaxValue : (ulong)index + 1, entry.DeviceSeq);
            Assert.Equal((ulong)index, entry.SeenSeq);
            Assert.True(entry.SeenHash.SequenceEqual(chain.Hash));
            Assert.True(entry.IsSignedBy(certificate.DeviceKey));
            Assert.False(entry.IsSignedBy(certificate.IdentityKey));
            chain = chain.Append(bytes);
            Assert.Equal(vector.ChainHash, Convert.ToHexStringLower(chain.Hash));
        }
        Assert.Equal((ulong)Vectors.Entries.Count, chain.Seq);
    }

    [Fact]
    public void An_entry_cut_anywhere_or_with_a_byte_more_is_malformed()
    {
        var bytes = Convert.FromHexString(Vectors.Entries[1].Entry);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(RoomEntry.TryParse(bytes.AsSpan(0, length), out _, out var refusal));
            Assert.Equal("malformed-entry", refusal.Code());
        }
        Assert.False(RoomEntry.TryParse([.. bytes, 0], out _, out _));
    }

    [Fact]
    public void An_entry_changed_in_any_byte_is_refused_or_wrongly_signed()
    {
        Assert.True(DeviceCertificate.TryRead(Convert.FromHexString(Vectors.Certificate), out var certificate));
        var random = TestSeed.Random();
        var bytes = Vectors.FirstEntry;
        for (var index = 0; index < bytes.Length; index++)
        {
            var changed = bytes.ToArray();
            changed[index] ^= (byte)random.Next(1, 256);
            if (RoomEntry.TryParse(changed, out var entry, out _)) Assert.False(entry.IsSignedBy(certificate.DeviceKey));
        }
    }

    /// <summary>The oracle reads the layout of docs/protocol/rooms.md on its own, and knows what was signed.</summary>
    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_input_is_read_by_its_layout_and_verified_only_where_it_was_signed()
    {
        var certificateBytes = Convert.FromHexString(Vectors.Certificate);
        Assert.True(DeviceCertificate.TryRead(certificateBytes, out var certificate));
        var deviceKey = certificate.DeviceKey.ToArray();
        byte[][] signed = [.. Vectors.Entries.Select(vector => Convert.FromHexString(vector.Entry)).Where(entry => entry.Length < 2_000)];
        Fuzz.Readings([.. signed, certificateBytes], input =>
        {
            var bytes = input.ToArray();
            var hex = Convert.ToHexString(bytes);
            var isShaped = bytes.Length >= 169 && hex.StartsWith("01", StringComparison.Ordinal) && Convert.ToInt32(hex[204..210], 16) == bytes.Length - 169;
            var isParsed = RoomEntry.TryParse(bytes, out var entry, out var refusal);
            Assert.Equal(isShaped && bytes[97] is >= 1 and <= 5, isParsed);
            Assert.Equal(isShaped && !isParsed ? EntryRefusal.UnknownClass : isShaped ? EntryRefusal.None : EntryRefusal.Malformed, refusal);
            if (isParsed)
            {
                Assert.Equal(hex[210..^128], Convert.ToHexString(entry.Payload));
                Assert.Equal(signed.Any(known => known.AsSpan().SequenceEqual(bytes)), entry.IsSignedBy(deviceKey));
            }

            Assert.Equal(certificateBytes.AsSpan().SequenceEqual(bytes), DeviceCertificate.TryRead(bytes, out _));
            var way = default(HashCode);
            way.Add((refusal, isParsed ? bytes[97] : 0));
            return way;
        });
    }

    [Fact]
    public void Random_bytes_are_refused_without_an_exception_and_what_is_read_is_within_them()
    {
        var random = TestSeed.Random();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            if (bytes.Length > 105 && random.Next(2) == 0)
            {
                // Right but for what the rest says, or almost.
                (bytes[0], bytes[97], bytes[102], bytes[103], bytes[104]) = (1, (byte)random.Next(7), 0, 0, (byte)(bytes.Length - 169 + random.Next(-1, 2)));
            }
            if (RoomEntry.TryParse(bytes, out var entry, out var refusal))
                Assert.Equal(bytes.Length, RoomEntry.HeaderLength + 3 + entry.Payload.Length + entry.Signature.Length);
            else
                Assert.NotEqual(EntryRefusal.None, refusal);
            Assert.False(DeviceCertificate.TryRead(bytes, out _));
        }
    }

    [Fact]
    public void An_unknown_class_and_too_many_bytes_have_codes_of_their_own()
    {
        var bytes = Vectors.FirstEntry;
        bytes[97] = 6;
        Assert.False(RoomEntry.TryParse(bytes, out _, out var refusal));
        Assert.Equal("unknown-class", refusal.Code());
        Assert.False(RoomEntry.TryParse(new byte[RoomEntry.MaximumLength + 1], out _, out refusal));
        Assert.Equal("entry-too-long", refusal.Code());
    }

    [Fact]
    public void A_certificate_changed_in_any_byte_is_refused()
    {
        var bytes = Convert.FromHexString(Vectors.Certificate);
        Assert.True(DeviceCertificate.TryRead(bytes, out var certificate));
        Assert.Equal(Vectors.Account, Convert.ToHexStringLower(certificate.Account));
        Assert.Equal(1_700_000_000_000UL, certificate.IssuedAtUnixMilliseconds);
        for (var index = 0; index < bytes.Length; index++)
        {
            var changed = bytes.ToArray();
            changed[index] ^= 1;
            Assert.False(DeviceCertificate.TryRead(changed, out _));
            Assert.False(DeviceCertificate.TryRead(bytes.AsSpan(0, index), out _));
        }
    }

    /// <summary>RFC 8032 section 7.1, test 2.</summary>
    [Fact]
    public void Ed25519_is_that_of_the_standard()
    {
        var key = Convert.FromHexString("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        var signature = Convert.FromHexString(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        Assert.True(Ed25519.Verify(key, [0x72], signature));
        Assert.False(Ed25519.Verify(key, [0x73], signature));
        Assert.False(Ed25519.Verify(key, [0x72], signature.AsSpan(0, 63)));
        Assert.False(Ed25519.Verify(new byte[31], [0x72], signature));
        key.AsSpan().Fill(0xff);
        Assert.False(Ed25519.Verify(key, [0x72], signature));
    }
}
