using System.Globalization;
using System.Text.Json;

namespace Tocsin.Scenarios.Crises;

/// <summary>One line of a log as a page shows it.</summary>
/// <param name="Author">By name, also where the page says "vous".</param>
internal sealed record ShownLine(int Number, string Text, string Author)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Author}: {Text}");
}

/// <summary>What somebody's pages say of a crisis, to be held against what the others' say.</summary>
internal static class CrisisRecord
{
    /// <summary>On the page of a log. In the order in which lines were written, which is that of their numbers.</summary>
    public static async Task<IReadOnlyList<ShownLine>> ReadLogAsync(CrisisPerson person)
    {
        var read = await person.Page.EvaluateAsync<string>(
            """
            () => JSON.stringify([...document.querySelectorAll('article')].map((line) => ({
              number: Number(/\d+/.exec(line.querySelector('.marks').textContent)[0]),
              text: line.querySelector('p.text').textContent,
              author: /(?:Inscrit|Corrigé) par (.*?)\s*\d\d:\d\d/s.exec(line.querySelector('.what').textContent)[1].trim(),
            })))
            """);
        var lines = JsonSerializer.Deserialize<List<ShownLine>>(read, JsonSerializerOptions.Web)!;
        return [.. lines.Select(line => line.Author == "vous" ? line with { Author = person.Name } : line).OrderBy(line => line.Number)];
    }

    /// <summary>On the page of tasks.</summary>
    /// <returns>State by title: what is hidden behind another column on a phone is there, too.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> ReadTasksAsync(CrisisPerson person)
    {
        var read = await person.Page.EvaluateAsync<string>(
            """
            () => JSON.stringify([...document.querySelectorAll('.board > section')].flatMap((column) =>
              [...column.querySelectorAll('article .title')].map((title) => [title.textContent, column.getAttribute('aria-label')])))
            """);
        return JsonSerializer.Deserialize<List<string[]>>(read)!.ToDictionary(task => task[0], task => task[1], StringComparer.Ordinal);
    }
}
