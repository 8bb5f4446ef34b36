using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Tocsin.Server.Access;

/// <summary>A secret that is enough by itself: session, API token, set-up link. 256 random bits as base64url; only its SHA-256 is ever kept.</summary>
internal static class BearerSecret
{
    private const int Bytes = 32;

    // A longer text is no secret of ours: it is not even hashed.
    private const int MaximumLength = 64;

    public static string Create(string prefix = "") => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public static bool TryHash([NotNullWhen(true)] string? secret, [NotNullWhen(true)] out byte[]? hash)
    {
        hash = secret is { Length: > 0 and <= MaximumLength } ? HashOf(secret) : null;
        return hash is not null;
    }
}
