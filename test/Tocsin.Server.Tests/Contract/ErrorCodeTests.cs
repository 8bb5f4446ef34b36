using System.Globalization;
using System.Reflection;
using System.Text;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Errors;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Contract;

public sealed class ErrorCodeTests
{
    private static readonly List<Refusal> refusals = [.. typeof(Refusal).Assembly.GetTypes()
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(field => field.FieldType == typeof(Refusal))
        .Select(field => (Refusal)field.GetValue(null)!)
        .OrderBy(refusal => refusal.Code, StringComparer.Ordinal)];

    [Fact]
    public void Every_code_means_one_thing() =>
        Assert.Empty(refusals.GroupBy(refusal => refusal.Code, StringComparer.Ordinal).Where(group => group.Distinct().Count() > 1).Select(group => group.Key));

    [Fact]
    public void Every_code_is_kebab_case_with_one_clear_sentence()
    {
        Assert.All(refusals, refusal => Assert.Matches("^[a-z]+(-[a-z]+)*$", refusal.Code));
        Assert.All(refusals, refusal => Assert.Matches(@"^[A-Z].*[^ ]$", refusal.Title));
    }

    /// <remarks>Write it anew with TOCSIN_WRITE_CONTRACT=1, then look at the difference: scripts and the interface compare these.</remarks>
    [Fact]
    public async Task The_document_lists_every_code()
    {
        var path = Path.Combine(Repository.Root, "docs", "protocol", "errors.md");
        var expected = Describe();
        var cancellation = TestContext.Current.CancellationToken;
        if (Environment.GetEnvironmentVariable("TOCSIN_WRITE_CONTRACT") == "1") await File.WriteAllTextAsync(path, expected, cancellation);
        Assert.Equal(expected, await File.ReadAllTextAsync(path, cancellation));
    }

    private static string Describe()
    {
        var text = new StringBuilder("""
            # Errors

            A refusal is an RFC 9457 problem: `application/problem+json` with `type` (`urn:tocsin:error:CODE`), `code`, `title`, `status`, sometimes `detail`, and for
            wrong input `fields`: the path of each wrong field to the code of what is wrong with it. Codes are stable and never get another meaning; the interface has
            its own words for each, in French and English. A request that was refused has changed nothing.

            ## Refusals

            | code | status | meaning |
            | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (var refusal in refusals.Distinct()) text.Append(CultureInfo.InvariantCulture, $"| `{refusal.Code}` | {refusal.Status} | {refusal.Title} |\n");
        text.Append("\n## Codes of fields\n\nBeside `fields` of a refusal with the code `invalid-input`:\n\n");
        foreach (var code in RuleCodes.All.Concat(FieldCodes.All).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"- `{code}`\n");
        text.Append("\n## Why a delivery failed\n\nOn the board, in a person's timeline and in exported files; beside it may stand what the carrier said:\n\n");
        foreach (var code in typeof(FailureCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"- `{code}`\n");
        return text.ToString();
    }
}
