using System.Reflection;
using System.Text;
using Xunit.v3;

namespace Tocsin.Testing;

/// <summary>Keeps a list of what runs, so that a run that had to be killed can say which test did not end.</summary>
/// <remarks>The file that <see cref="FileVariable"/> names gets a line <c>+ test</c> when one begins and <c>- test</c> when it has ended. Every test project has this (test/Directory.Build.props).</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class RunningTestsAttribute : BeforeAfterTestAttribute
{
    /// <summary>Not set: nothing is written. Not one of TOCSIN_: the program, which tests start, takes those for settings.</summary>
    public const string FileVariable = "RUNNING_TESTS_FILE";

    private static readonly Lock gate = new();
    private static readonly UTF8Encoding lenient = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly string? file = Environment.GetEnvironmentVariable(FileVariable);

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => Note('+', test);

    public override void After(MethodInfo methodUnderTest, IXunitTest test) => Note('-', test);

    private static void Note(char sign, IXunitTest test)
    {
        if (file is not { Length: > 0 }) return;
        // A name that was cut within a character is none that UTF-8 could write: something stands for it.
        lock (gate) File.AppendAllText(file, $"{sign} {test.TestDisplayName.ReplaceLineEndings(" ")}\n", lenient);
    }
}
