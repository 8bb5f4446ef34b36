namespace Tocsin.Storage.Directory;

/// <summary>Keeps the index of words in step with a person's search text.</summary>
public static class PersonWords
{
    /// <summary>Derives the person's folded names anew and corrects the index. For a person whom <paramref name="db"/> tracks.</summary>
    /// <param name="before">The person's search text as it is in the database; empty for a new person.</param>
    public static void Refold(TocsinDbContext db, Person person, string before)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(person);
        person.Refold();
        var old = SearchText.Split(before);
        var now = SearchText.Split(person.SearchText);
        db.RemoveRange(old.Except(now, StringComparer.Ordinal).Select(word => new PersonWord { Word = word, PersonId = person.Id }));
        db.AddRange(now.Except(old, StringComparer.Ordinal).Select(word => new PersonWord { Word = word, PersonId = person.Id }));
    }
}
