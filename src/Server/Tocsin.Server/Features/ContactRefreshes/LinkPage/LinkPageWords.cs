using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;

namespace Tocsin.Server.Features.ContactRefreshes.LinkPage;

/// <summary>Every fixed word of the page behind a personal link, in one language.</summary>
internal sealed record LinkPageWords(
    string Language,
    string OtherLanguage,
    string OtherLanguageName,
    string Title,
    string For,
    string Before,
    string Hidden,
    string LinkCameHere,
    string AllRight,
    string Change,
    string NewAddress,
    string NewAddressHint,
    string SendCode,
    string Remove,
    string Add,
    string Nothing,
    string CodeSentTo,
    string Code,
    string Check,
    string Again,
    string Drop,
    string NotMe,
    string NotMeExplained,
    string NotMeButton,
    string Answered,
    string Invalid,
    string InvalidExplained)
{
    private static readonly LinkPageWords French = new(
        "fr", "en", "English",
        Title: "Vos coordonnées sont-elles à jour\u00A0?",
        For: "Pour",
        Before: "À confirmer avant le",
        Hidden: "Vous seul les connaissez\u00A0: elles ne sont montrées qu’en partie.",
        LinkCameHere: "Le lien y est arrivé.",
        AllRight: "Tout est juste",
        Change: "Corriger ou retirer",
        NewAddress: "Nouveau mobile ou nouvelle adresse mail",
        NewAddressHint: "Un code y sera envoyé\u00A0: l’ancien reste valable jusque-là.",
        SendCode: "Envoyer un code",
        Remove: "Retirer, sans remplacer",
        Add: "Ajouter un mobile ou une adresse mail",
        Nothing: "Aucune coordonnée n’est connue.",
        CodeSentTo: "Code envoyé à",
        Code: "Code à six chiffres",
        Check: "Vérifier le code",
        Again: "Renvoyer un code",
        Drop: "Abandonner cette coordonnée",
        NotMe: "Ce n’est pas moi",
        NotMeExplained: "Si ce message ne vous était pas destiné, dites-le\u00A0: cette adresse ne comptera plus comme vérifiée, et ce lien prendra fin.",
        NotMeButton: "Ce message n’est pas pour moi",
        Answered: "Vous avez répondu. Vous pouvez encore corriger jusqu’à la date.",
        Invalid: "Ce lien n’est pas valable, ou ne l’est plus",
        InvalidExplained: "La campagne est peut-être terminée. Vos coordonnées se vérifient aussi dans Tocsin, une fois connecté, ou auprès de votre organisation.");

    private static readonly LinkPageWords English = new(
        "en", "fr", "Français",
        Title: "Are your contact details up to date?",
        For: "For",
        Before: "To be confirmed before",
        Hidden: "Only you know them: they are shown in part.",
        LinkCameHere: "The link arrived here.",
        AllRight: "All is right",
        Change: "Correct or remove",
        NewAddress: "New mobile or mail address",
        NewAddressHint: "A code will be sent there: the old one holds until then.",
        SendCode: "Send a code",
        Remove: "Remove without replacing",
        Add: "Add a mobile or mail address",
        Nothing: "No contact details are known.",
        CodeSentTo: "Code sent to",
        Code: "Code of six digits",
        Check: "Check the code",
        Again: "Send another code",
        Drop: "Give this one up",
        NotMe: "This is not me",
        NotMeExplained: "If this message was not meant for you, say so: this address will no longer count as verified, and this link will end.",
        NotMeButton: "This message is not for me",
        Answered: "You have answered. You can still correct it until the date.",
        Invalid: "This link is not valid, or not any more",
        InvalidExplained: "The campaign may be over. You can also check your details in Tocsin once signed in, or ask your organisation.");

    public static LinkPageWords In(ContentLanguage language) => language == ContentLanguage.En ? English : French;

    public string Of(ContactPointKind kind) => (Language, kind) switch
    {
        ("en", ContactPointKind.Mobile) => "Mobile",
        ("en", ContactPointKind.Landline) => "Landline",
        ("en", ContactPointKind.Email) => "Mail",
        ("en", _) => "Pager",
        (_, ContactPointKind.Mobile) => "Mobile",
        (_, ContactPointKind.Landline) => "Téléphone fixe",
        (_, ContactPointKind.Email) => "Mail",
        _ => "Bip",
    };

    /// <summary>Null where there is nothing to say.</summary>
    public string? Of(LinkNotice notice)
    {
        var isEnglish = Language == "en";
        return notice switch
        {
            LinkNotice.Confirmed => isEnglish ? "Thank you: your answer is kept." : "Merci\u00A0: votre réponse est enregistrée.",
            LinkNotice.CodeSent => isEnglish ? "A code is on its way. Type it here within 10 minutes." : "Un code est en route. Saisissez-le ici avant 10 minutes.",
            LinkNotice.CodesTooMany => isEnglish ? "A code was sent a moment ago: wait a minute before asking for another." : "Un code vient d’être envoyé\u00A0: attendez une minute avant d’en demander un autre.",
            LinkNotice.CodeWrong => isEnglish ? "This is not the code that was sent." : "Ce n’est pas le code qui a été envoyé.",
            LinkNotice.CodeExpired => isEnglish ? "This code is worth nothing any more: have another sent." : "Ce code ne vaut plus rien\u00A0: faites-en envoyer un autre.",
            LinkNotice.NoChannel => isEnglish ? "Nothing can be sent there for now. Ask your organisation to change it." : "Rien ne peut y être envoyé pour l’instant. Demandez la correction à votre organisation.",
            LinkNotice.Verified => isEnglish ? "Thank you: it is verified, and counts from now on." : "Merci\u00A0: elle est vérifiée, et compte dès maintenant.",
            LinkNotice.Removed => isEnglish ? "Removed." : "Retiré.",
            LinkNotice.Already => isEnglish ? "This one is there already." : "Celle-ci y est déjà.",
            LinkNotice.AddressInvalid => isEnglish ? "This is neither a number nor a mail address that can be used." : "Ce n’est ni un numéro ni une adresse mail utilisable.",
            LinkNotice.Refused => isEnglish ? "This could not be done. Look again, then repeat." : "Ce n’était pas possible. Regardez à nouveau, puis recommencez.",
            LinkNotice.TooMany => isEnglish ? "This link was used too often. Sign in, or ask your organisation." : "Ce lien a trop servi. Connectez-vous, ou demandez à votre organisation.",
            LinkNotice.NotTheirs => isEnglish ? "Thank you: nothing more will be sent here for this campaign." : "Merci\u00A0: plus rien ne sera envoyé ici pour cette campagne.",
            _ => null,
        };
    }
}
