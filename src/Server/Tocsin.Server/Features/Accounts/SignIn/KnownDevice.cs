using System.Buffers.Text;
using System.Security.Cryptography;
using Tocsin.Server.Access;
using Tocsin.Storage.Secrets;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Remembers, in a cookie of the device, that an account signed in on it: guessing elsewhere does not slow that device down.</summary>
/// <remarks>
/// The pattern is OWASP's "device cookies". The cookie is account ‖ nonce ‖ HMAC-SHA-256 of both, so it cannot be made without having signed in, and it is no
/// credential: it only chooses which budget of attempts applies. A device keeps the last account only.
/// </remarks>
internal sealed class KnownDevice(SharedSecrets secrets, SessionCookie session)
{
    private const int IdLength = 16;
    private const int BodyLength = 2 * IdLength;
    private const int Length = BodyLength + HMACSHA256.HashSizeInBytes;
    private static readonly TimeSpan lifetime = TimeSpan.FromDays(400);

    /// <returns>The device's nonce, when it knows <paramref name="account"/>.</returns>
    public async Task<Guid?> RecogniseAsync(HttpRequest request, Guid? account, CancellationToken cancellationToken)
    {
        if (account is not { } expected || request.Cookies[Name(request)] is not { Length: < 128 } text || !TryDecode(text, out var bytes)) return null;
        var key = await KeyAsync(cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, bytes.AsSpan(0, BodyLength)), bytes.AsSpan(BodyLength))) return null;
        return new Guid(bytes.AsSpan(0, IdLength), bigEndian: true) == expected ? new Guid(bytes.AsSpan(IdLength, IdLength), bigEndian: true) : null;
    }

    public async Task RememberAsync(HttpContext context, Guid account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var bytes = new byte[Length];
        account.TryWriteBytes(bytes, bigEndian: true, out _);
        RandomNumberGenerator.Fill(bytes.AsSpan(IdLength, IdLength));
        HMACSHA256.HashData(await KeyAsync(cancellationToken), bytes.AsSpan(0, BodyLength), bytes.AsSpan(BodyLength));
        context.Response.Cookies.Append(Name(context.Request), Base64Url.EncodeToString(bytes), new CookieOptions
        {
            HttpOnly = true,
            Secure = session.IsSecure(context.Request),
            SameSite = SameSiteMode.Strict,
            Path = "/",
            Expires = now + lifetime,
            IsEssential = true,
        });
    }

    private string Name(HttpRequest request) => session.IsSecure(request) ? "__Host-tocsin-device" : "tocsin-device";

    private Task<byte[]> KeyAsync(CancellationToken cancellationToken) => secrets.GetOrCreateAsync("device-cookie", 32, cancellationToken);

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(text, out var length) || length != Length) return false;
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }
}
