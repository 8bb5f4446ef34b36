using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Settings;

/// <summary>The organisation's name, as every page and message shows it.</summary>
internal sealed class OrganisationName(IDbContextFactory<TocsinDbContext> contexts, TimeProvider time)
{
    public const int MaximumLength = 100;

    private const string SettingKey = "organisation.name";
    private const string Unnamed = "Tocsin";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private volatile Known? known;

    /// <summary>Who sends, for messages: asked for each of them, read from the settings now and then.</summary>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (known is { } cached && now - cached.ReadAt < Fresh) return cached.Name;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var name = await ReadAsync(db, cancellationToken);
        known = new Known(string.IsNullOrWhiteSpace(name) ? Unnamed : name, now);
        return known.Name;
    }

    /// <returns>Empty until somebody gave it.</returns>
    public static async Task<string> ReadAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        await StoredSettings.ReadAsync(db, SettingKey, cancellationToken) is { } json ? JsonSerializer.Deserialize<string>(json) ?? "" : "";

    public static Task WriteAsync(CommandTransaction transaction, string name, CancellationToken cancellationToken) =>
        StoredSettings.WriteAsync(transaction, SettingKey, JsonSerializer.Serialize(name), cancellationToken);

    private sealed record Known(string Name, DateTimeOffset ReadAt);
}
