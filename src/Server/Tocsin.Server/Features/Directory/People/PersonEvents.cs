using Tocsin.Alerting;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Features.Directory.People;

/// <summary>What happened to a person.</summary>
internal enum PersonChange
{
    Added,
    Changed,
    Deactivated,
    Reactivated,
    ContactPointsChanged,
    PreferencesChanged,
}

/// <summary>Events carry ids, never names or numbers: whoever may see more asks for it.</summary>
internal sealed record PersonChanged(PersonId Person, PersonChange Change);

internal static class PersonEvents
{
    public static void Announce(CommandTransaction transaction, PersonId person, PersonChange change) =>
        transaction.Append("person.changed", DirectoryAccess.About(person), new PersonChanged(person, change));
}
