using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Time;
using Tocsin.Server.Features.Alerts;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AlertsApi.Exports;

/// <summary>A board as CSV: UTF-8 with its mark, and the separator that the language's spreadsheets expect.</summary>
internal sealed class BoardCsv(IDbContextFactory<TocsinDbContext> contexts, Alert alert, ExportWords words, IanaTimeZone zone)
{
    private const int LinesPerFlush = 500;

    private readonly CataloguedAlert catalogued = CataloguedAlert.From(alert);

    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        // Characters are kept in the writer's own memory until a flush: the response takes no synchronous writes.
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var csv = new CsvText(text, words.CsvSeparator);
        await output.WriteAsync(Encoding.UTF8.Preamble.ToArray(), cancellationToken);
        ChannelKind[] channels = [.. catalogued.Draft.Plan.Steps.SelectMany(step => step.Channels).Distinct().Order()];
        WriteHeader(csv, channels);
        var lines = 1;
        await foreach (var person in BoardPeople.ReadAllAsync(contexts, alert.Id, cancellationToken))
        {
            WriteLine(csv, person, channels);
            if (++lines % LinesPerFlush == 0) await FlushAsync(text, output, cancellationToken);
        }

        await FlushAsync(text, output, cancellationToken);
    }

    private void WriteHeader(CsvText csv, ChannelKind[] channels)
    {
        foreach (var title in words.PersonColumns(zone)) csv.Cell(title);
        foreach (var channel in channels)
        {
            csv.Cell(words.Of(channel));
            csv.Cell(words.FailureOf(channel));
        }

        csv.EndLine();
    }

    private void WriteLine(CsvText csv, ExportedPerson person, ChannelKind[] channels)
    {
        csv.Cell(person.Name);
        csv.Cell(person.Site);
        csv.Cell(words.Of(person.Standing));
        csv.Cell(person.Answer is { } key ? catalogued.FindAnswer(key)?.Label.In(words.Language) ?? key : null);
        csv.Cell(person.AnsweredAt is { } at ? ExportWords.Moment(at, zone) : null);
        csv.Cell(person.Via is { } via ? words.Of(via) : null);
        csv.Cell(person.Comment);
        csv.Cell(person.Unreachable is { } reason ? words.Of(reason) : null);
        foreach (var channel in channels)
        {
            var known = person.Channels.TryGetValue(channel, out var result);
            csv.Cell(known ? words.Of(result.State) : null);
            csv.Cell(result.Failure is { } code ? words.OfFailure(code) : null);
        }

        csv.EndLine();
    }

    private static async Task FlushAsync(StringWriter text, Stream output, CancellationToken cancellationToken)
    {
        var written = text.GetStringBuilder();
        await output.WriteAsync(Encoding.UTF8.GetBytes(written.ToString()), cancellationToken);
        await output.FlushAsync(cancellationToken);
        written.Clear();
    }
}
