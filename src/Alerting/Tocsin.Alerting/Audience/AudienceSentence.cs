using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Audience;

/// <summary>An audience in words, for the confirmation before an alert leaves: <c>312 personnes : site Nord, groupe Urgences, sauf liste Direction</c>.</summary>
public static class AudienceSentence
{
    // A confirmation is read in one glance: past these it says how many more there are.
    private const int MostTermsOfAKind = 4;

    /// <param name="count">How many people it came to.</param>
    public static string Describe(AudienceExpression audience, int count, IAudienceNames names, ContentLanguage language)
    {
        ArgumentNullException.ThrowIfNull(audience);
        ArgumentNullException.ThrowIfNull(names);
        var words = language == ContentLanguage.En ? English : French;
        var head = count switch
        {
            0 => words.NoPeople,
            1 => words.OnePerson,
            _ => NumberWords.Of(count, language) + words.People,
        };
        var who = DescribeTerms(audience, names, language);
        return who.Length == 0 ? head : head + words.Colon + who;
    }

    /// <summary>The same without the number, where nobody counts: <c>site Nord, groupe Urgences, sauf liste Direction</c>. Empty where nobody is named.</summary>
    public static string DescribeTerms(AudienceExpression audience, IAudienceNames names, ContentLanguage language)
    {
        ArgumentNullException.ThrowIfNull(audience);
        ArgumentNullException.ThrowIfNull(names);
        var words = language == ContentLanguage.En ? English : French;
        var included = Terms(audience.Include, names, words, language);
        var excluded = Terms(audience.Exclude, names, words, language);
        if (included.Count == 0)
            return "";
        var sentence = string.Join(", ", included);
        return excluded.Count == 0 ? sentence : sentence + words.Except + string.Join(", ", excluded);
    }

    private static List<string> Terms(AudienceSelection selection, IAudienceNames names, Words words, ContentLanguage language)
    {
        var terms = new List<string>();
        if (selection.Everyone)
            return [words.Everyone];
        AddKind(terms, selection.Sites, names.NameOf, words.Site, words, language);
        AddKind(terms, selection.Groups, names.NameOf, words.Group, words, language);
        AddKind(terms, selection.Functions, names.NameOf, words.Function, words, language);
        AddKind(terms, selection.OnDuty, names.NameOf, words.Rota, words, language);
        AddKind(terms, selection.Lists, names.NameOf, words.List, words, language);
        AddKind(terms, selection.People, names.NameOf, words.Person, words, language);
        return terms;
    }

    private static void AddKind<T>(
        List<string> terms, IReadOnlyList<T> ids, Func<T, string?> nameOf, KindWords kind, Words words, ContentLanguage language)
    {
        // One more than shown would be "and 1 more", which is no shorter than its name.
        var shown = ids.Count <= MostTermsOfAKind + 1 ? ids.Count : MostTermsOfAKind;
        for (var i = 0; i < shown; i++)
            terms.Add(nameOf(ids[i]) is { } name ? kind.Prefix + name : kind.Vanished);
        if (ids.Count > shown)
            terms.Add(words.More + NumberWords.Of(ids.Count - shown, language) + kind.Others);
    }

    private static readonly Words French = new(
        NoPeople: "Aucune personne",
        OnePerson: "1\u00A0personne",
        People: "\u00A0personnes",
        Colon: "\u00A0: ",
        Everyone: "tout le monde",
        Except: ", sauf ",
        More: "et ",
        Site: new("site ", "\u00A0autres sites", "site supprimé"),
        Group: new("groupe ", "\u00A0autres groupes", "groupe supprimé"),
        Function: new("fonction ", "\u00A0autres fonctions", "fonction supprimée"),
        Rota: new("astreinte ", "\u00A0autres astreintes", "astreinte supprimée"),
        List: new("liste ", "\u00A0autres listes", "liste supprimée"),
        Person: new("", "\u00A0autres personnes nommées", "personne supprimée"));

    private static readonly Words English = new(
        NoPeople: "Nobody",
        OnePerson: "1 person",
        People: " people",
        Colon: ": ",
        Everyone: "everyone",
        Except: ", except ",
        More: "and ",
        Site: new("site ", " more sites", "deleted site"),
        Group: new("group ", " more groups", "deleted group"),
        Function: new("function ", " more functions", "deleted function"),
        Rota: new("on duty: ", " more rotas", "deleted rota"),
        List: new("list ", " more lists", "deleted list"),
        Person: new("", " more people by name", "deleted person"));

    private sealed record KindWords(string Prefix, string Others, string Vanished);

    private sealed record Words(
        string NoPeople,
        string OnePerson,
        string People,
        string Colon,
        string Everyone,
        string Except,
        string More,
        KindWords Site,
        KindWords Group,
        KindWords Function,
        KindWords Rota,
        KindWords List,
        KindWords Person);
}
