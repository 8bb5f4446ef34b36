using System.Globalization;
using System.Security.Cryptography;
using Xunit;

namespace Tocsin.Testing;

/// <summary>Chance that can be repeated: a new seed for each run, written to the test's output, or the one in <c>TOCSIN_TEST_SEED</c>.</summary>
public static class TestSeed
{
    private const string Variable = "TOCSIN_TEST_SEED";

    /// <summary>The seed of this call. A failing test shows it; run again with <c>TOCSIN_TEST_SEED=seed</c>.</summary>
    public static int Next()
    {
        var given = Environment.GetEnvironmentVariable(Variable);
        var seed = given is null ? RandomNumberGenerator.GetInt32(int.MaxValue) : int.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Repeat with {Variable}={seed}"));
        return seed;
    }

    /// <summary>A generator seeded by <see cref="Next"/>.</summary>
    public static Random Random() => new(Next());
}
