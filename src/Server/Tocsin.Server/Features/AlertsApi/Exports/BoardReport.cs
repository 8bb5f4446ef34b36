using System.Globalization;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Time;
using Tocsin.Server.Features.AlertsApi.Board;
using Tocsin.Server.Features.AlertsApi.Exports.Pdf;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Exports;

/// <summary>A board as a document to read, print and file: what was said, the numbers, and the people whom the board lists first.</summary>
internal sealed class BoardReport
{
    /// <summary>About thirty pages. Beyond that it is a data set: the CSV file has everyone.</summary>
    public const int MostPeople = 1_000;

    private const double Left = 48;
    private const double Right = PdfDocument.Width - 48;
    private const double Bottom = PdfDocument.Height - 56;

    private readonly BoardView board;
    private readonly IReadOnlyList<ExportedPerson> people;
    private readonly string organisation;
    private readonly ExportWords words;
    private readonly DateTimeOffset now;
    private readonly IanaTimeZone zone;
    private readonly PdfDocument pdf;
    private double y;

    public BoardReport(BoardView board, IReadOnlyList<ExportedPerson> people, string organisation, ExportWords words, DateTimeOffset now, IanaTimeZone zone)
    {
        (this.board, this.people, this.organisation, this.words, this.now, this.zone) = (board, people, organisation, words, now, zone);
        pdf = new PdfDocument($"{words.Pick("Alerte n°\u00A0", "Alert ")}{board.Alert.Number} — {Title}", words.Pick("fr", "en"));
    }

    private AlertDetail Alert => board.Alert;

    private string Title => OneLine(Alert.Title.In(words.Language));

    private bool IsExercise => Alert.Mode == AlertMode.Exercise;

    public byte[] ToPdf()
    {
        NewPage();
        WriteHead();
        WriteMessage();
        WriteStandings();
        WriteAnswers();
        WriteSites();
        WriteFailures();
        WritePeople();
        WriteFeet();
        return pdf.Save(now);
    }

    private void WriteHead()
    {
        if (IsExercise)
        {
            pdf.Box(Left, y, Right - Left, 20, PdfColour.Exercise);
            pdf.Text(pdf.Bold, 11, Left + 8, y + 14, words.Pick("EXERCICE — ce n’est pas une alerte réelle", "EXERCISE — not a real alert"), PdfColour.White);
            y += 34;
        }

        Small($"{OneLine(organisation)} · {words.Pick("Alerte n°\u00A0", "Alert ")}{Alert.Number} · {words.Of(Alert.Severity)} · {words.Of(Alert.State)}");
        y += 8;
        foreach (var line in pdf.Bold.Wrap(Title, 18, Right - Left)) Write(pdf.Bold, 18, line, 22);
        Small(words.Pick($"Lancée le {Moment(Alert.RaisedAt)} par {OneLine(Alert.RaisedBy)}", $"Raised {Moment(Alert.RaisedAt)} by {OneLine(Alert.RaisedBy)}"));
        if (Alert.EndedAt is { } ended) Small(words.Pick($"Terminée le {Moment(ended)}", $"Ended {Moment(ended)}"));
        Small(OneLine(Alert.AudienceSentence.In(words.Language)));
        y += 8;
    }

    private void WriteMessage()
    {
        foreach (var line in pdf.Regular.Wrap(Clean(Alert.Body.In(words.Language)), 10, Right - Left)) Write(pdf.Regular, 10, line, 14);
        y += 6;
    }

    private void WriteStandings()
    {
        Heading(words.Pick("Où en sont les personnes", "Where people stand"));
        foreach (var standing in Enum.GetValues<Standing>())
            Row(words.Of(standing), board.Standings[standing], standing == Standing.NeedsHelp && board.Standings[standing] > 0);
        Row(words.Pick("Total", "Total"), board.Standings.Values.Sum(), isAlarm: false, isBold: true);
    }

    private void WriteAnswers()
    {
        if (Alert.Answers.Count == 0) return;
        Heading(words.Pick("Réponses", "Answers"));
        foreach (var answer in Alert.Answers)
            Row(OneLine(answer.Label.In(words.Language)), board.Answers.FirstOrDefault(count => count.Key == answer.Key)?.Count ?? 0);
    }

    private void WriteSites()
    {
        if (board.Sites.Count == 0) return;
        Heading(words.Pick("Par site\u00A0: réponses reçues", "By site: answers received"));
        foreach (var site in board.Sites)
            Row(OneLine(site.Name ?? words.Pick("Sans site", "No site")), $"{words.Number(site.Answered)} / {words.Number(site.Recipients)}");
    }

