using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.ContactRefreshes.LinkPage;
using Tocsin.Server.Features.ContactRefreshes.Sending;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <summary>Campaigns in which people confirm how they are reached, by a personal link, until a moment.</summary>
internal static class ContactRefreshesFeature
{
    /// <summary>Who sees how a campaign goes: those who read the page of readiness.</summary>
    public const Roles Watchers = Roles.Administrator | Roles.CrisisDirector | Roles.Auditor;

    private const string Json = "application/json";

    public static void AddContactRefreshes(this IServiceCollection services)
    {
        services.AddSingleton<ContactRefreshWakeUp>();
        services.AddSingleton<ContactRefreshLinks>();
        services.AddSingleton<ContactRefreshAnswers>();
        services.AddSingleton<LinkPageRate>();
        services.AddSingleton<LinkPageReader>();
        services.AddHostedService<ContactRefreshSender>();
        services.AddSingleton<ContactChangeNotices>();
        services.AddHostedService<ContactChangeSender>();
    }

    public static void MapContactRefreshes(this IEndpointRouteBuilder endpoints)
    {
        var refreshes = endpoints.MapGroup("/api/v1/contact-refreshes").WithTags("contact refreshes");
        refreshes.MapGet("/", ContactRefreshReading.ListAsync).RequireRole(Watchers).WithName("listContactRefreshes");
        refreshes.MapPost("/", ContactRefreshRunning.StartAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().Accepts<NewContactRefresh>(Json).WithName("startContactRefresh");
        refreshes.MapPost("/preview", ContactRefreshRunning.PreviewAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().Accepts<ContactRefreshAudience>(Json).WithName("previewContactRefresh");
        refreshes.MapGet("/{id:guid}", ContactRefreshReading.GetAsync).RequireRole(Watchers).WithName("readContactRefresh");
        refreshes.MapGet("/{id:guid}/people", ContactRefreshReading.PeopleAsync).RequireRole(Watchers).WithName("listContactRefreshPeople");
        refreshes.MapGet("/{id:guid}/people.csv", ContactRefreshExport.CsvAsync).RequireRole(Watchers).WithName("exportContactRefreshPeople");
        refreshes.MapPost("/{id:guid}/end", ContactRefreshRunning.EndAsync).RequireRole(DirectoryAccess.Writers).WithIdempotency().WithName("endContactRefresh");
        var mine = endpoints.MapGroup("/api/v1/me/contact-refresh").WithTags("contact refreshes");
        mine.MapGet("/", MyContactRefresh.GetAsync).RequireSignedIn().WithName("readMyContactRefresh");
        mine.MapPost("/confirm", MyContactRefresh.ConfirmAsync).RequireSignedIn().WithIdempotency().WithName("confirmMyContactRefresh");
        endpoints.MapLinkPage();
    }
}

internal static class ContactRefreshRefusals
{
    public static readonly Refusal Running = new("contact-refresh-running", 409, "Another campaign is under way: end it first, or wait for its date.");
    public static readonly Refusal Nobody = new("contact-refresh-nobody", 409, "Nobody of them can be told by mail or SMS.");
    public static readonly Refusal Ended = new("contact-refresh-ended", 409, "This campaign has ended.");
}
