using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AnswerPage;

/// <summary>Writes the page: one file with its style inside, readable in two seconds, working without any script.</summary>
internal static class AnswerPageHtml
{
    // Everything but markup stays as it is: a page in French is a third smaller than with entities for each accent.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string Style = AnswerPageAssets.Read("answer.css");

    // A shape for each severity, beside its word and colour: circle, diamond, triangle, octagon.
    private static readonly string[] Shapes =
    [
        "<circle cx='12' cy='12' r='10'/>",
        "<path d='M12 1l11 11-11 11L1 12z'/>",
        "<path d='M12 2l11 20H1z'/>",
        "<path d='M7 1h10l6 6v10l-6 6H7l-6-6V7z'/>",
    ];

    public static string Write(AnswerPageView view)
    {
        var words = AnswerPageWords.In(view.Language);
        var html = new StringBuilder(8192);
        Open(html, words, view.Title);
        if (view.Mode == AlertMode.Exercise)
            html.Append(CultureInfo.InvariantCulture, $"<p class=exercise><strong>{words.Exercise}</strong> {words.ExerciseExplained}</p>");
        html.Append("<main>");
        Header(html, words, view);
        Message(html, view);
        Response(html, words, view);
        if (view.Meeting is { } meeting)
            html.Append(CultureInfo.InvariantCulture, $"<p class=meeting><a href=\"/meetings/{meeting}\">{words.JoinMeeting}</a></p><p class=when>{words.JoinMeetingHow}</p>");
        html.Append(CultureInfo.InvariantCulture, $"</main><footer><a href=\"?lang={words.OtherLanguage}\" lang={words.OtherLanguage} hreflang={words.OtherLanguage}>{words.OtherLanguageName}</a></footer>");
        html.Append("<script src=/a/answer.js defer></script></body></html>");
        return html.ToString();
    }

    /// <summary>For a link that is not one of ours, or not any more: both languages, because nobody knows whose it was.</summary>
    public static string WriteInvalid()
    {
        var html = new StringBuilder(4096);
        var french = AnswerPageWords.In(ContentLanguage.Fr);
        var english = AnswerPageWords.In(ContentLanguage.En);
        Open(html, french, french.LinkInvalid);
        html.Append("<main>");
        foreach (var words in (AnswerPageWords[])[french, english])
            html.Append(CultureInfo.InvariantCulture, $"<section lang={words.Language}><h1>{words.LinkInvalid}</h1><p>{words.LinkInvalidExplained}</p></section>");
        return html.Append("</main></body></html>").ToString();
    }

    private static void Open(StringBuilder html, AnswerPageWords words, string title) => html.Append(
        CultureInfo.InvariantCulture,
        $"<!doctype html><html lang={words.Language}><head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex><meta name=color-scheme content=\"light dark\"><title>{Encoder.Encode(title)}</title><style>{Style}</style></head><body>");

