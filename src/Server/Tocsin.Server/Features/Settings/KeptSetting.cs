using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;

namespace Tocsin.Server.Features.Settings;

/// <summary>A setting that every message needs: asked for each of them, read from the database now and then.</summary>
internal sealed class KeptSetting<T>(IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, Func<TocsinDbContext, CancellationToken, Task<T>> read)
    where T : class
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private volatile Known? known;

    public async ValueTask<T> GetAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (known is { } kept && now - kept.ReadAt < Fresh) return kept.Value;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var value = await read(db, cancellationToken);
        known = new Known(value, now);
        return value;
    }

    private sealed record Known(T Value, DateTimeOffset ReadAt);
}
