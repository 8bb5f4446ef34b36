using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Tocsin.Storage;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts;

/// <summary>ASP.NET Core Identity over a context of ours, so that what it changes is part of a command's transaction, with its events and audit records.</summary>
internal sealed class AccountIdentity(
    IOptions<IdentityOptions> options,
    IOptions<IdentityPasskeyOptions> passkeyOptions,
    IPasswordHasher<Account> hasher,
    ILookupNormalizer normalizer,
    IdentityErrorDescriber errors,
    IServiceProvider services,
    ILoggerFactory loggers)
{
    /// <summary>Its changes are saved when <paramref name="db"/> is: by the command, at commit.</summary>
    public UserManager<Account> Over(TocsinDbContext db)
    {
        var store = new UserOnlyStore<Account, TocsinDbContext, Guid, IdentityUserClaim<Guid>, IdentityUserLogin<Guid>, IdentityUserToken<Guid>, IdentityUserPasskey<Guid>>(db, errors)
        {
            AutoSaveChanges = false,
        };
        return new UserManager<Account>(store, options, hasher, [], [], normalizer, errors, services, loggers.CreateLogger<UserManager<Account>>());
    }

    public PasskeyHandler<Account> PasskeysOver(TocsinDbContext db) => new(Over(db), passkeyOptions);
}