    private static void Header(StringBuilder html, AnswerPageWords words, AnswerPageView view)
    {
        var severity = (int)view.Severity;
        html.Append(CultureInfo.InvariantCulture, $"<p class=from>{Encoder.Encode(view.Organisation)}</p>");
        if (view.Purpose is MessagePurpose.AllClear or MessagePurpose.Cancellation)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"mark over\">✓ {(view.Purpose == MessagePurpose.AllClear ? words.AllClear : words.Cancelled)}</p>");
        else
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"mark s{severity}\"><svg viewBox='0 0 24 24' aria-hidden=true>{Shapes[severity]}</svg>{words.Alert} · {words.Severities[severity]}</p>");
        html.Append(CultureInfo.InvariantCulture, $"<h1>{Encoder.Encode(view.Title)}</h1><p class=when>{words.Raised} {Time(view.RaisedAt, view.Language)}");
        if (view.UpdatedAt > view.RaisedAt) html.Append(CultureInfo.InvariantCulture, $"<br>{words.Updated} {Time(view.UpdatedAt, view.Language)}");
        html.Append("</p>");
    }

    private static void Message(StringBuilder html, AnswerPageView view)
    {
        html.Append("<div class=body>");
        foreach (var paragraph in view.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            html.Append("<p>").Append(Linked(paragraph)).Append("</p>");
        html.Append("</div>");
    }

    /// <summary>The one link that a message can end with is shown as a link; anything else stays text.</summary>
    private static string Linked(string paragraph)
    {
        var start = paragraph.IndexOf("https://", StringComparison.Ordinal);
        if (start < 0 || !Uri.TryCreate(paragraph[start..], UriKind.Absolute, out var link)) return Encoder.Encode(paragraph);
        return $"{Encoder.Encode(paragraph[..start])}<a href=\"{Encoder.Encode(link.AbsoluteUri)}\" rel=noreferrer>{Encoder.Encode(paragraph[start..])}</a>";
    }

    private static void Response(StringBuilder html, AnswerPageWords words, AnswerPageView view)
    {
        html.Append("<div id=status role=status>");
        if (view.Notice != PageNotice.None) html.Append(CultureInfo.InvariantCulture, $"<p class=notice>{NoticeIn(words, view.Notice)}</p>");
        if (view.Answered is { } answered)
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"done{(answered.NeedsHelp ? " help" : "")}\"><p><strong>{words.Thanks}</strong></p><p>{words.YourAnswer} <strong>{Encoder.Encode(answered.Label)}</strong> ({Clock(answered.At)})</p><p>{(answered.NeedsHelp ? words.HelpSeen : words.AnswerSeen)}</p></div>");
        html.Append("</div>");
        if (view.State != AlertState.Active || view.Answers.Count == 0)
            html.Append(CultureInfo.InvariantCulture, $"<p class=when>{(view.State == AlertState.Expired ? words.Expired : view.State == AlertState.Active ? words.NoAnswerAsked : "")}</p>");
        else
            Form(html, words, view);
    }

    private static void Form(StringBuilder html, AnswerPageWords words, AnswerPageView view)
    {
        html.Append(CultureInfo.InvariantCulture, $"<form method=post data-kept=\"{words.Kept}\" data-position=\"{words.PositionAdded}\" data-no-position=\"{words.PositionRefused}\"><input type=hidden name=id value={view.SubmissionId}><input type=hidden name=latitude><input type=hidden name=longitude><input type=hidden name=accuracy><input type=hidden name=lang value={words.Language}>");
        var heading = view.Answered is null ? words.Question : words.Change;
        html.Append(CultureInfo.InvariantCulture, $"<fieldset class=\"answers{(view.Answered is null ? "" : " again")}\"><legend>{heading}</legend>");
        foreach (var answer in view.Answers)
            html.Append(CultureInfo.InvariantCulture, $"<button id=\"answer-{Encoder.Encode(answer.Key)}\" name=choice value=\"{Encoder.Encode(answer.Key)}\">{Encoder.Encode(answer.Label)}</button>");
        html.Append(CultureInfo.InvariantCulture, $"</fieldset><label for=comment>{words.Comment}</label><textarea id=comment name=comment rows=2 maxlength=1000 placeholder=\"{words.CommentHint}\"></textarea><button type=button id=position hidden>{words.Position}</button><button class=quiet>{words.SendComment}</button></form>");
    }

    private static string NoticeIn(AnswerPageWords words, PageNotice notice) => notice switch
    {
        PageNotice.CommentTaken => words.CommentSent,
        PageNotice.TooMany => words.TooMany,
        _ => words.AnswerRefused,
    };

    /// <summary>With its offset: whoever is away reads it on a clock that shows another time.</summary>
    private static string Time(DateTimeOffset wall, ContentLanguage language)
    {
        var culture = CultureInfo.GetCultureInfo(language == ContentLanguage.En ? "en-GB" : "fr-FR");
        var day = wall.ToString("d MMMM", culture);
        if (language == ContentLanguage.Fr && wall.Day == 1) day = "1er" + day[1..];
        return $"<time datetime=\"{wall.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\">{Encoder.Encode(day)}, {Clock(wall)} ({UtcOffset.Of(wall)})</time>";
    }

    private static string Clock(DateTimeOffset wall) => wall.ToString("HH:mm", CultureInfo.InvariantCulture);
}
