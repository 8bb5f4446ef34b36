using System.Reflection;
using System.Text;
using Tocsin.Server.Errors;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Errors;

/// <summary>The stable codes of everything that the server refuses.</summary>
public sealed class RefusalTests
{
    [Fact]
    public void Every_code_is_kebab_case_and_means_one_thing()
    {
        var refusals = All();
        Assert.All(refusals, refusal => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", refusal.Code));
        Assert.Empty(refusals.GroupBy(refusal => refusal.Code, StringComparer.Ordinal).Where(same => same.Distinct().Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public async Task The_document_lists_every_code()
    {
        var document = Path.Combine(Repository.Root, "docs", "protocol", "errors.md");
        var expected = Describe(All());
        if (Environment.GetEnvironmentVariable("TOCSIN_WRITE_CONTRACT") == "1") await File.WriteAllTextAsync(document, expected, TestContext.Current.CancellationToken);
        var actual = File.Exists(document) ? await File.ReadAllTextAsync(document, TestContext.Current.CancellationToken) : "";
        Assert.True(expected == actual, "docs/protocol/errors.md is not what the server does: run this test with TOCSIN_WRITE_CONTRACT=1 and look at what changed.");
    }

    private static List<Refusal> All() =>
        [.. typeof(Refusal).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => field.FieldType == typeof(Refusal) && field.DeclaringType is { ContainsGenericParameters: false })
            .Select(field => (Refusal)field.GetValue(null)!)
            .Distinct()
            .OrderBy(refusal => refusal.Code, StringComparer.Ordinal)];

    private static string Describe(List<Refusal> refusals)
    {
        var text = new StringBuilder(
            """
            # What the server refuses, and how it says so

            Made by the test that looks at every refusal. Each is an RFC 9457 problem (`application/problem+json`) with the extension members `code`, stable and listed
            here, and where input is at fault `fields`: the path of each field to a code of its own.

            | code | status | meaning |
            | --- | --- | --- |

            """);
        foreach (var refusal in refusals) text.Append($"| `{refusal.Code}` | {refusal.Status} | {refusal.Title} |\n");
        return text.ToString();
    }
}
