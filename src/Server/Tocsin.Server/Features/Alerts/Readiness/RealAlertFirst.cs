namespace Tocsin.Server.Features.Alerts.Readiness;

/// <summary>Ends the rehearsal as soon as somebody who is signed in asks for an alert, before the request is read: reading it is part of what takes long the first time.</summary>
internal static class RealAlertFirst
{
    public static void UseRealAlertFirst(this WebApplication app)
    {
        var rehearsal = app.Services.GetRequiredService<FirstAlertRehearsal>();
        app.Use(async (context, next) =>
        {
            // The rehearsal itself asks as a stranger.
            if (HttpMethods.IsPost(context.Request.Method) && context.Request.Path == "/api/v1/alerts" && context.User.Identity is { IsAuthenticated: true }) rehearsal.GiveWay();
            await next(context);
        });
    }
}
