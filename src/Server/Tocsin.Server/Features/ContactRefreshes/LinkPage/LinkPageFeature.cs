using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Alerting.Content;
using Tocsin.Server.Access;

namespace Tocsin.Server.Features.ContactRefreshes.LinkPage;

/// <summary>The page behind a campaign's personal link: no account, no script. Opening it confirms nothing, because mail and SMS scanners open links; each deed is a POST.</summary>
internal static class LinkPageFeature
{
    private const string Open = "the personal link itself is the right to confirm one person's contact details while a campaign runs: 128 unguessable bits";

    // An address of the greatest length has up to nine octets a character on the wire.
    private const int MaximumForm = 16 * 1024;

    public static void MapLinkPage(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(ContactRefreshLinks.Path + "{token}", ShowAsync).AllowAnonymousBecause(Open).ExcludeFromDescription();
        endpoints.MapPost(ContactRefreshLinks.Path + "{token}", TakeAsync).AllowAnonymousBecause(Open).ExcludeFromDescription().DisableAntiforgery()
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaximumForm));
    }

    private static async Task<IResult> ShowAsync(
        string token, string? lang, string? notice, ContactRefreshAnswers answers, LinkPageReader reader, LinkPageRate rate, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!rate.TryTake(context.Connection.RemoteIpAddress)) return TooMany();
        if (await answers.FindAsync(token, cancellationToken) is not { } holder) return Invalid();
        var seen = Enum.TryParse<LinkNotice>(notice, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : LinkNotice.None;
        return Page(LinkPageHtml.Write(await reader.ReadAsync(holder, LanguageOf(lang), seen, cancellationToken)), StatusCodes.Status200OK);
    }

    private static async Task<IResult> TakeAsync(string token, ContactRefreshAnswers answers, LinkPageRate rate, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!rate.TryTake(context.Connection.RemoteIpAddress)) return TooMany();
        var form = await LinkForm.ReadAsync(context.Request, cancellationToken) ?? new LinkForm(LinkAction.None, null, null, null, null);
        if (await answers.TakeAsync(token, form, context.Connection.RemoteIpAddress?.ToString(), cancellationToken) is not { } notice) return Invalid();
        if (notice == LinkNotice.NotTheirs) return Page(LinkPageHtml.WriteEnded(), StatusCodes.Status200OK);

        // Shown by a GET of its own, so that going back or reloading does nothing again.
        context.Response.Headers.Location = $"{ContactRefreshLinks.Path}{token}?notice={notice}{(form.Language is { } language ? $"&lang={language}" : "")}";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static ContentLanguage? LanguageOf(string? lang) => lang switch
    {
        "fr" => ContentLanguage.Fr,
        "en" => ContentLanguage.En,
        _ => null,
    };

    private static ContentHttpResult Page(string html, int status) => TypedResults.Content(html, "text/html; charset=utf-8", null, status);

    private static ContentHttpResult Invalid() => Page(LinkPageHtml.WriteInvalid(), StatusCodes.Status404NotFound);

    private static ContentHttpResult TooMany() => Page(LinkPageHtml.WriteTooMany(), StatusCodes.Status429TooManyRequests);
}
