using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Accounts.Passwords;

/// <summary>Which passwords are taken: long ones that are not among the first an attacker tries (NIST SP 800-63B-4, section 3.1.1.2). No rules about kinds of characters.</summary>
internal static class PasswordPolicy
{
    private const int Minimum = 12;

    // Hashing costs the same for any length up to here; past it is an attack or a mistake.
    private const int Maximum = 256;

    // A password that is one of these and a few other characters is guessed early, in French and in English.
    private static readonly string[] commonWords = [.. new[]
    {
        "password", "motdepasse", "passwort", "azerty", "azertyuiop", "qwerty", "qwertyuiop", "qsdfghjklm", "asdfghjkl", "wxcvbn", "zxcvbnm", "admin", "administrator",
        "administrateur", "welcome", "bienvenue", "bonjour", "letmein", "iloveyou", "jetaime", "soleil", "doudou", "loulou", "chouchou", "marseille", "princesse", "football",
        "monkey", "dragon", "master", "changeme", "changezmoi", "secret", "default", "test", "temp", "summer", "winter", "spring", "autumn", "printemps", "automne", "hiver",
        "january", "janvier", "urgence", "emergency", "hopital", "hospital", "crise", "crisis", "alerte", "tocsin", "entreprise", "company", "trustno", "starwars", "pokemon",
        "123456", "1234567890", "0987654321", "azerty123", "qwerty123", "abcdef",
    }.Select(Plain)];

    /// <returns>Null when it is taken.</returns>
    public static Refusal? Check(string? password, string signInName)
    {
        if (password is null || password.Length < Minimum) return AccountRefusals.PasswordTooShort;
        if (password.Length > Maximum) return AccountRefusals.PasswordTooLong;
        return IsCommon(password, signInName) ? AccountRefusals.PasswordTooCommon : null;
    }

    private static bool IsCommon(string password, string signInName)
    {
        var plain = Plain(password);
        return IsRepetition(plain) || IsSequence(password) || commonWords.Append(Plain(signInName)).Any(word => IsMostly(plain, word));
    }

    /// <summary>Once the word, however often it stands there, is taken out, too little is left to guess.</summary>
    private static bool IsMostly(string plain, string word) =>
        word.Length >= 4 && plain.Contains(word, StringComparison.Ordinal) && plain.Replace(word, "", StringComparison.Ordinal).Length < 6;

    private static bool IsRepetition(string plain) =>
        Enumerable.Range(1, 4).Any(period => plain.Skip(period).Zip(plain, (a, b) => a == b).All(same => same));

    private static bool IsSequence(string password) =>
        new[] { 1, -1 }.Any(step => password.Zip(password.Skip(1), (a, b) => b - a == step || (a == '9' && b == '0') || (a == '0' && b == '9')).All(follows => follows));

    /// <summary>Lower case, without separators, with the usual stand-ins for letters read as the letters.</summary>
    private static string Plain(string text) => new([.. text.ToLowerInvariant().Where(char.IsLetterOrDigit).Select(Letter)]);

    private static char Letter(char c) => c switch
    {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        'é' or 'è' or 'ê' => 'e',
        'à' or 'â' => 'a',
        'ô' => 'o',
        _ => c,
    };
}
