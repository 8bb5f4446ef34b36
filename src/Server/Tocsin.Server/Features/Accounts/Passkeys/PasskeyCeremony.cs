using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Tocsin.Server.Access;
using Tocsin.Storage;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.Passkeys;

/// <summary>The two halves of making a passkey, and of signing in with one. What the first half must remember for the second travels sealed in a cookie, so any node can go on.</summary>
internal sealed class PasskeyCeremony(AccountIdentity identity, IDataProtectionProvider protection, SessionCookie session)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string Making = "passkey-making";
    private const string SigningIn = "passkey-sign-in";

    /// <summary>Options for <c>navigator.credentials.create()</c>, for an account that is or will be.</summary>
    public async Task<PasskeyOptions> BeginMakingAsync(TocsinDbContext db, Guid account, string signInName, string name, HttpContext context)
    {
        var user = new PasskeyUserEntity { Id = account.ToString(), Name = signInName, DisplayName = name };
        var made = await identity.PasskeysOver(db).MakeCreationOptionsAsync(user, context);
        Remember(context, Making, made.AttestationState!);
        return new PasskeyOptions(JsonElement.Parse(made.CreationOptionsJson));
    }

    /// <returns>Null when the first half is missing or too old.</returns>
    public async Task<PasskeyAttestationResult?> CompleteMakingAsync(TocsinDbContext db, JsonElement credential, HttpContext context) =>
        Recall(context, Making) is { } state
            ? await identity.PasskeysOver(db).PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential.GetRawText(), AttestationState = state })
            : null;

    /// <summary>Options for <c>navigator.credentials.get()</c>, for whoever's passkey the device offers.</summary>
    public async Task<PasskeyOptions> BeginSignInAsync(TocsinDbContext db, HttpContext context)
    {
        var made = await identity.PasskeysOver(db).MakeRequestOptionsAsync(null, context);
        Remember(context, SigningIn, made.AssertionState!);
        return new PasskeyOptions(JsonElement.Parse(made.RequestOptionsJson));
    }

    /// <returns>Null when the first half is missing or too old.</returns>
    public async Task<PasskeyAssertionResult<Account>?> CompleteSignInAsync(TocsinDbContext db, JsonElement credential, HttpContext context) =>
        Recall(context, SigningIn) is { } state
            ? await identity.PasskeysOver(db).PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential.GetRawText(), AssertionState = state })
            : null;

    private void Remember(HttpContext context, string purpose, string state) =>
        context.Response.Cookies.Append(Name(context.Request), Protector(purpose).Protect(state, Lifetime), Attributes(context.Request));

    /// <summary>A challenge serves once: the browser forgets it with the answer.</summary>
    private string? Recall(HttpContext context, string purpose)
    {
        if (context.Request.Cookies[Name(context.Request)] is not { Length: < 4096 } sealedState) return null;
        context.Response.Cookies.Delete(Name(context.Request), Attributes(context.Request));
        try
        {
            return Protector(purpose).Unprotect(sealedState);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private string Name(HttpRequest request) => session.IsSecure(request) ? "__Host-tocsin-passkey" : "tocsin-passkey";

    private CookieOptions Attributes(HttpRequest request) =>
        new() { HttpOnly = true, Secure = session.IsSecure(request), SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };

    private ITimeLimitedDataProtector Protector(string purpose) => protection.CreateProtector(purpose).ToTimeLimitedDataProtector();
}

/// <param name="PublicKey">For <c>PublicKeyCredential.parseCreationOptionsFromJSON</c> or <c>parseRequestOptionsFromJSON</c>.</param>
internal sealed record PasskeyOptions(JsonElement PublicKey);

/// <param name="Credential">What <c>credential.toJSON()</c> gives.</param>
internal sealed record PasskeyCredentialRequest(JsonElement Credential);