    private void WriteFailures()
    {
        if (board.Failures.Count == 0) return;
        Heading(words.Pick("Échecs d’envoi", "Failed deliveries"));
        foreach (var failure in board.Failures) Row($"{words.Of(failure.Channel)} — {OneLine(words.OfFailure(failure.Code))}", failure.Count);
    }

    private void WritePeople()
    {
        Heading(words.Pick("Personnes", "People"));
        var total = board.Standings.Values.Sum();
        if (total > people.Count)
        {
            Small(words.Pick(
                $"Les {words.Number(people.Count)} premières sur {words.Number(total)}, celles qui demandent une action d’abord. L’export CSV contient tout le monde.",
                $"The first {words.Number(people.Count)} of {words.Number(total)}, those first who need somebody to act. The CSV export has everyone."));
        }

        foreach (var person in people) WritePerson(person);
    }

    private void WritePerson(ExportedPerson person)
    {
        Room(15);
        y += 12;
        var colour = person.Standing == Standing.NeedsHelp ? PdfColour.Alarm : default;
        pdf.Text(pdf.Regular, 9, Left, y, pdf.Regular.Fit(OneLine(person.Name), 9, 170), colour);
        pdf.Text(pdf.Regular, 9, Left + 178, y, pdf.Regular.Fit(OneLine(person.Site ?? ""), 9, 104), PdfColour.Soft);
        pdf.Text(pdf.Regular, 9, Left + 290, y, pdf.Regular.Fit(Situation(person), 9, 118), colour);
        if (person.AnsweredAt is { } at) pdf.TextRight(pdf.Regular, 9, Right, y, ExportWords.Moment(at, zone)[5..16], PdfColour.Soft);
        y += 3;
        pdf.Line(Left, y, Right, PdfColour.Rule);
    }

    private string Situation(ExportedPerson person) =>
        person.Answer is { } key && Alert.Answers.FirstOrDefault(answer => answer.Key == key) is { } answer ? OneLine(answer.Label.In(words.Language)) : words.Of(person.Standing);

    private void WriteFeet()
    {
        var made = words.Pick($"Établi le {Moment(now)} · {zone.Id}", $"Made {Moment(now)} · {zone.Id}");
        for (var page = 0; page < pdf.PageCount; page++)
        {
            pdf.Text(pdf.Regular, 8, Left, PdfDocument.Height - 30, IsExercise ? words.Pick("EXERCICE · ", "EXERCISE · ") + made : made, PdfColour.Soft, page);
            pdf.TextRight(pdf.Regular, 8, Right, PdfDocument.Height - 30, $"{page + 1} / {pdf.PageCount}", PdfColour.Soft, page);
        }
    }

    private void Heading(string text)
    {
        Room(48);
        y += 22;
        pdf.Text(pdf.Bold, 12, Left, y, text);
        y += 6;
        pdf.Line(Left, y, Right, PdfColour.Rule);
        y += 2;
    }

    private void Row(string label, long count, bool isAlarm = false, bool isBold = false) => Row(label, words.Number(count), isAlarm, isBold);

    private void Row(string label, string value, bool isAlarm = false, bool isBold = false)
    {
        Room(15);
        y += 14;
        var font = isBold || isAlarm ? pdf.Bold : pdf.Regular;
        var colour = isAlarm ? PdfColour.Alarm : default;
        pdf.Text(font, 10, Left, y, font.Fit(label, 10, Right - Left - 90), colour);
        pdf.TextRight(font, 10, Right, y, value, colour);
    }

    private void Small(string text)
    {
        foreach (var line in pdf.Regular.Wrap(text, 9, Right - Left)) Write(pdf.Regular, 9, line, 13, PdfColour.Soft);
    }

    private void Write(PdfFont font, double size, string line, double height, PdfColour colour = default)
    {
        Room(height);
        y += height;
        pdf.Text(font, size, Left, y, line, colour);
    }

    private void Room(double height)
    {
        if (y + height > Bottom) NewPage();
    }

    private void NewPage()
    {
        pdf.AddPage();
        y = 44;
    }

    private string Moment(DateTimeOffset at) => $"{ExportWords.Moment(at, zone)[..16]} ({UtcOffset.Of(zone.WallTimeOf(at))})";

    private static string OneLine(string text) => Clean(text).Replace('\n', ' ');

    /// <summary>Without control characters, which no font can show, and without marks that turn the direction of what stands beside them.</summary>
    private static string Clean(string text) => string.Concat(text.Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.Format).Select(c => IsBreak(c) ? ' ' : c));

    private static bool IsBreak(char c) => (char.IsControl(c) && c != '\n') || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
