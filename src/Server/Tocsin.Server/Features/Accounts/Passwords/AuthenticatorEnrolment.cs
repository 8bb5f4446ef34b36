using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Tocsin.Server.Hosting;

namespace Tocsin.Server.Features.Accounts.Passwords;

/// <summary>Gives a new authenticator key to a person, and takes it back with a code that shows their app has it.</summary>
/// <remarks>Until then nothing is kept here: the key travels sealed, tied to one account and good for <see cref="Lifetime"/>.</remarks>
internal sealed class AuthenticatorEnrolment(IDataProtectionProvider protection, ServerAddress address)
{
    private const string Issuer = "Tocsin";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <param name="owner">What the enrolment is tied to: an account, or the set-up link of one to be.</param>
    public AuthenticatorOffer Offer(string owner, string signInName)
    {
        var key = OneTimeCode.CreateKey();
        var uri = UriOf(key, signInName);
        var enrolment = Protector(owner).Protect(Convert.ToBase64String(key), Lifetime);
        return new AuthenticatorOffer(Base32.Encode(key), uri, QrCode.Svg(uri), enrolment);
    }

    public bool TryTake(string owner, string? enrolment, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        try
        {
            if (enrolment is { Length: < 1024 }) key = Convert.FromBase64String(Protector(owner).Unprotect(enrolment));
        }
        catch (CryptographicException)
        {
            // Forged, too old or another account's: there is no key.
        }

        return key is not null;
    }

    /// <summary>The de facto format of authenticator apps ("Key Uri Format").</summary>
    private string UriOf(byte[] key, string signInName)
    {
        var issuer = Uri.EscapeDataString($"{Issuer} {address.Public.Host}");
        return $"otpauth://totp/{issuer}:{Uri.EscapeDataString(signInName)}?secret={Base32.Encode(key)}&issuer={issuer}&algorithm=SHA1&digits={OneTimeCode.Digits}&period=30";
    }

    private ITimeLimitedDataProtector Protector(string owner) => protection.CreateProtector("authenticator-enrolment", owner).ToTimeLimitedDataProtector();
}

/// <param name="Key">To type where the QR code cannot be read (base32).</param>
/// <param name="Uri"><c>otpauth://</c>, what the QR code says.</param>
/// <param name="QrSvg">An SVG image.</param>
/// <param name="Enrolment">To be sent back with a code from the app.</param>
internal sealed record AuthenticatorOffer(string Key, string Uri, string QrSvg, string Enrolment);
