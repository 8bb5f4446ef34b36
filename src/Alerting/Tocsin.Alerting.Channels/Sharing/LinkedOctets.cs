using System.Buffers;

namespace Tocsin.Alerting.Channels.Sharing;

/// <summary>What many people are sent, the same but for the token at the end of their personal link: written once, then copied with each token put in.</summary>
/// <remarks>
/// Where the token stands is found by writing the whole twice, with two tokens that share no character, and looking where the results differ. So no writer
/// needs to know of it, whatever lines it folds or letters it encodes. Writers that mix a token's characters (base64) are found out, and nothing is shared.
/// </remarks>
internal sealed class LinkedOctets
{
    /// <summary>What a token is written in: the same characters in a URI, in HTML, in quoted-printable and in the GSM alphabet, one octet each.</summary>
    private static readonly SearchValues<char> Base64UrlCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Ours have at most 34 characters; what is longer is no token.</summary>
    private const int LongestToken = 64;

    private readonly byte[] octets;

    /// <summary>Where in <see cref="octets"/> the token's octets stand, in order, as often as it is there.</summary>
    private readonly int[] places;

    private readonly int tokenLength;

    private LinkedOctets(byte[] octets, int[] places, int tokenLength) => (this.octets, this.places, this.tokenLength) = (octets, places, tokenLength);

    public int Length => octets.Length;

    /// <summary>The part of a link that is its holder's own; empty where there is none that could be put in.</summary>
    public static ReadOnlySpan<char> TokenOf(Uri? link)
    {
        if (link is null)
            return default;
        var text = link.OriginalString.AsSpan();
        var token = text[(text.LastIndexOf('/') + 1)..];
        return token.Length > LongestToken || token.ContainsAnyExcept(Base64UrlCharacters) ? default : token;
    }

    /// <param name="write">Writes everything, with the given link; must not depend on anything else that differs between people.</param>
    /// <param name="encode">Writes a token's characters as the writer does, an octet each.</param>
    /// <returns>Null where the token's characters cannot be told apart in what is written.</returns>
    public static LinkedOctets? TryMake(Uri? link, Func<Uri?, byte[]> write, Func<string, byte[]> encode)
    {
        if (link is null)
            return new LinkedOctets(write(null), [], 0);
        var token = TokenOf(link);
        if (token.IsEmpty)
            return null;
        var truth = write(link);
        var start = link.OriginalString[..^token.Length];
        var one = write(new Uri(start + new string('A', token.Length)));
        var other = write(new Uri(start + new string('B', token.Length)));
        if (one.Length != other.Length || one.Length != truth.Length)
            return null;
        var differences = Enumerable.Range(0, one.Length).Where(i => one[i] != other[i]).ToArray();
        if (differences.Length == 0 || differences.Length % token.Length != 0)
            return null;
        var made = new LinkedOctets(one, differences, token.Length);
        var copy = new byte[made.Length];
        made.Fill(copy, encode(token.ToString()));
        return copy.AsSpan().SequenceEqual(truth) ? made : null;
    }

    /// <param name="destination">Of <see cref="Length"/>, or longer.</param>
    /// <param name="token">Encoded, of the length that this was made for; empty where there is no link.</param>
    public void Fill(Span<byte> destination, ReadOnlySpan<byte> token)
    {
        octets.CopyTo(destination);
        for (var i = 0; i < places.Length;)
        {
            for (var k = 0; k < tokenLength; k++)
                destination[places[i++]] = token[k];
        }
    }
}
