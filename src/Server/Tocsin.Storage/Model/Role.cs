namespace Tocsin.Storage.Model;

/// <summary>What an account may do. A person may hold several. Wire names: kebab-case.</summary>
/// <remarks>The numbers are stored in role masks and in the event log: never change one.</remarks>
[Flags]
public enum Roles
{
    None = 0,

    /// <summary>Installs, keeps people and settings; raises nothing and reads no answer.</summary>
    Administrator = 1,

    /// <summary>Raises, updates and ends alerts; decides.</summary>
    CrisisDirector = 2,

    /// <summary>Sees boards and takes part; raises prepared scenarios.</summary>
    CrisisMember = 4,

    /// <summary>Writes what is told to staff and public.</summary>
    Communicator = 8,

    /// <summary>Reads everything that proves, changes nothing.</summary>
    Auditor = 16,

    /// <summary>Everyone with an account: own contact points, own alerts.</summary>
    Staff = 32,

    All = Administrator | CrisisDirector | CrisisMember | Communicator | Auditor | Staff,
}
