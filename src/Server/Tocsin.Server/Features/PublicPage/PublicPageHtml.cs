using System.Security.Cryptography;
using System.Text;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;

namespace Tocsin.Server.Features.PublicPage;

/// <summary>The page in one language: one file without script, that any web host serves and any browser of twenty years shows.</summary>
internal static class PublicPageHtml
{
    /// <summary>A page on a bad line is read, not waited for.</summary>
    public const int MaximumBytes = 50 * 1024;

    /// <summary>What the page's ends and the notice of older messages may take.</summary>
    private const int Reserved = 2 * 1024;

    private const string Style =
        """
        :root{color-scheme:light dark;--paper:#FBFAF7;--surface:#FFF;--ink:#14181F;--soft:#4A5361;--line:#D9DCE1;--accent:#0B5C6B;--info:#2456A6;--advisory:#8A5A00;--severe:#A83C07;--extreme:#B00020;--exercise:#6B2FA0;--stripe:#57248A;--safe:#1B6E3C}
        @media(prefers-color-scheme:dark){:root{--paper:#0F1318;--surface:#171C23;--ink:#EEF1F5;--soft:#A9B3C0;--line:#2A323D;--accent:#5CC4D4;--info:#8DB4F0;--advisory:#F0C15C;--severe:#FF9A62;--extreme:#FF7A85;--safe:#6FCF97}}
        *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:18px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;overflow-wrap:anywhere}
        header,main,footer{max-width:42rem;margin:0 auto;padding:16px}h1{margin:0;font-size:1.6rem;line-height:1.2}h2{margin:28px 0 12px;font-size:1.25rem}h3{margin:4px 0 8px;font-size:1.15rem;line-height:1.3}p{margin:0 0 12px}
        a{color:var(--accent)}nav a,footer a{display:inline-block;padding:12px 16px 12px 0}
        .soft{color:var(--soft);margin:0}.status{display:inline-block;margin:12px 0 0;padding:6px 14px;border:2px solid currentColor;border-radius:10px;font-weight:700}.normal{color:var(--safe)}.disturbed{color:var(--advisory)}.crisis{color:var(--severe)}
        article{margin:0 0 16px;padding:16px;border:1px solid var(--line);border-left:6px solid var(--tone,var(--accent));border-radius:10px;background:var(--surface)}article p:last-child{margin-bottom:0}
        .word{margin:0;color:var(--tone);font-weight:700}.Info{--tone:var(--info)}.Advisory{--tone:var(--advisory)}.Severe{--tone:var(--severe)}.Extreme{--tone:var(--extreme)}
        .exercise{margin:0 0 12px;padding:10px 14px;border-radius:8px;background:repeating-linear-gradient(-45deg,#6B2FA0 0 14px,var(--stripe) 14px 28px);color:#FFF;font-weight:700}.exercise strong{display:block;font-size:1.2em;letter-spacing:.12em}
        dl{margin:0}dt{font-weight:700}dd{margin:0 0 12px;font-size:1.15em}
        footer{border-top:1px solid var(--line);font-size:1rem}
        @media print{:root{color-scheme:light}body{background:#FFF;color:#000;font-size:12pt}nav,footer a{display:none}article{break-inside:avoid;border-color:#000}.exercise{color:#000;background:none;border:3px double #000}}
        """;

    private static readonly string style = Style.ReplaceLineEndings("\n");

    /// <summary>What the page may do, wherever it is served: show itself.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'; base-uri 'none'; form-action 'none'";

    /// <summary>At most <see cref="MaximumBytes"/>: what does not fit is in the feed, and the page says so.</summary>
    public static byte[] Write(PublicContent content, ContentLanguage language, DateTimeOffset updatedAt)
    {
        var words = PublicWords.In(language);
        var head = Head(content, words, updatedAt);
        var end = End(content, words);
        var room = MaximumBytes - Reserved - Size(head) - Size(end);
        var alerts = Fit(content.Alerts.Where(alert => alert.IsActive).Select(alert => Alert(content, alert, words)), ref room, out var allAlerts);
        var ended = content.Alerts.Where(alert => !alert.IsActive && alert.Latest.Purpose is MessagePurpose.AllClear or MessagePurpose.Cancellation).Take(3).Select(alert => Alert(content, alert, words));
        var bulletins = Fit(content.Bulletins.Select(bulletin => Bulletin(content, bulletin, words)).Concat(ended), ref room, out var allBulletins);
        var page = new StringBuilder(head);
        if (alerts.Length > 0) page.Append("<h2>").Append(words.Alerts).Append("</h2>\n").Append(alerts);
        page.Append("<h2>").Append(words.Messages).Append("</h2>\n");
        page.Append(bulletins.Length > 0 ? bulletins : $"<p>{words.NoMessages}</p>\n");
        if (!allAlerts || !allBulletins) page.Append("<p>").Append(words.More).Append("</p>\n");
        return Encoding.UTF8.GetBytes(page.Append(end).ToString());
    }

    private static string Head(PublicContent content, PublicWords words, DateTimeOffset updatedAt)
    {
        var other = words.Language == ContentLanguage.En ? "fr" : "en";
        return $"""
            <!DOCTYPE html>
            <html lang="{words.Tag}">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{ContentSecurityPolicy.Replace("'", "&#39;", StringComparison.Ordinal)}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>{PublicText.Html(content.Organisation)} - {words.Title}</title>
            <link rel="alternate" type="application/atom+xml" href="feed.{words.Tag}.xml" title="{words.Feed}">
            <link rel="alternate" hreflang="{other}" href="{other}.html">
            <style>{style}</style>
            </head>
            <body>
            <header>
            <nav><a href="{other}.html" lang="{other}" hreflang="{other}">{words.OtherLanguage}</a></nav>
            <p class="soft">{words.Title}</p>
            <h1>{PublicText.Html(content.Organisation)}</h1>
            <p class="status {content.Settings.Status.ToString().ToLowerInvariant()}">{words.Status(content.Settings.Status)}</p>
            <p class="soft">{words.Updated} {Moment(content, words, updatedAt)}</p>
            </header>
            <main>

            """.ReplaceLineEndings("\n");
    }

