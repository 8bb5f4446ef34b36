using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Accounts;

/// <summary>What can be refused about accounts and signing in.</summary>
internal static class AccountRefusals
{
    /// <summary>One answer for an unknown account, a wrong password, a wrong code and a disabled account: none of them is told apart.</summary>
    public static readonly Refusal SignInRefused = new("sign-in-refused", 403, "That did not sign you in. Check what you typed.");
    public static readonly Refusal TooManySignIns = new("too-many-sign-ins", 429, "Too many attempts: wait a moment. A passkey works meanwhile.");
    public static readonly Refusal PasskeyRefused = new("passkey-refused", 400, "This passkey was not accepted.");
    public static readonly Refusal PasskeyTooLate = new("passkey-too-late", 400, "That took longer than five minutes. Start again.");
    public static readonly Refusal SetupLinkInvalid = new("setup-link-invalid", 403, "This link was used, withdrawn or is too old. Ask for a new one.");
    public static readonly Refusal SignInNameInvalid = new("sign-in-name-invalid", 400, "A sign-in name is 2 to 64 letters, digits and . _ - @ +");
    public static readonly Refusal SignInNameTaken = new("sign-in-name-taken", 409, "Somebody has this sign-in name already.");
    public static readonly Refusal PersonHasAccount = new("person-has-account", 409, "This person has an account already.");
    public static readonly Refusal PasswordTooShort = new("password-too-short", 400, "A password has 12 characters or more.");
    public static readonly Refusal PasswordTooLong = new("password-too-long", 400, "A password has 256 characters or fewer.");
    public static readonly Refusal PasswordTooCommon = new("password-too-common", 400, "This password is easy to guess.");
    public static readonly Refusal CodeWrong = new("code-wrong", 400, "The code is not the one that the authenticator shows now.");
    public static readonly Refusal CurrentPasswordWrong = new("current-password-wrong", 403, "The current password is not right.");
    public static readonly Refusal LastCredential = new("last-credential", 409, "This is the last way to sign in to this account: add another first.");
    public static readonly Refusal LastAdministrator = new("last-administrator", 409, "Somebody must remain who can administer Tocsin.");
    public static readonly Refusal TooManyCards = new("too-many-cards", 409, "An account has 5 emergency cards at most: revoke one first.");
    public static readonly Refusal TooManyPasskeys = new("too-many-passkeys", 409, "An account has 20 passkeys at most: remove one first.");
    public static readonly Refusal SignInTooOld = new("sign-in-too-old", 403, "Sign in again first: this needs a sign-in of the last ten minutes.");
    public static readonly Refusal AccountDisabled = new("account-disabled", 409, "This account is disabled.");
}
