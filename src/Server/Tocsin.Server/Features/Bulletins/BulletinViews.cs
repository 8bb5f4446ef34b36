using Tocsin.Alerting.Bulletins;
using Tocsin.Alerting.Content;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Bulletins;

/// <param name="Mode">Absent: real. It stays what it is.</param>
internal sealed record NewBulletin(BulletinDraft Draft, AlertMode Mode = AlertMode.Real);

/// <param name="After">The version that was seen while this was written: after another, it is refused.</param>
internal sealed record BulletinEdit(int After, BulletinDraft Draft);

/// <param name="Version">The one that was seen: another is neither approved nor published.</param>
internal sealed record BulletinVersionSeen(int Version);

internal sealed record NewBulletinQuestion(string Text);

internal sealed record BulletinAnswer(string Text);

/// <summary>Where a bulletin stands, in one word.</summary>
internal enum BulletinState
{
    /// <summary>Never published.</summary>
    Draft,

    Current,

    /// <summary>Current, and a correction of it is on its way.</summary>
    Correcting,

    Ended,
}

/// <param name="Version">The latest written.</param>
/// <param name="Approvals">Of that version.</param>
/// <param name="Title">Of that version.</param>
/// <param name="Readers">People who opened it in the app, each once.</param>
/// <param name="OpenQuestions">Questions without an answer.</param>
internal sealed record BulletinSummary(
    BulletinId Id,
    long Number,
    BulletinState State,
    AlertMode Mode,
    int Version,
    int? PublishedVersion,
    LocalizedText Title,
    int Approvals,
    DateTimeOffset WrittenAt,
    DateTimeOffset? PublishedAt,
    DateTimeOffset? EndedAt,
    int Readers,
    int OpenQuestions)
{
    public static BulletinState StateOf(Bulletin bulletin) => bulletin switch
    {
        { EndedAt: not null } => BulletinState.Ended,
        { PublishedVersion: null } => BulletinState.Draft,
        _ => bulletin.Version > bulletin.PublishedVersion ? BulletinState.Correcting : BulletinState.Current,
    };
}

/// <param name="Next">Cursor of the next page; absent on the last.</param>
internal sealed record BulletinPage(IReadOnlyList<BulletinSummary> Items, string? Next);

/// <param name="Versions">The latest first.</param>
/// <param name="Readers">Who opened it, in any version.</param>
/// <param name="ReadersOfPublished">Of them, those who opened what is published now.</param>
/// <param name="MayApprove">Whether whoever asks may approve the latest version.</param>
/// <param name="MayPublish">Whether the latest version has its approvals, and whoever asks may publish.</param>
internal sealed record BulletinDetail(
    BulletinId Id,
    long Number,
    BulletinState State,
    AlertMode Mode,
    int Version,
    int? PublishedVersion,
    DateTimeOffset? EndedAt,
    IReadOnlyList<BulletinVersionView> Versions,
    int Readers,
    int ReadersOfPublished,
    BulletinSent Sent,
    IReadOnlyList<BulletinQuestionView> Questions,
    bool MayApprove,
    bool MayPublish);

internal sealed record BulletinVersionView(
    int Version,
    BulletinDraft Draft,
    string Author,
    DateTimeOffset WrittenAt,
    IReadOnlyList<BulletinApprovalView> Approvals,
    DateTimeOffset? PublishedAt,
    string? PublishedBy)
{
    public static BulletinDraft DraftOf(BulletinVersion version) => new(
        version.Title,
        version.Body,
        (version.SummaryFr ?? version.SummaryEn) is null ? null : version.Summary,
        version.ToStaff,
        version.ByMail,
        version.BySms,
        version.ToPartners,
        version.ToPublic,
        version.Reason);
}

internal sealed record BulletinApprovalView(string Name, DateTimeOffset At);

/// <summary>Messages of the published version, by mail and SMS.</summary>
/// <param name="Waiting">Still to be sent, those not yet written down included as soon as they are.</param>
internal sealed record BulletinSent(int Waiting, int Sent, int Failed, bool IsWritten);

