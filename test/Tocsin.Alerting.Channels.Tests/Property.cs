using FsCheck;
using FsCheck.Fluent;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests;

/// <summary>Checks a statement on many generated values, from a seed that the test prints.</summary>
internal static class Property
{
    /// <summary>SplitMix64's increment: FsCheck wants an odd one.</summary>
    private const ulong Increment = 0x9E3779B97F4A7C15;

    public static void HoldsFor<T>(Gen<T> values, Action<T> statement, int cases = 300) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay((ulong)TestSeed.Next(), Increment),
        Prop.ForAll(values.ToArbitrary(), statement));
}
