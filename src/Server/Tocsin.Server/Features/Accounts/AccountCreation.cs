using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Content;
using Tocsin.Server.Errors;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts;

/// <summary>Makes accounts, for people of the directory or for new ones.</summary>
internal static class AccountCreation
{
    /// <summary>Adds an account without any way to sign in. Records nothing: the caller knows who did it and why.</summary>
    /// <param name="id">Null for a new one; a passkey that was made before its account brings the id it was made for.</param>
    public static async Task<CreatedAccount> CreateAsync(CommandTransaction transaction, NewAccount wanted, Guid? id, CancellationToken cancellationToken)
    {
        if (!SignInName.TryRead(wanted.SignInName, out var name)) return new CreatedAccount(AccountRefusals.SignInNameInvalid);
        var normalised = SignInName.Normalise(name);
        if (await transaction.Db.Users.AnyAsync(a => a.NormalizedUserName == normalised, cancellationToken)) return new CreatedAccount(AccountRefusals.SignInNameTaken);
        var (person, refusal) = await FindOrAddPersonAsync(transaction, wanted, cancellationToken);
        if (person is null) return new CreatedAccount(refusal!);
        var account = new Account
        {
            Id = id ?? Guid.CreateVersion7(transaction.Now),
            UserName = name,
            NormalizedUserName = normalised,
            PersonId = person.Id,
            Roles = wanted.Roles | Roles.Staff,
            CreatedAt = transaction.Now,
            SecurityStamp = Guid.NewGuid().ToString("N"),
        };
        transaction.Db.Add(account);
        return new CreatedAccount(null, new AccountHolder(account, person.DisplayName, person.Language));
    }

    private static async Task<(Person? Person, Refusal? Refusal)> FindOrAddPersonAsync(CommandTransaction transaction, NewAccount wanted, CancellationToken cancellationToken)
    {
        if (wanted.Person is not { } id) return wanted.NewPerson is { } added && added.IsValid ? (await AddAsync(transaction, added, cancellationToken), null) : (null, CommonRefusals.InvalidInput);
        if (await transaction.Db.Users.AnyAsync(a => a.PersonId == id, cancellationToken)) return (null, AccountRefusals.PersonHasAccount);
        var person = await transaction.Db.Set<Person>().FirstOrDefaultAsync(p => p.Id == id, cancellationToken);
        return (person, person is null ? CommonRefusals.NotFound : null);
    }

    private static async Task<Person> AddAsync(CommandTransaction transaction, NewPerson added, CancellationToken cancellationToken)
    {
        var person = new Person
        {
            Id = new PersonId(Guid.CreateVersion7(transaction.Now)),
            GivenName = added.GivenName.Trim(),
            FamilyName = added.FamilyName.Trim(),
            DisplayName = added.DisplayName,
            Language = added.Language,
            Source = DirectorySource.Manual,
            CreatedAt = transaction.Now,
            ChangedAt = transaction.Now,
        };
        person.Refold();
        transaction.Db.Add(person);
        foreach (var word in SearchText.Split(person.SearchText)) transaction.Db.Add(new PersonWord { Word = word, PersonId = person.Id });
        return person;
    }
}

/// <param name="Person">Somebody of the directory, or null for <paramref name="NewPerson"/>.</param>
internal sealed record NewAccount(string? SignInName, Roles Roles, PersonId? Person, NewPerson? NewPerson = null);

/// <summary>Somebody whom the directory does not have yet.</summary>
internal sealed record NewPerson(string GivenName, string FamilyName, ContentLanguage? Language)
{
    public string DisplayName => $"{GivenName.Trim()} {FamilyName.Trim()}".Trim();

    public bool IsValid => IsName(GivenName) && IsName(FamilyName) && DisplayName.Length > 0;

    private static bool IsName(string? text) => text is not null && text.Length <= DirectoryBounds.Name && !text.Any(char.IsControl);
}

/// <param name="Refusal">Null when it was made.</param>
internal sealed record CreatedAccount(Refusal? Refusal, AccountHolder? Holder = null);
