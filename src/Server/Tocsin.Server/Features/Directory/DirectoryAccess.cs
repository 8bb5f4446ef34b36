using Tocsin.Alerting;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Directory;

/// <summary>Who may do what with the directory. Staff see their own entry and who is on duty, never others' contact points.</summary>
internal static class DirectoryAccess
{
    public const Roles Writers = Roles.Administrator;

    public const Roles Readers = Roles.Administrator | Roles.CrisisDirector | Roles.CrisisMember | Roles.Communicator | Roles.Auditor;

    /// <summary>For events about somebody: those who may read the directory, and the person.</summary>
    public static EventVisibility About(PersonId person) => new(Readers, person);

    public static EventVisibility ToReaders { get; } = EventVisibility.To(Readers);
}
