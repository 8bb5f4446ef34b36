using Tocsin.Alerting.Content;

namespace Tocsin.Server.Features.AnswerPage;

/// <summary>Every fixed word of the answer page, in one language.</summary>
internal sealed record AnswerPageWords
{
    public required string Language { get; init; }

    public required string OtherLanguage { get; init; }

    public required string OtherLanguageName { get; init; }

    public required string Exercise { get; init; }

    public required string ExerciseExplained { get; init; }

    public required IReadOnlyList<string> Severities { get; init; }

    public required string Alert { get; init; }

    public required string Raised { get; init; }

    public required string Updated { get; init; }

    public required string Question { get; init; }

    public required string Thanks { get; init; }

    public required string YourAnswer { get; init; }

    public required string AnswerSeen { get; init; }

    public required string HelpSeen { get; init; }

    public required string Change { get; init; }

    public required string Comment { get; init; }

    public required string CommentHint { get; init; }

    public required string SendComment { get; init; }

    public required string CommentSent { get; init; }

    public required string Position { get; init; }

    public required string PositionAdded { get; init; }

    public required string PositionRefused { get; init; }

    public required string Kept { get; init; }

    public required string NoAnswerAsked { get; init; }

    public required string AllClear { get; init; }

    public required string Cancelled { get; init; }

    public required string Expired { get; init; }

    public required string JoinMeeting { get; init; }

    public required string JoinMeetingHow { get; init; }

    public required string LinkInvalid { get; init; }

    public required string LinkInvalidExplained { get; init; }

    public required string AnswerRefused { get; init; }

    public required string TooMany { get; init; }

    public static AnswerPageWords In(ContentLanguage language) => language == ContentLanguage.En ? English : French;

    private static AnswerPageWords French { get; } = new()
    {
        Language = "fr",
        OtherLanguage = "en",
        OtherLanguageName = "English",
        Exercise = "EXERCICE",
        ExerciseExplained = "Ceci est un entraînement, pas une alerte réelle.",
        Severities = ["Information", "Vigilance", "Grave", "Danger vital"],
        Alert = "Alerte",
        Raised = "Envoyée le",
        Updated = "Mise à jour le",
        Question = "Votre réponse",
        Thanks = "Merci, votre réponse est enregistrée.",
        YourAnswer = "Vous avez répondu\u00a0:",
        AnswerSeen = "La cellule de crise voit votre réponse. Gardez votre téléphone à portée de main.",
        HelpSeen = "La cellule de crise voit que vous avez besoin d’aide. En danger immédiat, appelez aussi le 112.",
        Change = "Changer ma réponse",
        Comment = "Ajouter un message",
        CommentHint = "Où êtes-vous\u00a0? De quoi avez-vous besoin\u00a0?",
        SendComment = "Envoyer le message",
        CommentSent = "Votre message est enregistré.",
        Position = "Joindre ma position",
        PositionAdded = "Votre position partira avec votre réponse.",
        PositionRefused = "Votre téléphone ne donne pas sa position. Écrivez où vous êtes.",
        Kept = "Pas de réseau\u00a0: votre réponse est gardée sur ce téléphone et partira dès le retour du réseau. Laissez cette page ouverte si vous le pouvez.",
        NoAnswerAsked = "Aucune réponse n’est demandée.",
        AllClear = "Fin d’alerte",
        Cancelled = "Alerte annulée",
        Expired = "Cette alerte est terminée.",
        JoinMeeting = "Rejoindre la réunion de crise",
        JoinMeetingHow = "Avec votre compte : Tocsin vous demandera de vous connecter.",
        LinkInvalid = "Ce lien n’est plus valable.",
        LinkInvalidExplained = "Il a été remplacé ou mal recopié. Ouvrez le dernier message reçu, ou appelez votre responsable.",
        AnswerRefused = "Cette réponse n’a pas pu être prise en compte. Choisissez l’une des réponses ci-dessous.",
        TooMany = "Trop de réponses depuis ce lien. La dernière enregistrée reste valable.",
    };

    private static AnswerPageWords English { get; } = new()
    {
        Language = "en",
        OtherLanguage = "fr",
        OtherLanguageName = "Français",
        Exercise = "EXERCISE",
        ExerciseExplained = "This is a drill, not a real alert.",
        Severities = ["Information", "Advisory", "Severe", "Extreme"],
        Alert = "Alert",
        Raised = "Sent on",
        Updated = "Updated on",
        Question = "Your answer",
        Thanks = "Thank you, your answer is recorded.",
        YourAnswer = "You answered:",
        AnswerSeen = "The crisis team sees your answer. Keep your phone within reach.",
        HelpSeen = "The crisis team sees that you need help. In immediate danger, call 112 as well.",
        Change = "Change my answer",
        Comment = "Add a message",
        CommentHint = "Where are you? What do you need?",
        SendComment = "Send the message",
        CommentSent = "Your message is recorded.",
        Position = "Add my position",
        PositionAdded = "Your position will go with your answer.",
        PositionRefused = "Your phone does not give its position. Write where you are.",
        Kept = "No network: your answer is kept on this phone and will leave when the network returns. Leave this page open if you can.",
        NoAnswerAsked = "No answer is asked for.",
        AllClear = "All clear",
        Cancelled = "Alert cancelled",
        Expired = "This alert is over.",
        JoinMeeting = "Join the crisis meeting",
        JoinMeetingHow = "With your account: Tocsin will ask you to sign in.",
        LinkInvalid = "This link is not valid any more.",
        LinkInvalidExplained = "It was replaced or copied wrongly. Open the latest message you received, or call your manager.",
        AnswerRefused = "This answer could not be taken. Choose one of those below.",
        TooMany = "Too many answers from this link. The last one recorded still counts.",
    };
}
