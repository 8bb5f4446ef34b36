using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Tocsin.Alerting;
using Tocsin.Rehearsal;
using Tocsin.Storage.Directory;

namespace Tocsin.Scenarios.Crises;

/// <summary>Who was in the one call of a crisis from when to when: as pages show it, and as the archive has it. Decision 0149.</summary>
internal static partial class CrisisAttendance
{
    private const string Heading = "Appels";

    private static readonly TimeZoneInfo paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>The pages of all who are in the cell say the same, on the crisis' page and to whoever catches up; it is what the archive has. Who is in other cells sees no call.</summary>
    /// <param name="inCall">Everybody of the cell: each was in the call once, and went by pressing.</param>
    /// <param name="archive">All that was written out of the archive.</param>
    public static async Task CompareAsync(
        string crisis, string cell, IReadOnlyList<CrisisPerson> inCall, IReadOnlyList<CrisisPerson> others, string archive, Organisation organisation, CancellationToken cancellationToken)
    {
        var expected = await OfArchiveAsync(archive, organisation, cancellationToken);
        Assert.Equal(inCall.Select(person => person.Name).Order(StringComparer.Ordinal), expected.Select(stay => stay.Name).Order(StringComparer.Ordinal));
        foreach (var person in inCall)
        {
            await person.OpenCrisisAsync(crisis);
            Assert.Equal(expected, await ReadAsync(person, cell));
        }

        foreach (var person in others)
        {
            await person.OpenCrisisAsync(crisis);
            await Assertions.Expect(person.Page.GetByRole(AriaRole.Region, new() { Name = Heading, Exact = true })).ToHaveCountAsync(0);
        }

        await inCall[^1].PictureAsync("8-attendance");
        await inCall[^1].FollowAsync("Rattraper");
        await inCall[^1].ReadsHeadingAsync($"Rattraper : {crisis}");
        Assert.Equal(expected, await ReadAsync(inCall[^1], cell));
    }

    /// <summary>On a page of the crisis. There is one call, of this cell.</summary>
    private static async Task<IReadOnlyList<ShownStay>> ReadAsync(CrisisPerson person, string cell)
    {
        var region = person.Page.GetByRole(AriaRole.Region, new() { Name = Heading, Exact = true });
        await region.WaitForAsync();
        var read = await region.EvaluateAsync<string>(
            """
            (region) => JSON.stringify([...region.querySelectorAll('li')].map((call) => ({
              title: call.querySelector('strong').textContent,
              people: [...call.querySelectorAll('dl > div')].map((one) => [...one.querySelectorAll('dt, dd')].map((part) => part.textContent)),
            })))
            """);
        var call = Assert.Single(JsonSerializer.Deserialize<List<ShownCall>>(read, JsonSerializerOptions.Web)!);
        Assert.EndsWith($" · {cell}", call.Title, StringComparison.Ordinal);
        return [.. call.People.Select(one =>
        {
            Assert.Equal(2, one.Length);
            var stay = FromTo().Match(one[1]);
            Assert.True(stay.Success, $"{one[0]}: {one[1]}");
            return new ShownStay(one[0], stay.Groups["from"].Value, stay.Groups["to"].Value);
        })];
    }

    /// <summary>By when they came. Each has told of themselves, once on coming and once on going; who left last may have told of the others before they did.</summary>
    private static async Task<IReadOnlyList<ShownStay>> OfArchiveAsync(string archive, Organisation organisation, CancellationToken cancellationToken)
    {
        var told = archive.Split('\n').Where(line => line.Contains("\"call-attendance\"", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Single(told.Select(line => line.GetProperty("content").GetProperty("call").GetString()).Distinct());
        Assert.All(told.Where(line => line.GetProperty("content").TryGetProperty("who", out _)), line => Assert.Equal("left", line.GetProperty("content").GetProperty("step").GetString()));
        told.RemoveAll(line => line.GetProperty("content").TryGetProperty("who", out _));
        await using var db = await organisation.ContextAsync(cancellationToken);
        var accounts = told.Select(line => new PersonId(line.GetProperty("account").GetGuid())).Distinct().ToList();
        var people = await db.Set<Person>().AsNoTracking().Where(person => accounts.Contains(person.Id)).ToDictionaryAsync(person => person.Id.Value, person => $"{person.GivenName} {person.FamilyName}", cancellationToken);
        return [.. told.GroupBy(line => line.GetProperty("account").GetGuid())
            .Select(own =>
            {
                Assert.Equal(["came", "left"], own.Select(line => line.GetProperty("content").GetProperty("step").GetString()));
                var at = own.Select(line => line.GetProperty("content").GetProperty("at").GetDateTimeOffset()).ToList();
                return (Came: at[0], Stay: new ShownStay(people[own.Key], Clock(at[0]), Clock(at[1])));
            })
            .OrderBy(own => own.Came).Select(own => own.Stay)];
    }

    private static string Clock(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, paris).ToString("HH:mm", CultureInfo.InvariantCulture);

    // The day stands before the clock where it is not the same: around midnight. A departure that another noted has more behind it.
    [GeneratedRegex(@"^de (.* )?(?<from>\d\d:\d\d) à (.* )?(?<to>\d\d:\d\d)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FromTo();

    private sealed record ShownCall(string Title, IReadOnlyList<string[]> People);

    /// <param name="From">By the clock of Paris.</param>
    private sealed record ShownStay(string Name, string From, string To);
}
