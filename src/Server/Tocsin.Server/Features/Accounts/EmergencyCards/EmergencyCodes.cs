using System.Security.Cryptography;
using System.Text;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.EmergencyCards;

/// <summary>Codes of emergency cards: 60 random bits as <c>K7QX-M2HD-9WPA</c>, in Crockford's alphabet, which has no letter that reads as a digit.</summary>
internal static class EmergencyCodes
{
    public const int PerCard = 10;
    public const int SaltLength = 16;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Characters = 12;
    private const int GroupLength = 4;
    private const int HashLength = 32;

    // With 60 bits this is no password: the iterations only take the last hope from whoever has a copy of the database and many machines.
    private const int Iterations = 20_000;

    // Derived where an account has no card, so that its absence does not show in the time.
    private static readonly EmergencyCard decoy = new() { Salt = new byte[SaltLength] };

    /// <summary>A new code, as printed.</summary>
    public static string Create()
    {
        var code = RandomNumberGenerator.GetString(Alphabet, Characters);
        return string.Join('-', Enumerable.Range(0, Characters / GroupLength).Select(group => code.Substring(group * GroupLength, GroupLength)));
    }

    public static byte[] HashOf(string code, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(Read(code)), salt, Iterations, HashAlgorithmName.SHA256, HashLength);

    /// <summary>The unused code of one of <paramref name="cards"/> that was typed, however it was typed.</summary>
    public static EmergencyCode? Find(IReadOnlyList<EmergencyCard> cards, string? typed)
    {
        var code = Read(typed ?? "");
        EmergencyCode? found = null;
        foreach (var card in cards.Count == 0 ? [decoy] : cards)
        {
            var hash = HashOf(code, card.Salt);
            foreach (var candidate in card.Codes)
            {
                if (CryptographicOperations.FixedTimeEquals(hash, candidate.Hash) && candidate.UsedAt is null) found = candidate;
            }
        }

        return code.Length == Characters ? found : null;
    }

    /// <summary>As meant: without separators, upper case, and the letters that Crockford's alphabet leaves out read as the digits they look like.</summary>
    private static string Read(string typed)
    {
        if (typed.Length > 64) return "";
        var read = typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit).Select(c => c switch
        {
            'O' => '0',
            'I' or 'L' => '1',
            _ => c,
        });
        return new string([.. read]);
    }
}
