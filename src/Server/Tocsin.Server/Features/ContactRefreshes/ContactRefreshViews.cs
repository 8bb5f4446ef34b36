using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Storage.Commands;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Events;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <param name="Id">The group or site; absent for any other audience.</param>
/// <param name="Months">For <c>unverified</c>: 1 to 36; absent: 12.</param>
internal sealed record ContactRefreshAudience(RefreshAudience Kind, Guid? Id = null, int? Months = null);

/// <param name="Until">An hour to 92 days from now.</param>
/// <param name="Title">One line in each language: the subject of the mail, the first line of the SMS.</param>
/// <param name="Body">What the mail says before the date and the link, at most 1,000 characters.</param>
internal sealed record NewContactRefresh(ContactRefreshAudience Audience, DateTimeOffset Until, LocalizedText Title, LocalizedText Body);

/// <summary>Whom a campaign would tell now, and how.</summary>
/// <param name="ByMail">Those with a mail address, where mail is set up.</param>
/// <param name="BySms">Those with a mobile number and no mail address that could be used.</param>
/// <param name="Untold">Those with neither.</param>
/// <param name="FirstUntold">Some of those, at most 20, by name.</param>
internal sealed record ContactRefreshPreview(int People, int ByMail, int BySms, int Untold, IReadOnlyList<ContactRefreshName> FirstUntold);

internal sealed record ContactRefreshName(PersonId Id, string Name);

/// <param name="People">All for whom it is written down what they are told.</param>
/// <param name="Waiting">Told, or about to be, without an answer.</param>
/// <param name="Untold">Without a channel, or no carrier took the message.</param>
/// <param name="NotTheirs">Whoever opened the link said that they are somebody else.</param>
internal sealed record ContactRefreshCounts(int People, int Confirmed, int Changed, int Waiting, int Untold, int NotTheirs);

/// <summary>Messages that are no reminders.</summary>
internal sealed record ContactRefreshSent(int Waiting, int Sent, int Failed, int Withdrawn);

/// <param name="EndedBy">Who ended it early; absent where its time was over.</param>
internal sealed record ContactRefreshSummary(
    ContactRefreshId Id,
    long Number,
    ContactRefreshAudience Audience,
    string? AudienceName,
    string StartedBy,
    DateTimeOffset StartedAt,
    DateTimeOffset Until,
    DateTimeOffset? EndedAt,
    string? EndedBy,
    ContactRefreshCounts Counts)
{
    public static ContactRefreshSummary Of(ContactRefresh refresh, ContactRefreshCounts counts) => new(
        refresh.Id, refresh.Number, new ContactRefreshAudience(refresh.Audience, refresh.AudienceId, refresh.Months), refresh.AudienceName,
        refresh.StartedByName, refresh.StartedAt, refresh.Until, refresh.EndedAt, refresh.EndedByName, counts);
}

/// <param name="Next">Cursor of the next page; absent on the last.</param>
internal sealed record ContactRefreshPage(IReadOnlyList<ContactRefreshSummary> Items, string? Next);

/// <param name="RemindAt">When those who have not answered are told once more; absent where they are not, or were.</param>
/// <param name="IsWritten">Whether it is written down for everybody what they are told.</param>
internal sealed record ContactRefreshDetail(
    ContactRefreshSummary Summary, LocalizedText Title, LocalizedText Body, DateTimeOffset? RemindAt, bool IsWritten, ContactRefreshSent Sent);

/// <param name="Channel">How the person is told; absent where no channel reaches them.</param>
internal sealed record ContactRefreshPerson(PersonId Id, string Name, string? JobTitle, RefreshStanding Standing, ChannelKind? Channel, DateTimeOffset? AnsweredAt);

/// <summary>The campaign that asks whoever asks, if there is one.</summary>
/// <param name="Running">Absent where none asks them.</param>
internal sealed record MyContactRefreshView(MyRunningContactRefresh? Running);

/// <param name="AnsweredAt">Absent: not yet.</param>
internal sealed record MyRunningContactRefresh(ContactRefreshId Id, DateTimeOffset Until, DateTimeOffset? AnsweredAt);

/// <summary>Data of <c>contact-refresh.changed</c>: whoever shows it reads it again.</summary>
internal sealed record ContactRefreshChanged(ContactRefreshId ContactRefreshId);

internal static class ContactRefreshEvents
{
    /// <param name="person">Whose answer it was; null where it is no person's.</param>
    public static void Announce(CommandTransaction transaction, ContactRefreshId refresh, PersonId? person = null) =>
        transaction.Append("contact-refresh.changed", new EventVisibility(ContactRefreshesFeature.Watchers, person), new ContactRefreshChanged(refresh));
}
