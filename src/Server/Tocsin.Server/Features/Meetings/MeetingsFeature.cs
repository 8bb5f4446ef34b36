using Microsoft.AspNetCore.SignalR;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Events;
using Tocsin.Server.Features.Meetings.Calls;
using Tocsin.Server.Features.Meetings.Durable;
using Tocsin.Server.Features.Meetings.GuestLinks;
using Tocsin.Server.Features.Meetings.Media;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.PostgreSql;

namespace Tocsin.Server.Features.Meetings;

/// <summary>Meetings: durable over HTTP, the call over the hub, media over UDP.</summary>
internal static class MeetingsFeature
{
    public static void AddMeetings(this IServiceCollection services)
    {
        services.AddSingleton<MediaService>();
        services.AddHostedService(provider => provider.GetRequiredService<MediaService>());
        services.AddSingleton<MeetingCommands>();
        services.AddSingleton<GuestLinkReading>();
        services.AddSingleton<ResumeTickets>();
        services.AddSingleton<Reception>();
        services.AddSingleton<MeetingLeases>();
        services.AddSingleton<CallRegistry>();
        services.AddSingleton<CallDoor>();
        services.AddSingleton<CallOrder>();
        services.AddSingleton<MediaChecks>();
        services.AddHostedService<QualityWatch>();
        services.AddHostedService<SilenceWatch>();
        services.AddHostedService<CallFollower>();
        // A change of a large call's group in one message; guests change none, so that their hub keeps its bound.
        services.AddSignalR().AddHubOptions<SessionHub>(hub => hub.MaximumReceiveMessageSize = CallGroup.LongestCommit + CallGroup.LongestGroupInfo + CallGroup.LongestWelcome + (32 * 1024));
        services.Configure<JsonHubProtocolOptions>(json => LeavesOutNullsAttribute.Heed(json.PayloadSerializerOptions));
        services.ConfigureHttpJsonOptions(json => LeavesOutNullsAttribute.Heed(json.SerializerOptions));
    }

    public static void MapMeetings(this IEndpointRouteBuilder endpoints)
    {
        var meetings = endpoints.MapGroup("/api/v1/meetings").WithTags("meetings");
        MeetingEndpoints.Map(endpoints, meetings);
        GuestLinkEndpoints.Map(endpoints, meetings);
        meetings.MapGet("/router", () => TypedResults.Ok(RtpWriting.Router)).WithName("readRouter")
            .AllowAnonymousBecause("it says which codecs this program passes on: the same for all, and guests need it before they join");
        endpoints.MapHubWhenCalled<SessionHub>("/hub").RequireSignedIn();
        endpoints.MapHubWhenCalled<GuestHub>("/hub/guest").AllowAnonymousBecause("a guest's link, shown when joining, is the right to ask to be let in; nothing else can be called before");
    }
}
