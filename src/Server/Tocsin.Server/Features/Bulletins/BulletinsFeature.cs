using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Bulletins.Sending;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Bulletins;

/// <summary>One approved text for staff, partners and the public, with its history, its readers and their questions.</summary>
internal static class BulletinsFeature
{
    /// <summary>The communication cell: writes, approves, publishes, answers.</summary>
    public const Roles Editors = Roles.CrisisDirector | Roles.Communicator;

    /// <summary>Whoever sees drafts, approvals and questions.</summary>
    public const Roles Watchers = Editors | Roles.Auditor;

    private const string Json = "application/json";

    public static void AddBulletins(this IServiceCollection services)
    {
        services.AddSingleton<BulletinWakeUp>();
        services.AddHostedService<BulletinSender>();
    }

    public static void MapBulletins(this IEndpointRouteBuilder endpoints)
    {
        var bulletins = endpoints.MapGroup("/api/v1/bulletins").WithTags("bulletins");
        bulletins.MapGet("/", BulletinReading.ListAsync).RequireRole(Watchers).WithName("listBulletins");
        bulletins.MapPost("/", BulletinWriting.CreateAsync).RequireRole(Editors).WithIdempotency().Accepts<NewBulletin>(Json).WithName("createBulletin");
        bulletins.MapGet("/partners", PartnerMailboxes.GetAsync).RequireRole(Watchers).WithName("getBulletinPartners");
        bulletins.MapPut("/partners", PartnerMailboxes.ChangeAsync).RequireRole(Editors).Accepts<PartnerList>(Json).WithName("changeBulletinPartners");
        bulletins.MapGet("/{id:guid}", BulletinReading.GetAsync).RequireRole(Watchers).WithName("getBulletin");
        bulletins.MapGet("/{id:guid}/reach", BulletinReading.ReachAsync).RequireRole(Watchers).WithName("getBulletinReach");
        bulletins.MapPost("/{id:guid}/versions", BulletinWriting.WriteAsync).RequireRole(Editors).WithIdempotency().Accepts<BulletinEdit>(Json).WithName("writeBulletinVersion");
        bulletins.MapPost("/{id:guid}/approvals", BulletinPublishing.ApproveAsync).RequireRole(Editors).WithIdempotency().Accepts<BulletinVersionSeen>(Json).WithName("approveBulletin");
        bulletins.MapPost("/{id:guid}/publication", BulletinPublishing.PublishAsync).RequireRole(Editors).WithIdempotency().Accepts<BulletinVersionSeen>(Json).WithName("publishBulletin");
        bulletins.MapPost("/{id:guid}/end", BulletinPublishing.EndAsync).RequireRole(Editors).WithIdempotency().WithName("endBulletin");
        bulletins.MapPost("/{id:guid}/questions/{question:guid}/answer", BulletinQuestions.AnswerAsync)
            .RequireRole(Editors).WithIdempotency().Accepts<BulletinAnswer>(Json).WithName("answerBulletinQuestion");
        var mine = endpoints.MapGroup("/api/v1/me/bulletins").WithTags("my bulletins");
        mine.MapGet("/", MyBulletins.ListAsync).RequireSignedIn().WithName("listMyBulletins");
        mine.MapGet("/{id:guid}", MyBulletins.GetAsync).RequireSignedIn().WithName("getMyBulletin");
        mine.MapPost("/{id:guid}/reading", MyBulletins.ReadAsync).RequireSignedIn().WithIdempotency().Accepts<BulletinVersionSeen>(Json).WithName("readMyBulletin");
        mine.MapPost("/{id:guid}/questions", BulletinQuestions.AskAsync).RequireSignedIn().WithIdempotency().Accepts<NewBulletinQuestion>(Json).WithName("askAboutBulletin");
    }
}

internal static class BulletinRefusals
{
    public static readonly Refusal Changed = new("bulletin-changed", 409, "Somebody wrote a newer version of this bulletin: read it first.");
    public static readonly Refusal Ended = new("bulletin-ended", 409, "This bulletin has ended: write a new one.");
    public static readonly Refusal OwnText = new("bulletin-own-text", 409, "Whoever wrote a version can not approve it: ask somebody else of the cell.");
    public static readonly Refusal ApprovedAlready = new("bulletin-approved-already", 409, "You have approved this version: the other approval must be somebody else's.");
    public static readonly Refusal NotApproved = new("bulletin-not-approved", 409, "Two people who did not write this version must approve it first.");
    public static readonly Refusal PublishedAlready = new("bulletin-published-already", 409, "This version is published: a correction is a new version.");
    public static readonly Refusal NotPublished = new("bulletin-not-published", 409, "This bulletin was never published: there is nothing to end.");
    public static readonly Refusal ReasonMissing = new("bulletin-reason-missing", 409, "A correction says what it corrects.");
    public static readonly Refusal TooManyVersions = new("bulletin-versions-too-many", 409, "This bulletin has as many versions as it can have: end it and write a new one.");
    public static readonly Refusal TooManyQuestions = new("bulletin-questions-too-many", 409, "You have asked as many questions about this bulletin as one can: wait for the answers.");
    public static readonly Refusal AnsweredAlready = new("bulletin-question-answered", 409, "Somebody has answered this question.");
}
