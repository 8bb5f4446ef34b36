using System.Globalization;
using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Backup;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests.Backup;

public abstract class BackupSpecification(StorageUnderTest storage, StorageUnderTest other)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_backup_restores_into_the_same_kind_of_database() => RoundTripAsync(storage);

    [Fact]
    public Task A_backup_restores_into_the_other_kind_of_database() => RoundTripAsync(other);

    [Fact]
    public async Task A_backup_taken_under_load_is_one_moment()
    {
        // Each command writes a setting and an event together; in a consistent snapshot their numbers agree.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writers = Enumerable.Range(0, 3).Select(writer => Task.Run(() => WriteUntilAsync($"load-{writer}-{Guid.NewGuid():N}", stop.Token), Cancellation)).ToArray();
        for (var i = 0; i < 5; i++)
        {
            using var archive = new MemoryStream();
            await Writer(storage).WriteAsync(archive, Cancellation);
            await using var restored = await RestoreAsync(archive, storage);
            await using var db = await ContextAsync(restored);
            var settings = await db.Set<SettingRecord>().CountAsync(s => s.Key.StartsWith("load-"), Cancellation);
            var events = await db.Set<EventRecord>().CountAsync(e => e.Kind == "load.written", Cancellation);
            Assert.Equal(events, settings);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task An_archive_damaged_anywhere_is_refused_and_changes_nothing()
    {
        await FillAsync(storage.Store);
        using var whole = new MemoryStream();
        await Writer(storage).WriteAsync(whole, Cancellation);
        var random = TestSeed.Random();
        for (var round = 0; round < 300; round++)
        {
            var bytes = whole.ToArray();
            if (round % 3 == 0) bytes = bytes[..random.Next(bytes.Length)];
            else bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            BackupManifest? manifest = null;
            try
            {
                manifest = await BackupReader.VerifyAsync(new MemoryStream(bytes), Cancellation);
            }
            catch (BackupRefusedException refused)
            {
                Assert.StartsWith("backup-", refused.Code, StringComparison.Ordinal);
            }

            // A bit of the ZIP's own directory (a date, an attribute) may change unseen; what is restored may not.
            if (manifest is not null) Assert.Equal(await ContentsAsync(whole), await ContentsAsync(new MemoryStream(bytes)));
        }
    }

    /// <summary>One bit in the name of a field of the manifest was enough to bring the reader down. Which one, chance decided once in a few hundred runs.</summary>
    [Theory]
    [InlineData("\"columns\"", "\"colunns\"")]
    [InlineData("\"sha256\"", "\"sha257\"")]
    [InlineData("\"name\"", "\"nama\"")]
    [InlineData("\"rows\"", "\"rowz\"")]
    [InlineData("\"tables\":[", "\"tables\":[null,")]
    public async Task A_manifest_that_lacks_a_field_is_refused(string field, string damaged)
    {
        await FillAsync(storage.Store);
        using var archive = new MemoryStream();
        await Writer(storage).WriteAsync(archive, Cancellation);
        await ChangeAsync(archive, "manifest.json", text => text.Replace(": ", ":", StringComparison.Ordinal).Replace(field, damaged, StringComparison.Ordinal));
        var refused = await Assert.ThrowsAsync<BackupRefusedException>(() => BackupReader.VerifyAsync(archive, Cancellation));
        Assert.Equal("backup-damaged", refused.Code);
    }

    /// <summary>What stood after the last line of a table was neither restored nor noticed.</summary>
    [Fact]
    public async Task A_table_with_more_than_its_rows_is_refused()
    {
        await FillAsync(storage.Store);
        using var archive = new MemoryStream();
        await Writer(storage).WriteAsync(archive, Cancellation);
        await ChangeAsync(archive, "tables/settings.jsonl", text => text + "[");
        var refused = await Assert.ThrowsAsync<BackupRefusedException>(() => BackupReader.VerifyAsync(archive, Cancellation));
        Assert.Equal("backup-damaged", refused.Code);
    }

    private static async Task ChangeAsync(MemoryStream archive, string name, Func<string, string> change)
    {
        archive.Position = 0;
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Update, leaveOpen: true))
        {
            string text;
            using (var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync(Cancellation))) text = await reader.ReadToEndAsync(Cancellation);
            zip.GetEntry(name)!.Delete();
            await using var writer = new StreamWriter(await zip.CreateEntry(name).OpenAsync(Cancellation));
            var changed = change(text);
            Assert.NotEqual(text, changed);
            await writer.WriteAsync(changed);
        }

        archive.Position = 0;
    }

    [Fact]
    public async Task Bytes_after_the_last_row_of_a_table_are_refused()
    {
        await FillAsync(storage.Store);
        using var archive = new MemoryStream();
        await Writer(storage).WriteAsync(archive, Cancellation);
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Update, leaveOpen: true))
        {
            await using var settings = await zip.GetEntry("tables/settings.jsonl")!.OpenAsync(Cancellation);
            settings.Seek(0, SeekOrigin.End);
            await settings.WriteAsync("PK"u8.ToArray(), Cancellation);
        }

        archive.Position = 0;
        var refused = await Assert.ThrowsAsync<BackupRefusedException>(() => BackupReader.VerifyAsync(archive, Cancellation));
        Assert.Equal("backup-damaged", refused.Code);
    }

    [Fact]
    public async Task A_database_that_is_in_use_is_never_overwritten()
    {
        await FillAsync(storage.Store);
        using var archive = new MemoryStream();
        await Writer(storage).WriteAsync(archive, Cancellation);
        archive.Position = 0;
        var refused = await Assert.ThrowsAsync<BackupRefusedException>(() => storage.Services.GetRequiredService<BackupReader>().RestoreAsync(archive, Cancellation));
        Assert.Equal("database-not-empty", refused.Code);
    }

    private async Task RoundTripAsync(StorageUnderTest target)
    {
        await FillAsync(storage.Store);
        using var archive = new MemoryStream();
        var manifest = await Writer(storage).WriteAsync(archive, Cancellation);
        await using var restored = await RestoreAsync(archive, target);

        using var again = new MemoryStream();
        var second = await restored.GetRequiredService<BackupWriter>().WriteAsync(again, Cancellation);
        Assert.Equal(manifest.EventHead, second.EventHead);
        Assert.Equal(manifest.AuditHead, second.AuditHead);
        Assert.Equal(manifest.Tables.Select(t => (t.Name, t.Rows)), second.Tables.Select(t => (t.Name, t.Rows)));
        await using var db = await ContextAsync(restored);
        var account = await db.Set<Account>().FirstAsync(a => a.UserName == "é\n\"name", Cancellation);
        Assert.Equal(Roles.Auditor | Roles.Staff, account.Roles);

        // The restored system goes on where the saved one stopped.
        await FillAsync(restored.GetRequiredService<CommandStore>());
        Assert.Null(await AuditChain.FindBreakAsync(restored.GetRequiredService<IDbContextFactory<TocsinDbContext>>(), Cancellation));
    }

    private static async Task FillAsync(CommandStore store) => await store.CommitAsync(
        async (transaction, token) =>
        {
            var name = Guid.NewGuid().ToString("N");
            transaction.Db.Add(new SettingRecord { Key = name, Value = "\"ünï\\n\"" });
            if (!await transaction.Db.Users.AnyAsync(token))
            {
                transaction.Db.Add(new Account { Id = Guid.CreateVersion7(), UserName = "é\n\"name", PersonId = new PersonId(Guid.CreateVersion7()), Roles = Roles.Auditor | Roles.Staff, EmailConfirmed = true });
                transaction.Db.Add(new SecretRecord { Name = name, Value = [0, 1, 255] });
            }

            transaction.Append("thing.changed", EventVisibility.To(new PersonId(Guid.CreateVersion7())), new { name });
            transaction.Record(new AuditDraft(AuditActor.System, "thing.changed", null, new { name }));
        },
        Cancellation);

    private async Task WriteUntilAsync(string prefix, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}");
            await storage.Store.CommitAsync(
                (transaction, _) =>
                {
                    transaction.Db.Add(new SettingRecord { Key = key, Value = "1" });
                    transaction.Append("load.written", EventVisibility.To(Roles.Staff), new { });
                    return Task.CompletedTask;
                },
                Cancellation);
        }
    }

    private static BackupWriter Writer(StorageUnderTest source) => source.Services.GetRequiredService<BackupWriter>();

    private static async Task<ServiceProvider> RestoreAsync(MemoryStream archive, StorageUnderTest target)
    {
        archive.Position = 0;
        var provider = target.Open(await target.CreateEmptyAsync());
        await provider.GetRequiredService<BackupReader>().RestoreAsync(archive, Cancellation);
        return provider;
    }

    private static Task<TocsinDbContext> ContextAsync(ServiceProvider provider) =>
        provider.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);

    private static async Task<List<string>> ContentsAsync(MemoryStream archive)
    {
        archive.Position = 0;
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        var contents = new List<string>();
        foreach (var entry in zip.Entries.Where(e => e.FullName.EndsWith(".jsonl", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(await entry.OpenAsync(Cancellation));
            contents.Add(entry.FullName + "\n" + await reader.ReadToEndAsync(Cancellation));
        }

        return contents;
    }
}

public sealed class Backup_of_Sqlite(SqliteStorage storage, PostgreSqlStorage other)
    : BackupSpecification(storage, other), IClassFixture<SqliteStorage>, IClassFixture<PostgreSqlStorage>;

public sealed class Backup_of_PostgreSql(PostgreSqlStorage storage, SqliteStorage other)
    : BackupSpecification(storage, other), IClassFixture<SqliteStorage>, IClassFixture<PostgreSqlStorage>;
