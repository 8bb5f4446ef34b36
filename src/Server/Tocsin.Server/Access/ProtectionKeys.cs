using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Access;

/// <summary>Keeps ASP.NET Core's data protection keys in the database: every node has the same, and nothing depends on files of one machine.</summary>
/// <remarks>
/// The interface is synchronous. Keys are read when the host starts and then daily, and written four times a year, never inside a command: what a command
/// seals or opens is done before it begins.
/// </remarks>
internal sealed class ProtectionKeys(IDbContextFactory<TocsinDbContext> contexts, CommandStore store) : IXmlRepository
{
    private const string Prefix = "data-protection/";

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        var values = db.Set<SecretRecord>().Where(secret => secret.Name.StartsWith(Prefix)).OrderBy(secret => secret.Name).Select(secret => secret.Value).ToList();
        return [.. values.Select(value => XElement.Parse(System.Text.Encoding.UTF8.GetString(value)))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var value = System.Text.Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        store.CommitAsync(
            (transaction, _) =>
            {
                transaction.Db.Add(new SecretRecord { Name = Prefix + friendlyName, Value = value, CreatedAt = transaction.Now });
                return Task.CompletedTask;
            },
            CancellationToken.None).GetAwaiter().GetResult();
    }
}