    private static string End(PublicContent content, PublicWords words)
    {
        var end = new StringBuilder();
        if (content.Settings.WhatToDo?.In(words.Language) is { Length: > 0 } advice)
            end.Append("<h2>").Append(words.WhatToDo).Append("</h2>\n").Append(PublicText.Paragraphs(advice));
        if (content.Settings.Contacts.Count > 0)
        {
            end.Append("<h2>").Append(words.Contacts).Append("</h2>\n<dl>\n");
            foreach (var contact in content.Settings.Contacts)
                end.Append("<dt>").Append(PublicText.Html(contact.Name.In(words.Language))).Append("</dt><dd>").Append(Number(contact.Number)).Append("</dd>\n");
            end.Append("</dl>\n");
        }

        return end.Append("</main>\n<footer><a href=\"feed.").Append(words.Tag).Append(".xml\">").Append(words.Feed).Append("</a></footer>\n</body>\n</html>\n").ToString();
    }

    /// <summary>What reads as a telephone number can be called by a tap; anything else is words.</summary>
    private static string Number(string number)
    {
        var digits = string.Concat(number.Where(c => char.IsAsciiDigit(c) || c == '+'));
        var isNumber = digits.Length is >= 2 and <= 16 && digits.LastIndexOf('+') <= 0 && number.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '.' or '-' or '(' or ')' or '\u00A0' or '\u202F');
        return isNumber ? $"<a href=\"tel:{digits}\">{PublicText.Html(number)}</a>" : PublicText.Html(number);
    }

    private static string Alert(PublicContent content, ShownAlert alert, PublicWords words)
    {
        var said = alert.Latest;
        var word = said.Purpose switch
        {
            MessagePurpose.AllClear => words.AllClear,
            MessagePurpose.Cancellation => words.Cancelled,
            _ => words.Severity(said.Severity),
        };
        var tone = alert.IsActive ? said.Severity.ToString() : nameof(Severity.Info);
        var instruction = new LocalizedText(alert.Public.InstructionFr, alert.Public.InstructionEn).In(words.Language);
        return Article(words, alert.Alert.Mode, tone, word, said.Text.Title, said.Text.Body, Moment(content, words, said.At))
            .Replace("</article>", (alert.IsActive ? PublicText.Paragraphs(instruction) : "") + $"<p class=\"soft\"><a href=\"{alert.FileOf(said)}\">{words.Machine}</a></p>\n</article>", StringComparison.Ordinal);
    }

    private static string Bulletin(PublicContent content, PublicBulletin bulletin, PublicWords words)
    {
        var when = Moment(content, words, bulletin.FirstPublishedAt);
        if (bulletin.PublishedAt > bulletin.FirstPublishedAt)
            when += $" · {words.Corrected} {Moment(content, words, bulletin.PublishedAt)}{(bulletin.Reason is { } reason ? $": {PublicText.Html(reason)}" : "")}";
        return Article(words, bulletin.Mode, null, null, bulletin.Title, bulletin.Body, when);
    }

    /// <param name="when">Is HTML already.</param>
    private static string Article(PublicWords words, AlertMode mode, string? tone, string? word, LocalizedText title, LocalizedText body, string when)
    {
        var wanted = words.Language;
        var isThere = (wanted == ContentLanguage.En ? body.En : body.Fr) is not null;
        var tag = isThere ? words.Tag : words.Language == ContentLanguage.En ? "fr" : "en";
        var article = new StringBuilder("<article").Append(tone is null ? "" : $" class=\"{tone}\"").Append(">\n");
        if (mode == AlertMode.Exercise) article.Append("<p class=\"exercise\"><strong>").Append(ExerciseMark.In(wanted)).Append("</strong>").Append(words.ExerciseNotice).Append("</p>\n");
        if (word is not null) article.Append("<p class=\"word\">").Append(word).Append("</p>\n");
        if (!isThere) article.Append("<p class=\"soft\">").Append(words.OnlyOtherLanguage).Append("</p>\n");
        return article.Append("<div lang=\"").Append(tag).Append("\">\n<h3>").Append(PublicText.Html(title.In(wanted))).Append("</h3>\n").Append(PublicText.Paragraphs(body.In(wanted)))
            .Append("</div>\n<p class=\"soft\">").Append(when).Append("</p>\n</article>\n").ToString();
    }

    private static string Moment(PublicContent content, PublicWords words, DateTimeOffset at) =>
        $"<time datetime=\"{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\">{PublicText.Html(words.Moment(at, content.Zone))}</time>";

    /// <summary>As many as there is room for, from the first on.</summary>
    private static string Fit(IEnumerable<string> parts, ref int room, out bool isAll)
    {
        var fitting = new StringBuilder();
        isAll = true;
        foreach (var part in parts)
        {
            var size = Size(part);
            isAll = size <= room;
            if (!isAll) break;
            room -= size;
            fitting.Append(part);
        }

        return fitting.ToString();
    }

    private static int Size(string text) => Encoding.UTF8.GetByteCount(text);
}
