namespace Tocsin.Server.Features.Demonstration;

/// <summary>The fictional hospital's units: where each is, how many work there, and as what.</summary>
/// <param name="Parent">The group that this one is part of, or null.</param>
internal sealed record HospitalUnit(string Name, string Site, string? Parent, int People, IReadOnlyList<string> JobTitles)
{
    public const string Main = "Hôpital Saint-Aubin";
    public const string Maternity = "Maternité Les Tilleuls";
    public const string NursingHome = "Résidence La Roseraie";
    public const string Logistics = "Plateforme logistique";

    public const string Care = "Soins";
    public const string Support = "Fonctions support";

    public static IReadOnlyList<HospitalUnit> All { get; } =
    [
        new("Urgences", Main, Care, 38, ["Infirmier", "Infirmière", "Médecin urgentiste", "Aide-soignante", "Régulateur"]),
        new("Réanimation", Main, Care, 24, ["Infirmière", "Médecin réanimateur", "Aide-soignant"]),
        new("Bloc opératoire", Main, Care, 30, ["Infirmière de bloc", "Chirurgien", "Anesthésiste", "Brancardier"]),
        new("Médecine", Main, Care, 34, ["Infirmière", "Médecin", "Aide-soignante", "Cadre de santé"]),
        new("Imagerie", Main, Care, 14, ["Manipulateur radio", "Radiologue"]),
        new("Laboratoire", Main, Care, 12, ["Technicienne de laboratoire", "Biologiste"]),
        new("Pharmacie", Main, Care, 10, ["Pharmacienne", "Préparateur en pharmacie"]),
        new("Maternité", Maternity, Care, 28, ["Sage-femme", "Gynécologue", "Auxiliaire de puériculture"]),
        new("Pédiatrie", Maternity, Care, 18, ["Pédiatre", "Infirmière puéricultrice"]),
        new("Résidence", NursingHome, Care, 32, ["Aide-soignante", "Infirmière", "Animateur"]),
        new("Informatique", Main, Support, 12, ["Administrateur système", "Technicienne support", "Chef de projet"]),
        new("Services techniques", Logistics, Support, 16, ["Électricien", "Plombier", "Responsable maintenance"]),
        new("Logistique et restauration", Logistics, Support, 18, ["Cuisinier", "Magasinier", "Chauffeur"]),
        new("Direction et administration", Main, Support, 14, ["Assistante de direction", "Responsable des admissions", "Chargé de mission"]),
    ];
}
