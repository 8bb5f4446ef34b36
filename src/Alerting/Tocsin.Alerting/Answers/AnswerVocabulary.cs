using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Answers;

/// <summary>What people write instead of the words on the button, in the form of <see cref="ReplyText.Fold"/>.</summary>
internal static class AnswerVocabulary
{
    /// <summary>Words that mean this and nothing else.</summary>
    public static IReadOnlyList<string> PhrasesOf(AnswerMeaning meaning) => meaning switch
    {
        AnswerMeaning.Safe =>
        [
            "je suis en securite", "suis en securite", "en securite", "je suis sauf", "je suis saine et sauve", "je suis sain et sauf", "sain et sauf",
            "saine et sauve", "tout va bien", "je vais bien", "ca va", "a l abri", "hors de danger", "rien a signaler", "ras", "indemne",
            "i m safe", "i am safe", "im safe", "safe", "i m ok", "i am ok", "im ok", "i m fine", "i am fine", "all good", "all is well", "unharmed",
        ],
        AnswerMeaning.NeedHelp =>
        [
            "j ai besoin d aide", "ai besoin d aide", "besoin d aide", "besoin aide", "a l aide", "aidez moi", "aide", "au secours", "secours", "sos",
            "urgence", "blesse", "blessee", "je suis blesse", "je suis blessee", "en danger", "je suis en danger", "coince", "coincee",
            "je suis coince", "je suis coincee",
            "i need help", "need help", "help me", "please help", "help", "i m hurt", "i am hurt", "injured", "i m injured", "i am injured",
            "i m trapped", "i am trapped", "trapped", "in danger", "i m in danger", "emergency",
        ],
        AnswerMeaning.Coming =>
        [
            "j arrive", "jarrive", "arrive", "je viens", "j y vais", "je me mets en route", "en route", "en chemin", "je pars", "je serai la",
            "i m coming", "i am coming", "im coming", "coming", "on my way", "omw", "i ll be there", "i will be there",
        ],
        AnswerMeaning.NotAvailable =>
        [
            "pas disponible", "je ne suis pas disponible", "je suis pas disponible", "non disponible", "indisponible", "pas dispo", "indispo",
            "je ne peux pas", "je peux pas", "je ne peux pas venir", "je peux pas venir", "je ne viens pas", "je viens pas", "impossible",
            "en conge", "en conges", "je suis en conge", "je suis en conges", "en vacances", "absent", "absente",
            "not available", "i m not available", "i am not available", "unavailable", "i can t", "i cannot", "can t come", "i can t come",
            "cannot come", "i cannot come", "not coming", "i m not coming", "i am not coming", "on leave", "on holiday",
        ],
        _ => [],
    };

    /// <summary>Assent: a choice only if nothing else in the reply is one. "Ok, I need help" is no assent.</summary>
    public static IReadOnlyList<string> Assent { get; } =
        ["oui", "ok", "okay", "d accord", "bien recu", "recu", "yes", "y", "o", "roger", "c est bon"];

    /// <summary>Refusal: means "not available" where safety is not what was asked.</summary>
    public static IReadOnlyList<string> Refusal { get; } = ["non", "no", "n", "nope"];

    /// <summary>Politeness around a digit: it changes nothing.</summary>
    public static IReadOnlySet<string> Courtesy { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "merci", "beaucoup", "bonjour", "bonsoir", "salut", "cordialement", "svp", "thanks", "thank", "you", "hello", "hi", "please",
        "oui", "ok", "okay", "yes", "bien", "recu", "reponse", "choix", "answer", "choice",
    };

    /// <summary>Words that turn the meaning of what stands beside them: with one of these left over, a person reads the reply.</summary>
    public static IReadOnlySet<string> Negations { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "pas", "plus", "ni", "sans", "jamais", "aucun", "aucune", "rien", "non", "personne",
        "not", "no", "never", "without", "nobody", "none", "nope", "cannot", "dont", "cant", "wont", "isnt", "arent",

        // What is left of "n't".
        "t",
    };
}
