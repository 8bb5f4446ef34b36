using System.Text.Json;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Storage;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Settings;

/// <summary>The language of people whose own is not known.</summary>
internal static class DefaultLanguage
{
    private const string SettingKey = "organisation.language";

    public static async Task<ContentLanguage> ReadAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        await StoredSettings.ReadAsync(db, SettingKey, cancellationToken) is { } json ? JsonSerializer.Deserialize<ContentLanguage>(json, AlertingJson.Options) : ContentLanguage.Fr;

    public static Task WriteAsync(CommandTransaction transaction, ContentLanguage language, CancellationToken cancellationToken) =>
        StoredSettings.WriteAsync(transaction, SettingKey, JsonSerializer.Serialize(language, AlertingJson.Options), cancellationToken);
}
