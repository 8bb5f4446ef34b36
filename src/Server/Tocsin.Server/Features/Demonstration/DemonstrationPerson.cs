using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Demonstration;

/// <summary>Somebody who can sign in to the demonstration.</summary>
/// <param name="Key">Sign-in name.</param>
/// <param name="Function">The crisis function held, or null.</param>
internal sealed record DemonstrationPerson(string Key, string Given, string Family, string JobTitle, string Unit, Roles Roles, string? Function)
{
    public static IReadOnlyList<DemonstrationPerson> All { get; } =
    [
        new("claire.morel", "Claire", "Morel", "Directrice générale", "Direction et administration", Roles.CrisisDirector | Roles.CrisisMember | Roles.Staff, DemonstrationHospital.Director),
        new("karim.benali", "Karim", "Benali", "Responsable informatique", "Informatique", Roles.Administrator | Roles.CrisisMember | Roles.Staff, DemonstrationHospital.SecurityOfficer),
        new("sophie.lambert", "Sophie", "Lambert", "Responsable communication", "Direction et administration", Roles.Communicator | Roles.CrisisMember | Roles.Staff, DemonstrationHospital.Communication),
        new("julien.petit", "Julien", "Petit", "Cadre de santé", "Urgences", Roles.CrisisMember | Roles.Staff, DemonstrationHospital.Care),
        new("helene.roche", "Hélène", "Roche", "Auditrice interne", "Direction et administration", Roles.Auditor | Roles.Staff, null),
        new("thomas.girard", "Thomas", "Girard", "Infirmier", "Urgences", Roles.Staff, null),
    ];
}