internal sealed record BulletinQuestionView(
    BulletinQuestionId Id, string Name, string Text, DateTimeOffset AskedAt, string? Answer, string? AnsweredBy, DateTimeOffset? AnsweredAt)
{
    public static BulletinQuestionView Of(BulletinQuestion question) =>
        new(question.Id, question.PersonName, question.Text, question.AskedAt, question.Answer, question.AnsweredByName, question.AnsweredAt);
}

/// <summary>Whom a publication of the latest version would reach now.</summary>
/// <param name="People">Active people of the directory.</param>
/// <param name="InApp">Of them, those with an account.</param>
/// <param name="ByMail">Of them, those with a mailbox; absent where the version does not go by mail.</param>
/// <param name="BySms">Of them, those with a mobile number; absent where it does not go by SMS.</param>
/// <param name="Partners">Each partner by name and mailbox.</param>
internal sealed record BulletinReach(int Version, bool ToStaff, int People, int InApp, int? ByMail, int? BySms, IReadOnlyList<PartnerMailbox> Partners, bool ToPublic);

/// <param name="Current">Published and not ended, the latest first.</param>
/// <param name="Missed">Ended before whoever asks opened them, the latest first.</param>
/// <param name="Earlier">Ended and read.</param>
internal sealed record MyBulletinList(IReadOnlyList<MyBulletinSummary> Current, IReadOnlyList<MyBulletinSummary> Missed, IReadOnlyList<MyBulletinSummary> Earlier);

/// <param name="Version">Which one is published.</param>
/// <param name="ReadVersion">The latest that whoever asks opened; absent: none. Below <paramref name="Version"/>: it was corrected since.</param>
internal sealed record MyBulletinSummary(
    BulletinId Id, long Number, AlertMode Mode, int Version, int? ReadVersion, LocalizedText Title, DateTimeOffset PublishedAt, DateTimeOffset? EndedAt);

/// <param name="History">Every version that was published, the latest first: the first of them is what holds.</param>
/// <param name="Questions">Those of whoever asks.</param>
internal sealed record MyBulletin(
    BulletinId Id, long Number, AlertMode Mode, int Version, DateTimeOffset? EndedAt, IReadOnlyList<PublishedText> History, IReadOnlyList<BulletinQuestionView> Questions);

/// <param name="Reason">What it corrected; absent for the first.</param>
internal sealed record PublishedText(int Version, LocalizedText Title, LocalizedText Body, DateTimeOffset PublishedAt, string? Reason);

/// <summary>Data of <c>bulletin.changed</c>, for the communication cell: whoever shows it reads it again.</summary>
internal sealed record BulletinChanged(BulletinId BulletinId, int Version, int? PublishedVersion);

/// <summary>Data of <c>bulletin.published</c> and <c>bulletin.ended</c>, for everybody.</summary>
internal sealed record BulletinAnnounced(BulletinId BulletinId, long Number, int Version, AlertMode Mode, LocalizedText Title);

/// <summary>Data of <c>bulletin.asked</c>, for the cell, and <c>bulletin.answered</c>, for whoever asked.</summary>
internal sealed record BulletinQuestionChanged(BulletinId BulletinId, BulletinQuestionId QuestionId);

/// <summary>What happens to bulletins, as the stream tells it. docs/protocol/bulletins.md lists the kinds.</summary>
internal static class BulletinEvents
{
    public const string Changed = "bulletin.changed";
    public const string Published = "bulletin.published";
    public const string Ended = "bulletin.ended";
    public const string Asked = "bulletin.asked";
    public const string Answered = "bulletin.answered";

    public static void AppendChanged(Storage.Commands.CommandTransaction transaction, Bulletin bulletin) =>
        transaction.Append(Changed, Storage.Events.EventVisibility.To(BulletinsFeature.Watchers), new BulletinChanged(bulletin.Id, bulletin.Version, bulletin.PublishedVersion));

    /// <param name="version">What is published: told to everybody where it is for staff, to the cell where not.</param>
    public static void AppendAnnounced(Storage.Commands.CommandTransaction transaction, string kind, Bulletin bulletin, BulletinVersion version) =>
        transaction.Append(
            kind,
            Storage.Events.EventVisibility.To(version.ToStaff ? Roles.All : BulletinsFeature.Watchers),
            new BulletinAnnounced(bulletin.Id, bulletin.Number, version.Version, bulletin.Mode, version.Title));
}
