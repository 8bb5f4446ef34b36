using FsCheck;
using FsCheck.Fluent;
using Tocsin.Testing;

namespace Tocsin.Alerting.Tests;

/// <summary>States something of all values of a kind, and looks for one of which it is not true. The seed is in the test's output.</summary>
internal static class Property
{
    public static void HoldsFor<T>(Gen<T> values, Action<T> statement, int cases = 200) =>
        Prop.ForAll(values.ToArbitrary(), statement).Check(
            Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay((ulong)TestSeed.Next(), 0x9E3779B97F4A7C15UL));
}
