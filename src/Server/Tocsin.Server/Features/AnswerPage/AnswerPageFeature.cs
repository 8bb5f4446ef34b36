using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Alerting.Content;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Alerts.Answers;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AnswerPage;

/// <summary>The page behind a recipient's personal link: no account, no script needed. Opening it answers nothing, because mail and SMS scanners open links; the answer is a POST.</summary>
internal static class AnswerPageFeature
{
    private const string Open = "the personal link itself is the right to answer: 128 unguessable bits for one alert";
    private const string Asset = "a script without data, needed by the page that needs no account";

    // A comment of the greatest length has up to nine octets a character on the wire.
    private const int MaximumForm = 16 * 1024;

    // Whoever holds a link can change their mind this often; more is not a person.
    private const int MostAnswers = 100;

    public static void AddAnswerPage(this IServiceCollection services) => services.AddSingleton<AnswerPageReader>();

    public static void MapAnswerPage(this IEndpointRouteBuilder endpoints)
    {
        MapAsset(endpoints, "answer.js");
        MapAsset(endpoints, "worker.js");
        endpoints.MapGet(AnswerLinks.Path + "{token}", ShowAsync).AllowAnonymousBecause(Open).ExcludeFromDescription();
        endpoints.MapPost(AnswerLinks.Path + "{token}", TakeAsync).AllowAnonymousBecause(Open).ExcludeFromDescription().DisableAntiforgery()
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaximumForm));
    }

    private static void MapAsset(IEndpointRouteBuilder endpoints, string name)
    {
        var script = AnswerPageAssets.Read(name);
        endpoints.MapGet(AnswerLinks.Path + name, (HttpContext context) =>
            {
                context.Response.Headers.CacheControl = "no-cache";
                return TypedResults.Text(script, "text/javascript; charset=utf-8");
            })
            .AllowAnonymousBecause(Asset).ExcludeFromDescription();
    }

    private static async Task<IResult> ShowAsync(
        string token, string? lang, string? notice, AnswerAlert answers, AnswerPageReader reader, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await answers.FindLinkHolderAsync(token, cancellationToken) is not { } holder) return Invalid();
        var seen = Enum.TryParse<PageNotice>(notice, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : PageNotice.None;
        return Page(AnswerPageHtml.Write(await reader.ReadAsync(holder.Recipient, LanguageOf(lang) ?? holder.Recipient.Language, seen, cancellationToken)), StatusCodes.Status200OK);
    }

    private static async Task<IResult> TakeAsync(
        string token, AnswerAlert answers, AnswerPageReader reader, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await answers.FindLinkHolderAsync(token, cancellationToken) is not { } holder) return Invalid();
        if (await AnswerForm.ReadAsync(context.Request, cancellationToken) is not { } form) return await RefuseAsync(PageNotice.Refused, StatusCodes.Status400BadRequest);
        if (await reader.CountAnswersAsync(holder.Recipient, cancellationToken) >= MostAnswers) return await RefuseAsync(PageNotice.TooMany, StatusCodes.Status429TooManyRequests);
        var answer = new RecipientAnswer(holder.Alert, holder.Id, form.Choice, form.Comment, form.Position, AnswerVia.Link, null, form.Id, form.At ?? time.GetUtcNow());
        var result = await answers.AnswerAsync(answer, cancellationToken);
        if (result != AnswerResult.Taken) return await RefuseAsync(PageNotice.Refused, StatusCodes.Status400BadRequest);

        // Shown by a GET of its own, so that going back or reloading sends nothing again.
        var shown = form.Choice is null ? $"&notice={nameof(PageNotice.CommentTaken)}" : "";
        context.Response.Headers.Location = $"{AnswerLinks.Path}{token}?lang={form.Language ?? (holder.Recipient.Language == ContentLanguage.En ? "en" : "fr")}{shown}";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);

        async Task<IResult> RefuseAsync(PageNotice notice, int status) =>
            Page(AnswerPageHtml.Write(await reader.ReadAsync(holder.Recipient, holder.Recipient.Language, notice, cancellationToken)), status);
    }

    internal static ContentLanguage? LanguageOf(string? lang) => lang switch
    {
        "fr" => ContentLanguage.Fr,
        "en" => ContentLanguage.En,
        _ => null,
    };

    private static ContentHttpResult Page(string html, int status) => TypedResults.Content(html, "text/html; charset=utf-8", null, status);

    private static ContentHttpResult Invalid() => Page(AnswerPageHtml.WriteInvalid(), StatusCodes.Status404NotFound);
}
