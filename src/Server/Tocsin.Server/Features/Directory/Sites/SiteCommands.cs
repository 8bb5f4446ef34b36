using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Server.Errors;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.Sites;

internal sealed record SiteInput(string? Name, string? PostalAddress, string? ExternalId);

/// <summary>Adds, changes and removes sites.</summary>
internal sealed class SiteCommands(CommandStore store) : DirectoryEntries<Site, SiteId, SiteInput>(store, "site")
{
    protected override Site New(DateTimeOffset now) => new() { Id = new(Guid.CreateVersion7(now)), Source = DirectorySource.Manual, CreatedAt = now };

    protected override SiteId IdOf(Site entry) => entry.Id;

    protected override async Task<CommandAnswer<Site>?> WriteAsync(CommandTransaction transaction, Site entry, SiteInput input, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        entry.Name = DirectoryText.Required(input.Name, DirectoryBounds.Name, "name", errors);
        entry.NameKey = DirectoryNames.KeyOf(entry.Name, "name", errors);
        entry.PostalAddress = DirectoryText.Optional(input.PostalAddress, DirectoryBounds.PostalAddress, "postalAddress", errors);
        entry.ExternalId = DirectoryText.Optional(input.ExternalId, DirectoryBounds.ExternalId, "externalId", errors);
        entry.ChangedAt = transaction.Now;
        if (errors.Any) return errors;
        var (id, key, externalId) = (entry.Id, entry.NameKey, entry.ExternalId);
        if (await transaction.Db.Set<Site>().AnyAsync(s => s.Id != id && s.NameKey == key, cancellationToken)) return DirectoryRefusals.NameTaken;
        return externalId is not null && await transaction.Db.Set<Site>().AnyAsync(s => s.Id != id && s.ExternalId == externalId, cancellationToken)
            ? (CommandAnswer<Site>?)DirectoryRefusals.ExternalIdTaken
            : null;
    }

    protected override async Task<Refusal?> WhyNeededAsync(CommandTransaction transaction, SiteId id, CancellationToken cancellationToken) =>
        await transaction.Db.Set<Person>().AnyAsync(person => person.SiteId == id, cancellationToken) ? DirectoryRefusals.SiteInUse : null;
}
