using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Storage.Commands;

namespace Tocsin.Server.Hosting;

/// <summary>Requests that have nothing to do with an alert let a long writer, such as an import, finish; alerts and their answers do not wait for it (<see cref="WriteGate"/>).</summary>
internal static class WriteHurry
{
    private static readonly PathString[] hurried = ["/api/v1/alerts", "/api/v1/me/alerts", AnswerLinks.Path.TrimEnd('/')];

    public static void UseWriteHurry(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (!hurried.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal))) WriteGate.BeUnhurried();
        await next(context);
    });
}
