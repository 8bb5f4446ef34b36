namespace Tocsin.Server.Features.Demonstration;

/// <summary>Common names, put together at random: nobody is meant.</summary>
internal static class FictionalNames
{
    public static IReadOnlyList<string> Given { get; } =
    [
        "Adèle", "Agnès", "Alain", "Alice", "Amina", "André", "Anaïs", "Antoine", "Aurélie", "Baptiste", "Béatrice", "Benoît", "Camille", "Cécile", "Charlotte", "Chloé",
        "Christophe", "Clémence", "Damien", "David", "Denis", "Élodie", "Émile", "Émilie", "Éric", "Estelle", "Fabien", "Fatou", "Florence", "François", "Françoise", "Gaël",
        "Gérard", "Guillaume", "Hugo", "Inès", "Isabelle", "Jacques", "Jérôme", "Joëlle", "Julie", "Karima", "Laurent", "Léa", "Louis", "Loïc", "Lucie", "Malik", "Manon",
        "Marc", "Margaux", "Marie-Ève", "Mathilde", "Maxime", "Mehdi", "Mélanie", "Michel", "Nadia", "Nathalie", "Nicolas", "Noémie", "Olivier", "Pascal", "Patricia", "Paul",
        "Pauline", "Philippe", "Quentin", "Rachid", "Raphaël", "Rémi", "Sabrina", "Salomé", "Samuel", "Sandrine", "Sébastien", "Simon", "Solène", "Stéphane", "Sylvie",
        "Thérèse", "Théo", "Valérie", "Vincent", "Virginie", "Yann", "Yasmine", "Zoé",
    ];

    public static IReadOnlyList<string> Family { get; } =
    [
        "Andrieu", "Arnaud", "Aubert", "Barbier", "Baron", "Berger", "Bertin", "Besson", "Blanchard", "Bonnet", "Boucher", "Bouvier", "Brun", "Carpentier", "Chevalier",
        "Clément", "Colin", "Cordier", "Da Silva", "Delaunay", "Delmas", "Deschamps", "Diallo", "Dubois", "Dumas", "Dupuis", "Fabre", "Faure", "Ferrand", "Fleury",
        "Fontaine", "Fournier", "Gaillard", "Garnier", "Gauthier", "Gilbert", "Giraud", "Guérin", "Guillot", "Haddad", "Hamel", "Hébert", "Henry", "Jacquet", "Joly",
        "Lacroix", "Laurent", "Lebrun", "Leclerc", "Lefèvre", "Lemaire", "L’Hostis", "Mallet", "Marchal", "Martinez", "Masson", "Mercier", "Meunier", "Moreau", "Nguyen",
        "Noël", "Olivier", "Paris", "Pelletier", "Perrin", "Picard", "Poirier", "Prévost", "Rey", "Rivière", "Robin", "Roussel", "Roux", "Royer", "Saïdi", "Schmitt",
        "Simon", "Tessier", "Traoré", "Vasseur", "Vidal", "Weber",
    ];
}
