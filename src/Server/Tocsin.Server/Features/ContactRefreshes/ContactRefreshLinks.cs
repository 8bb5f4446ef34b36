using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Tocsin.Server.Hosting;
using Tocsin.Storage.Secrets;

namespace Tocsin.Server.Features.ContactRefreshes;

/// <summary>
/// Personal links of campaigns: <c>https://…/c/TOKEN</c>. The token is base64url, no padding, of the first 16 octets of
/// HMAC-SHA-256(key of the installation, "tocsin.contact-refresh.1" ‖ nonce).
/// </summary>
/// <remarks>So a link can be sent again after a crash, as it was, while a row holds only its nonce and the token's hash: neither opens anything without the key.</remarks>
internal sealed class ContactRefreshLinks(SharedSecrets secrets, ServerAddress address)
{
    public const string Path = "/c/";
    public const int NonceLength = 16;

    private const string SecretName = "contact-refresh-links";
    private const int SecretLength = 32;
    private const int TokenLength = 16;
    private const int TextLength = 22;

    public Task<byte[]> KeyAsync(CancellationToken cancellationToken) => secrets.GetOrCreateAsync(SecretName, SecretLength, cancellationToken);

    public Uri Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce) =>
        new(address.Public.AbsoluteUri.TrimEnd('/') + Path + Base64Url.EncodeToString(TokenOf(key, nonce)));

    /// <summary>What is kept of a link.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce) => SHA256.HashData(TokenOf(key, nonce));

    /// <summary>The hash of a token as somebody sent it; false where it has not the form of one, in its one spelling.</summary>
    public static bool TryHash(ReadOnlySpan<char> token, [NotNullWhen(true)] out byte[]? hash)
    {
        hash = null;
        Span<byte> bytes = stackalloc byte[TokenLength + 2];
        if (token.Length != TextLength
            || !Base64Url.IsValid(token)
            || Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done
            || length != TokenLength
            || !Base64Url.EncodeToString(bytes[..length]).AsSpan().SequenceEqual(token)) return false;
        hash = SHA256.HashData(bytes[..length]);
        return true;
    }

    private static byte[] TokenOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        byte[] message = [.. "tocsin.contact-refresh.1"u8, .. nonce];
        return HMACSHA256.HashData(key, message)[..TokenLength];
    }
}
