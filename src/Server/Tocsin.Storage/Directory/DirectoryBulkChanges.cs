using Tocsin.Storage.Bulk;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage.Directory;

/// <summary>What an import does to a directory that is there already.</summary>
public sealed record DirectoryBulkChanges
{
    /// <summary>New entries, and new contact points and memberships of people who are there.</summary>
    public required DirectoryLoad Added { get; init; }

    /// <summary>People as they are to be, with their search text as it was.</summary>
    public IReadOnlyCollection<(Person Person, string SearchTextBefore)> Changed { get; init; } = [];

    /// <summary>Contact points that have another address now, and so are no longer verified.</summary>
    public IReadOnlyCollection<StoredContactPoint> Moved { get; init; } = [];

    public IReadOnlyCollection<GroupMember> MembersRemoved { get; init; } = [];

    /// <summary>How many rows it comes to; to be asked once it is prepared.</summary>
    public int Rows => Added.Rows + Changed.Count + Moved.Count + MembersRemoved.Count;

    /// <summary>Works out all that can be without the database.</summary>
    public DirectoryBulkChanges Prepare()
    {
        foreach (var (person, _) in Changed) person.Refold();
        return this with { Added = Added.Prepare() };
    }

    /// <summary>Writes everything in the context's current transaction.</summary>
    /// <param name="written">Told now and then how many rows more were written; null: nobody asks.</param>
    public async Task ApplyAsync(TocsinDbContext db, CancellationToken cancellationToken, Action<int>? written = null)
    {
        // First what people point at, then the people, then what points at them.
        await DirectoryBulkLoader.LoadAsync(db, new DirectoryLoad { Sites = Added.Sites, Groups = Added.Groups, Functions = Added.Functions }, cancellationToken, written);
        foreach (var chunk in Changed.Chunk(ChangesPerWord))
        {
            await UpdatePerson.ExecuteAsync(db, chunk.Select(change => RowOf(change.Person)), cancellationToken);
            await RemoveWord.ExecuteAsync(db, chunk.SelectMany(change => Words(change.SearchTextBefore, change.Person.SearchText, change.Person)), cancellationToken);
            await AddWord.ExecuteAsync(db, chunk.SelectMany(change => Words(change.Person.SearchText, change.SearchTextBefore, change.Person)), cancellationToken);
            written?.Invoke(chunk.Length);
        }

        await MovePoint.ExecuteAsync(db, Moved.Select(point => new object?[] { point.Id.Value, point.Address, point.ChangedAt.ToUnixTimeMilliseconds() }), cancellationToken);
        await RemoveMember.ExecuteAsync(db, MembersRemoved.Select(member => new object?[] { member.GroupId.Value, member.PersonId.Value }), cancellationToken);
        written?.Invoke(Moved.Count + MembersRemoved.Count);
        await DirectoryBulkLoader.LoadAsync(db, Added with { Sites = [], Groups = [], Functions = [] }, cancellationToken, written);
    }

    private const int ChangesPerWord = 5_000;

    private static readonly BulkStatement UpdatePerson = new(
        "UPDATE people SET external_id = ?2, given_name = ?3, family_name = ?4, display_name = ?5, sort_key = ?6, search_text = ?7, language = ?8, site_id = ?9, job_title = ?10, active = ?11, changed_at = ?12 WHERE id = ?1");

    private static readonly BulkStatement RemoveWord = new("DELETE FROM person_words WHERE word = ?1 AND person_id = ?2");

    private static readonly BulkStatement AddWord = new("INSERT INTO person_words (word, person_id) VALUES (?1, ?2)");

    private static readonly BulkStatement MovePoint = new("UPDATE contact_points SET address = ?2, changed_at = ?3, verified_at = NULL WHERE id = ?1");

    private static readonly BulkStatement RemoveMember = new("DELETE FROM group_members WHERE group_id = ?1 AND person_id = ?2");

    private static object?[] RowOf(Person person) =>
    [
        person.Id.Value, person.ExternalId, person.GivenName, person.FamilyName, person.DisplayName, person.SortKey, person.SearchText,
        KebabCase.WordOf(person.Language), person.SiteId?.Value, person.JobTitle, person.Active, person.ChangedAt.ToUnixTimeMilliseconds(),
    ];

    private static IEnumerable<object?[]> Words(string of, string butNot, Person person) =>
        SearchText.Split(of).Except(SearchText.Split(butNot), StringComparer.Ordinal).Select(word => new object?[] { word, person.Id.Value });
}
