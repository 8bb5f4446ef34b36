using Tocsin.Testing;

namespace Tocsin.Rooms.Tests;

/// <summary>docs/protocol/identities.md.</summary>
public sealed class LogEntryTests
{
    private static readonly IdentityVectors Vectors = IdentityVectors.Read();

    [Fact]
    public void Statements_of_the_web_client_are_read_verified_and_chained_alike()
    {
        var head = LogHead.Empty;
        foreach (var (index, text) in Vectors.Entries.Index())
        {
            var bytes = Convert.FromHexString(text);
            Assert.True(LogEntry.TryRead(bytes, out var entry, out _));
            Assert.Equal((StatementKind)(index + 1), entry.Kind);
            Assert.Equal(Vectors.Account, Convert.ToHexStringLower(entry.Account));
            Assert.Equal(Vectors.IdentityKey, Convert.ToHexStringLower(entry.IdentityKey));
            Assert.Equal(index == 0 ? "" : Vectors.Device, Convert.ToHexStringLower(entry.Device));
            head = LogHead.At(head.Number, head.Hash).Append(bytes);
            Assert.Equal(Vectors.Hashes[index], Convert.ToHexStringLower(head.Hash));
        }

        Assert.Equal(3UL, head.Number);
    }

    [Fact]
    public void Times_and_keys_stand_where_the_format_has_them()
    {
        Assert.True(PublishedIdentity.TryRead(Convert.FromHexString(Vectors.Entries[0]).AsSpan(4), out var identity));
        Assert.Equal(1_700_000_000_000UL, identity.CreatedAtUnixMilliseconds);
        Assert.Equal(1216, identity.SealingKey.Length);
        Assert.True(DeviceRevocation.TryRead(Convert.FromHexString(Vectors.Entries[2]).AsSpan(4), out var revocation));
        Assert.Equal(1_700_000_000_002UL, revocation.RevokedAtUnixMilliseconds);
    }

    [Fact]
    public void An_entry_cut_anywhere_or_with_a_byte_more_is_malformed()
    {
        foreach (var bytes in Vectors.Entries.Select(Convert.FromHexString))
        {
            for (var length = 0; length < bytes.Length; length++) Assert.Equal(LogRefusal.MalformedEntry, RefusalOf(bytes.AsSpan(0, length)));
            Assert.Equal(LogRefusal.MalformedEntry, RefusalOf([.. bytes, 0]));
        }
    }

    [Fact]
    public void An_entry_changed_in_any_byte_is_refused()
    {
        var random = TestSeed.Random();
        foreach (var bytes in Vectors.Entries.Select(Convert.FromHexString))
        {
            for (var index = 0; index < bytes.Length; index++)
            {
                var changed = bytes.ToArray();
                changed[index] ^= (byte)random.Next(1, 256);
                Assert.NotEqual(LogRefusal.None, RefusalOf(changed));
            }
        }
    }

    [Fact]
    public void A_statement_of_another_length_or_version_is_told_from_one_that_is_wrongly_signed()
    {
        byte[] identity = [1, 1, 0, 2, 1, 0];
        byte[] certificate = [1, 2, 0, 2, 1, 0];
        byte[] revocation = [1, 3, 0, 2, 1, 0];
        Assert.Equal("malformed-identity", RefusalOf(identity).Code());
        Assert.Equal("malformed-certificate", RefusalOf(certificate).Code());
        Assert.Equal("malformed-certificate", RefusalOf(revocation).Code());
        Assert.Equal("malformed-entry", RefusalOf([1, 4, 0, 0]).Code());
        Assert.Equal("malformed-entry", RefusalOf([2, 1, 0, 0]).Code());
        var wronglySigned = Convert.FromHexString(Vectors.Entries[1]);
        wronglySigned[^1] ^= 1;
        Assert.Equal("bad-signature", RefusalOf(wronglySigned).Code());
    }

    [Fact]
    public void Random_bytes_are_refused_without_an_exception()
    {
        var random = TestSeed.Random();
        int[] lengths = [PublishedIdentity.Length, DeviceCertificate.Length, DeviceRevocation.Length];
        for (var round = 0; round < 20_000; round++)
        {
            // Half of them are right but for what was signed, or almost.
            var kind = random.Next(1, 5);
            var length = random.Next(2) == 0 ? random.Next(200) : lengths[random.Next(3)];
            var bytes = new byte[4 + length];
            random.NextBytes(bytes);
            if (random.Next(2) == 0) (bytes[0], bytes[1], bytes[2], bytes[3]) = (1, (byte)kind, (byte)(length >> 8), (byte)length);
            if (bytes.Length > 4 && random.Next(2) == 0) bytes[4] = 1;
            Assert.NotEqual(LogRefusal.None, RefusalOf(bytes));
        }
    }

    [Fact]
    public void A_backup_says_whose_it_is_and_what_opens_it_and_nothing_else_is_one()
    {
        var backup = Convert.FromHexString(Vectors.Backup);
        Assert.True(BackupHeader.TryRead(backup, out var header));
        Assert.Equal(BackupKind.RecoveryCode, header.Kind);
        Assert.Equal(Vectors.Account, Convert.ToHexStringLower(header.Account));
        for (var length = 0; length < backup.Length; length++) Assert.False(BackupHeader.TryRead(backup.AsSpan(0, length), out _));
        Assert.False(BackupHeader.TryRead([.. backup, 0], out _));
        backup[1] = 3;
        Assert.False(BackupHeader.TryRead(backup, out _));
    }

    private static LogRefusal RefusalOf(ReadOnlySpan<byte> bytes)
    {
        LogEntry.TryRead(bytes, out _, out var refusal);
        return refusal;
    }
}
