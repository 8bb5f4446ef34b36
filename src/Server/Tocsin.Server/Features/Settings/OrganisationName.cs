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

    private readonly KeptSetting<string> kept = new(
        contexts, time, async (db, cancellationToken) => await ReadAsync(db, cancellationToken) is { } name && !string.IsNullOrWhiteSpace(name) ? name : Unnamed);

    /// <summary>Who sends, for messages.</summary>
    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => kept.GetAsync(cancellationToken);

    /// <returns>Empty until somebody gave it.</returns>
    public static async Task<string> ReadAsync(TocsinDbContext db, CancellationToken cancellationToken) =>
        await StoredSettings.ReadAsync(db, SettingKey, cancellationToken) is { } json ? JsonSerializer.Deserialize<string>(json) ?? "" : "";

    public static Task WriteAsync(CommandTransaction transaction, string name, CancellationToken cancellationToken) =>
        StoredSettings.WriteAsync(transaction, SettingKey, JsonSerializer.Serialize(name), cancellationToken);
}
