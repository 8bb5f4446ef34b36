using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Bulletins;

/// <summary>One version of a bulletin as its author wrote it: the words, and who is to have them.</summary>
/// <param name="Title">One line of at most <see cref="ContentBounds.Title"/> characters.</param>
/// <param name="Body">At most <see cref="ContentBounds.Body"/> characters, lines parted by '\n'.</param>
/// <param name="Summary">What an SMS says after the title, at most <see cref="BulletinRules.Summary"/> characters; absent: the title alone.</param>
/// <param name="ToStaff">Everybody in the directory; those with an account read it in the app.</param>
/// <param name="ByMail">Staff get it by mail, too. Means nothing without <paramref name="ToStaff"/>.</param>
/// <param name="BySms">Staff get title and summary by SMS, too. Means nothing without <paramref name="ToStaff"/>.</param>
/// <param name="ToPartners">The mailboxes of the list of partners.</param>
/// <param name="ToPublic">The public page and its feed.</param>
/// <param name="Reason">What a correction corrects. Read by whoever reads the history.</param>
public sealed record BulletinDraft(
    LocalizedText Title,
    LocalizedText Body,
    LocalizedText? Summary = null,
    bool ToStaff = false,
    bool ByMail = false,
    bool BySms = false,
    bool ToPartners = false,
    bool ToPublic = false,
    string? Reason = null);
