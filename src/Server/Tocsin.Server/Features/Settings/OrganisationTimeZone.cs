using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Time;
using Tocsin.Storage;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Settings;

/// <summary>The zone of every time that a person reads in what the server writes: mails, answer page, exports, commands. Pages write times in their reader's own.</summary>
internal sealed class OrganisationTimeZone(IDbContextFactory<TocsinDbContext> contexts, TimeProvider time)
{
    private const string SettingKey = "organisation.timeZone";

    private readonly KeptSetting<IanaTimeZone> kept = new(contexts, time, (db, cancellationToken) => ReadAsync(db, time, cancellationToken));

    public ValueTask<IanaTimeZone> GetAsync(CancellationToken cancellationToken) => kept.GetAsync(cancellationToken);

    /// <returns>The machine's until somebody chose one: an installation from before there was a choice goes on as it was.</returns>
    public static async Task<IanaTimeZone> ReadAsync(TocsinDbContext db, TimeProvider time, CancellationToken cancellationToken) =>
        await StoredSettings.ReadAsync(db, SettingKey, cancellationToken) is { } json && IanaTimeZone.TryFind(JsonSerializer.Deserialize<string>(json), out var chosen)
            ? chosen
            : IanaTimeZone.Of(time.LocalTimeZone);

    public static Task WriteAsync(CommandTransaction transaction, IanaTimeZone zone, CancellationToken cancellationToken) =>
        StoredSettings.WriteAsync(transaction, SettingKey, JsonSerializer.Serialize(zone.Id), cancellationToken);
}
