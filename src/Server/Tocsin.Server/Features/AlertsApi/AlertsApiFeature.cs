using Tocsin.Server.Access;
using Tocsin.Server.Features.AlertsApi.Acting;
using Tocsin.Server.Features.AlertsApi.Audiences;
using Tocsin.Server.Features.AlertsApi.Board;
using Tocsin.Server.Features.AlertsApi.Exports;
using Tocsin.Server.Features.AlertsApi.Mine;
using Tocsin.Server.Features.AlertsApi.Preview;
using Tocsin.Server.Features.AlertsApi.Raising;
using Tocsin.Server.Features.AlertsApi.Recipients;
using Tocsin.Server.Features.AlertsApi.Replies;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.AlertsApi;

/// <summary>Alerts over HTTP: raise them, follow their board, act on it, answer one's own.</summary>
internal static class AlertsApiFeature
{
    /// <summary>Whoever may see boards: the same as hear their events. An administrator keeps the system, and reads no answer.</summary>
    public const Roles Readers = Roles.CrisisDirector | Roles.CrisisMember | Roles.Communicator | Roles.Auditor;

    /// <summary>Whoever acts while an alert runs.</summary>
    public const Roles Crew = Roles.CrisisDirector | Roles.CrisisMember;

    private const string Json = "application/json";

    public static void AddAlertsApi(this IServiceCollection services)
    {
        services.AddSingleton<AlertReading>();
        services.AddSingleton<BoardReading>();
        services.AddSingleton<AskedAlert>();
    }

    public static void MapAlertsApi(this IEndpointRouteBuilder endpoints)
    {
        var alerts = endpoints.MapGroup("/api/v1/alerts").WithTags("alerts");
        MapRaising(alerts);
        MapBoard(alerts);
        MapActing(alerts);
        MapRecipients(alerts);
        MapMine(endpoints.MapGroup("/api/v1/me/alerts").WithTags("my alerts"));
        endpoints.MapGet("/api/v1/replies/stray", StrayReplyReading.ListAsync).WithTags("alerts").RequireRole(Crew).WithName("listStrayReplies");
    }

    private static void MapRaising(RouteGroupBuilder alerts)
    {
        alerts.MapPost("/", RaiseEndpoint.RaiseAsync).RequireRole(Crew, TokenScopes.RaiseAlert).WithIdempotency().Accepts<RaiseRequest>(Json).WithName("raiseAlert");
        alerts.MapPost("/audience-count", AudienceCountEndpoint.CountAsync)
            .RequireRole(Crew | Roles.Communicator | Roles.Administrator).Accepts<AudienceQuestion>(Json).WithName("countAudience");
        alerts.MapPost("/preview", PreviewEndpoint.PreviewAsync)
            .RequireRole(Crew | Roles.Communicator | Roles.Administrator).Accepts<PreviewRequest>(Json).WithName("previewAlert");
    }

    private static void MapBoard(RouteGroupBuilder alerts)
    {
        alerts.MapGet("/", AlertEndpoints.ListAsync).RequireRole(Readers, TokenScopes.ReadAlerts).WithName("listAlerts");
        alerts.MapGet("/under-way", UnderWayEndpoint.GetAsync).RequireRole(Readers | Roles.Administrator).WithName("readUnderWay");
        alerts.MapGet("/{id:guid}", AlertEndpoints.GetAsync).RequireRole(Readers, TokenScopes.ReadAlerts).WithName("getAlert");
        alerts.MapGet("/{id:guid}/board", BoardEndpoint.GetAsync).RequireRole(Readers, TokenScopes.ReadAlerts).WithName("getBoard");
        alerts.MapGet("/by-number/{number:long}/board", BoardEndpoint.GetByNumberAsync).RequireRole(Readers, TokenScopes.ReadAlerts).WithName("getBoardByNumber");
        alerts.MapGet("/{id:guid}/board/groups", BoardEndpoint.GetGroupsAsync).RequireRole(Readers).WithName("getBoardGroups");
        alerts.MapGet("/{id:guid}/timeline", AlertTimeline.GetAsync).RequireRole(Readers).WithName("getAlertTimeline");
        alerts.MapGet("/{id:guid}/export.csv", ExportEndpoints.CsvAsync).RequireRole(Readers).WithName("exportBoardCsv");
        alerts.MapGet("/{id:guid}/export.pdf", ExportEndpoints.PdfAsync).RequireRole(Readers).WithName("exportBoardPdf");
    }

    private static void MapActing(RouteGroupBuilder alerts)
    {
        alerts.MapPost("/{id:guid}/updates", FollowUpEndpoints.UpdateAsync)
            .RequireRole(Crew | Roles.Communicator).WithIdempotency().Accepts<FollowUpText>(Json).WithName("updateAlert");
        alerts.MapPost("/{id:guid}/all-clear", FollowUpEndpoints.AllClearAsync).RequireRole(Crew).WithIdempotency().Accepts<EndingText>(Json).WithName("giveAllClear");
        alerts.MapPost("/{id:guid}/cancellation", FollowUpEndpoints.CancelAsync).RequireRole(Crew).WithIdempotency().Accepts<EndingText>(Json).WithName("cancelAlert");
        alerts.MapPost("/{id:guid}/reminders", RemindSilent.RemindAsync).RequireRole(Crew).WithIdempotency().WithName("remindSilent");
        alerts.MapPost("/{id:guid}/resend-to-failed", ResendToRecipient.ResendToFailedAsync).RequireRole(Crew).WithIdempotency().WithName("resendToFailed");
    }

    private static void MapRecipients(RouteGroupBuilder alerts)
    {
        alerts.MapGet("/{id:guid}/recipients", RecipientPages.ListAsync).RequireRole(Readers).WithName("listRecipients");
        var recipient = alerts.MapGroup("/{id:guid}/recipients/{recipientId:long}");
        recipient.MapGet("/", RecipientReading.GetAsync).RequireRole(Readers).WithName("getRecipient");
        recipient.MapPost("/resend", ResendToRecipient.ResendAsync).RequireRole(Crew).WithIdempotency().WithName("resendToRecipient");
        recipient.MapPost("/answers", EnteredAnswers.EnterAsync).RequireRole(Crew).WithIdempotency().Accepts<EnteredAnswer>(Json).WithName("enterAnswer");
        recipient.MapPost("/reply-read", EnteredAnswers.MarkReadAsync).RequireRole(Crew).WithIdempotency().WithName("markReplyRead");
        recipient.MapPost("/revoke-link", LinkRevocation.RevokeAsync).RequireRole(Crew).WithIdempotency().WithName("revokeAnswerLink");
    }

    private static void MapMine(RouteGroupBuilder mine)
    {
        mine.MapGet("/", MyAlerts.ListAsync).RequireSignedIn().WithName("listMyAlerts");
        mine.MapPost("/{id:guid}/answers", MyAlerts.AnswerAsync).RequireSignedIn().WithIdempotency().Accepts<MyAnswer>(Json).WithName("answerMyAlert");
        mine.MapPost("/{id:guid}/seen", MyAlerts.MarkSeenAsync).RequireSignedIn().WithIdempotency().WithName("markMyAlertSeen");
    }
}
