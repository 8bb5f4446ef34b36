using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Settings;

/// <summary>Settings as they are stored: a key, and JSON.</summary>
internal static class StoredSettings
{
    /// <returns>Null where nobody has set it.</returns>
    public static Task<string?> ReadAsync(TocsinDbContext db, string key, CancellationToken cancellationToken) =>
        db.Set<SettingRecord>().Where(setting => setting.Key == key).Select(setting => setting.Value).FirstOrDefaultAsync(cancellationToken);

    public static async Task WriteAsync(CommandTransaction transaction, string key, string json, CancellationToken cancellationToken)
    {
        var setting = await transaction.Db.Set<SettingRecord>().FirstOrDefaultAsync(s => s.Key == key, cancellationToken);
        if (setting is null) transaction.Db.Add(setting = new SettingRecord { Key = key });
        (setting.Value, setting.ChangedAt) = (json, transaction.Now);
    }
}
