using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Alerts.Dispatch;

/// <summary>Who sends, as people know it. Asked for each message, read from the settings now and then.</summary>
internal sealed class OrganisationName(IDbContextFactory<TocsinDbContext> contexts, TimeProvider time)
{
    private const string SettingKey = "organisation.name";
    private const string Unnamed = "Tocsin";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private volatile Known? known;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (known is { } cached && now - cached.ReadAt < Fresh) return cached.Name;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var value = await db.Set<SettingRecord>().Where(s => s.Key == SettingKey).Select(s => s.Value).FirstOrDefaultAsync(cancellationToken);
        var name = value is null ? null : JsonSerializer.Deserialize<string>(value);
        known = new Known(string.IsNullOrWhiteSpace(name) ? Unnamed : name, now);
        return known.Name;
    }

    private sealed record Known(string Name, DateTimeOffset ReadAt);
}
