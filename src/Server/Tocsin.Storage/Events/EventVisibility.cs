using Tocsin.Alerting;
using Tocsin.Storage.Model;

namespace Tocsin.Storage.Events;

/// <summary>Who may see an event: accounts with one of <paramref name="Roles"/>, and <paramref name="Person"/> whatever their roles.</summary>
public readonly record struct EventVisibility(Roles Roles, PersonId? Person = null)
{
    public static EventVisibility To(Roles roles) => new(roles);

    public static EventVisibility To(PersonId person) => new(Roles.None, person);
}

internal sealed record EventDraft(string Kind, EventVisibility Visibility, string Data);

/// <summary>Who reads the log: the roles held and the person.</summary>
public readonly record struct EventReader(Roles Roles, PersonId Person)
{
    public bool MaySee(Model.EventRecord record) =>
        (record.VisibleTo & Roles) != Roles.None || record.VisibleToPerson == Person.Value;
}
