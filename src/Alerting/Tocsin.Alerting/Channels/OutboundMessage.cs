using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Channels;

/// <summary>What the message is to the one who gets it.</summary>
public enum MessagePurpose
{
    Alert,
    Reminder,
    Update,
    AllClear,
    Cancellation,

    /// <summary>No alert: a code that shows that the address reaches its owner. By SMS and mail only, and never shared between people.</summary>
    VerificationCode,

    /// <summary>No alert: a bulletin, approved and published. By SMS and mail only; nothing is answered to it.</summary>
    Bulletin,

    /// <summary>No alert: somebody is asked to confirm how they are reached. By SMS and mail only, with a personal link.</summary>
    ContactRefresh,

    /// <summary>No alert: an administrator sees whether a channel works, by a message to themselves. Each channel marks it as such: see <see cref="TestMark"/>.</summary>
    Test,

    /// <summary>No alert: somebody is told that a link changed how they are reached. Nothing is answered to it.</summary>
    ContactChange,
}

/// <summary>What holds of a purpose.</summary>
public static class MessagePurposes
{
    /// <summary>Whether the message is about an alert: has its number and severity, and stands under it.</summary>
    public static bool IsOfAlert(this MessagePurpose purpose) => purpose is not (
        MessagePurpose.VerificationCode or MessagePurpose.Bulletin or MessagePurpose.ContactRefresh or MessagePurpose.Test or MessagePurpose.ContactChange);
}

/// <summary>One message to one contact point, in the recipient's language, variables filled in. The channel writes it in its own form.</summary>
/// <param name="DeliveryId">Which delivery this is; with <paramref name="Attempt"/> it is unique.</param>
/// <param name="Attempt">1 for the first attempt.</param>
/// <param name="IdempotencyKey">The same for every attempt of this delivery, for carriers that can drop duplicates. 1 to 64 ASCII characters.</param>
/// <param name="AlertNumber">The alert's number for people ("alert 42"). It and the alert's id mean nothing where the purpose is no alert's (<see cref="MessagePurposes.IsOfAlert"/>).</param>
/// <param name="Address">Sms: E.164 with '+'. Email: the mailbox. WebPush: the subscription as JSON. InApp: the person's UUID. Never logged.</param>
/// <param name="Organisation">Who sends, as people know it.</param>
/// <param name="Mode">An exercise is marked in the first characters by the channel: see <see cref="ExerciseMark"/>.</param>
/// <param name="Title">One line, at most 120 characters.</param>
/// <param name="Body">At most 4,000 characters; lines parted by '\n'.</param>
/// <param name="Answers">The answers asked for, in order; empty where none is.</param>
/// <param name="AnswerLink">The recipient's personal page, or null where there is none.</param>
/// <param name="RaisedAt">In the wall time of the organisation: the message states it as it stands here, with its offset.</param>
/// <param name="ExpiresAt">After this the carrier should drop it.</param>
public sealed record OutboundMessage(
    DeliveryId DeliveryId,
    int Attempt,
    string IdempotencyKey,
    AlertId AlertId,
    long AlertNumber,
    string Address,
    string Organisation,
    ContentLanguage Language,
    MessagePurpose Purpose,
    AlertMode Mode,
    Severity Severity,
    string Title,
    string Body,
    IReadOnlyList<OfferedAnswer> Answers,
    Uri? AnswerLink,
    DateTimeOffset RaisedAt,
    DateTimeOffset ExpiresAt);

/// <summary>An answer in the recipient's language. Its place in the list plus one is its digit in an SMS.</summary>
public readonly record struct OfferedAnswer(string Key, string Label);

/// <summary>The word that begins everything an exercise sends.</summary>
public static class ExerciseMark
{
    public static string In(ContentLanguage language) => language == ContentLanguage.En ? "EXERCISE" : "EXERCICE";
}

/// <summary>The word that begins every message that only tries a channel; the same in both languages.</summary>
public static class TestMark
{
    public const string Word = "TEST";
}
