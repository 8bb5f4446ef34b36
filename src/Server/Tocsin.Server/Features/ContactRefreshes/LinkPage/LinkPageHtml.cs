using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Tocsin.Alerting.Content;
using Tocsin.Server.Features.AnswerPage;
using Tocsin.Storage.ContactRefreshes;

namespace Tocsin.Server.Features.ContactRefreshes.LinkPage;

/// <summary>Writes the page: one file with the style of the answer page inside, and no script.</summary>
internal static class LinkPageHtml
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string Style = AnswerPageAssets.Read("answer.css") + AnswerPageAssets.Read("contact-refresh.css");

    public static string Write(LinkPageView view)
    {
        var words = LinkPageWords.In(view.Language);
        var html = new StringBuilder(8192);
        Open(html, words.Language, words.Title);
        html.Append(CultureInfo.InvariantCulture, $"<main><p class=from>{Encode(view.Organisation)}</p><h1>{words.Title}</h1>");
        html.Append(CultureInfo.InvariantCulture, $"<p>{words.For} <strong>{Encode(view.Name)}</strong><br>{words.Before} {Encode(view.Until)}</p>");
        Notice(html, words, view);
        if (view.Pending is { } pending) Pending(html, words, pending);
        Points(html, words, view);
        html.Append(CultureInfo.InvariantCulture, $"<form method=post>{Hidden(words, "confirm")}<div class=\"answers{(view.Standing is RefreshStanding.Confirmed or RefreshStanding.Changed ? " again" : "")}\"><button>{words.AllRight}</button></div></form>");
        html.Append(CultureInfo.InvariantCulture, $"<details class=more><summary>{words.Add}</summary>{Give(words, "add", null)}</details>");
        html.Append(CultureInfo.InvariantCulture, $"<details class=more><summary>{words.NotMe}</summary><form method=post>{Hidden(words, "not-me")}<p>{words.NotMeExplained}</p><button class=quiet>{words.NotMeButton}</button></form></details>");
        html.Append(CultureInfo.InvariantCulture, $"</main><footer><a href=\"?lang={words.OtherLanguage}\" lang={words.OtherLanguage} hreflang={words.OtherLanguage}>{words.OtherLanguageName}</a></footer></body></html>");
        return html.ToString();
    }

    /// <summary>For a link that is not one of ours, or not any more: both languages, because nobody knows whose it was.</summary>
    public static string WriteInvalid() => WriteInBoth(words => $"<h1>{words.Invalid}</h1><p>{words.InvalidExplained}</p>", words => words.Invalid);

    /// <summary>After whoever opened it said that they are somebody else: the link has ended.</summary>
    public static string WriteEnded() => WriteInBoth(words => $"<h1>{words.Of(LinkNotice.NotTheirs)}</h1>", words => words.NotMe);

    public static string WriteTooMany() => WriteInBoth(words => $"<h1>{words.Of(LinkNotice.TooMany)}</h1>", words => words.Invalid);

    private static string WriteInBoth(Func<LinkPageWords, string> text, Func<LinkPageWords, string> title)
    {
        var html = new StringBuilder(4096);
        Open(html, "fr", title(LinkPageWords.In(ContentLanguage.Fr)));
        html.Append("<main>");
        foreach (var words in (LinkPageWords[])[LinkPageWords.In(ContentLanguage.Fr), LinkPageWords.In(ContentLanguage.En)])
            html.Append(CultureInfo.InvariantCulture, $"<section lang={words.Language}>{text(words)}</section>");
        return html.Append("</main></body></html>").ToString();
    }

    private static void Open(StringBuilder html, string language, string title) => html.Append(
        CultureInfo.InvariantCulture,
        $"<!doctype html><html lang={language}><head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex><meta name=color-scheme content=\"light dark\"><title>{Encode(title)}</title><style>{Style}</style></head><body>");

    private static void Notice(StringBuilder html, LinkPageWords words, LinkPageView view)
    {
        html.Append("<div role=status>");
        var isGood = view.Notice is LinkNotice.Confirmed or LinkNotice.Verified or LinkNotice.Removed or LinkNotice.CodeSent;
        if (words.Of(view.Notice) is { } said) html.Append(CultureInfo.InvariantCulture, $"<p class={(isGood ? "done" : "notice")}>{said}</p>");
        else if (view.Standing is RefreshStanding.Confirmed or RefreshStanding.Changed) html.Append(CultureInfo.InvariantCulture, $"<p class=done>{words.Answered}</p>");
        html.Append("</div>");
    }

    private static void Pending(StringBuilder html, LinkPageWords words, string pending)
    {
        html.Append(CultureInfo.InvariantCulture, $"<section class=pending><h2>{words.CodeSentTo} {Encode(pending)}</h2><form method=post>{Hidden(words, "code")}<label for=code>{words.Code}</label><input id=code name=code inputmode=numeric autocomplete=one-time-code maxlength=12 required><div class=answers><button>{words.Check}</button></div></form>");
        html.Append(CultureInfo.InvariantCulture, $"<form method=post>{Hidden(words, "again")}<button class=quiet>{words.Again}</button></form><form method=post>{Hidden(words, "drop")}<button class=quiet>{words.Drop}</button></form></section>");
    }

    private static void Points(StringBuilder html, LinkPageWords words, LinkPageView view)
    {
        html.Append(CultureInfo.InvariantCulture, $"<p class=when>{(view.Points.Count == 0 ? words.Nothing : words.Hidden)}</p><ul class=points>");
        for (var i = 0; i < view.Points.Count; i++)
        {
            var point = view.Points[i];
            html.Append(CultureInfo.InvariantCulture, $"<li><p><span class=kind>{words.Of(point.Kind)}</span> <strong>{Encode(point.Hidden)}</strong>{(point.Label is { } label ? $" <span class=kind>{Encode(label)}</span>" : "")}</p>");
            if (point.IsLinks)
                html.Append(CultureInfo.InvariantCulture, $"<p class=when>✓ {words.LinkCameHere}</p>");
            else
                html.Append(CultureInfo.InvariantCulture, $"<details><summary>{words.Change}<span class=unseen> {words.Of(point.Kind)} {Encode(point.Hidden)}</span></summary>{Give(words, $"point-{i}", point.Id.Value)}<form method=post>{Hidden(words, "remove")}<input type=hidden name=point value={point.Id}><button class=quiet>{words.Remove}</button></form></details>");
            html.Append("</li>");
        }

        html.Append("</ul>");
    }

    private static string Give(LinkPageWords words, string id, Guid? replaces) =>
        $"<form method=post>{Hidden(words, "give")}{(replaces is { } point ? $"<input type=hidden name=point value={point}>" : "")}<label for={id}>{words.NewAddress}</label><input id={id} name=address maxlength=254 autocomplete=off required aria-describedby={id}-hint><p class=when id={id}-hint>{words.NewAddressHint}</p><button>{words.SendCode}</button></form>";

    private static string Hidden(LinkPageWords words, string action) => $"<input type=hidden name=do value={action}><input type=hidden name=lang value={words.Language}>";

    private static string Encode(string text) => Encoder.Encode(text);
}
