using Tocsin.Alerting;

namespace Tocsin.Server.Features.Directory.ContactPoints.Codes;

/// <summary>How often codes may be asked for: so that nobody's phone is rung all night, and that guesses stay few (five for each code).</summary>
/// <remarks>An address has its limit whoever asks: several people cannot flood a telephone together. A person has theirs over all addresses.</remarks>
internal static class CodeLimits
{
    /// <summary>Wrong codes after which a code is worth nothing.</summary>
    public const int WrongTries = 5;

    public const int PerAddress = 5;
    public const int PerPerson = 10;

    /// <summary>Long enough for a slow carrier on a bad link; what is typed later would rather be asked for again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Between two codes to one address: an SMS usually takes seconds.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Over which the numbers above are counted, and for which rows are kept.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <param name="earlier">Codes asked for by this person or for this address.</param>
    /// <returns>Zero where one may be asked for now; else how long until then.</returns>
    public static TimeSpan WaitAt(DateTimeOffset now, PersonId person, string address, IEnumerable<EarlierCode> earlier)
    {
        var recent = earlier.Where(code => now - code.At < Window).OrderByDescending(code => code.At).ToList();
        var toAddress = recent.Where(code => string.Equals(code.Address, address, StringComparison.OrdinalIgnoreCase)).ToList();
        var byPerson = recent.Where(code => code.Person == person).ToList();
        var until = now;
        if (toAddress.Count > 0) until = Later(until, toAddress[0].At + Pause);
        if (toAddress.Count >= PerAddress) until = Later(until, toAddress[PerAddress - 1].At + Window);
        if (byPerson.Count >= PerPerson) until = Later(until, byPerson[PerPerson - 1].At + Window);
        return until - now;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>A code that was asked for.</summary>
internal readonly record struct EarlierCode(PersonId Person, string Address, DateTimeOffset At);
