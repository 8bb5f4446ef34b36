using System.Globalization;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.ContactPoints.Codes;

/// <summary>What a code is sent as.</summary>
internal static class CodeMessage
{
    /// <remarks>The code stands in the text and not in the title: relays write subjects into their logs.</remarks>
    public static OutboundMessage Write(ContactPointCode row, string code, ContentLanguage language, string organisation) => new(
        // Below zero: no delivery of an alert has such a number, so no receipt of this message is taken for one of theirs.
        new DeliveryId(-row.Id),
        row.Attempt,
        $"code-{row.Id.ToString(CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(row.Nonce.AsSpan(0, 8))}",
        default,
        0,
        row.Address,
        organisation,
        language,
        MessagePurpose.VerificationCode,
        AlertMode.Real,
        Severity.Info,
        language == ContentLanguage.En ? "Verification code" : "Code de vérification",
        Body(code, language),
        [],
        null,
        row.CreatedAt,
        row.ExpiresAt);

    private static string Body(string code, ContentLanguage language) => language == ContentLanguage.En
        ? $"{code}\nType it in Tocsin within 10 minutes. If you did not ask for it, ignore this message and give the code to nobody."
        : $"{code}\nSaisissez-le dans Tocsin avant 10 minutes. Si vous n'avez rien demandé, ignorez ce message et ne donnez ce code à personne.";
}
