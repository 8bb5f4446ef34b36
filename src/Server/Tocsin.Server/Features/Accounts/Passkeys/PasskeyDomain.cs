using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Tocsin.Server.Hosting;

namespace Tocsin.Server.Features.Accounts.Passkeys;

/// <summary>What passkeys are made for: the public address, its host as the relying party's id (WebAuthn Level 3, section 5.1.2).</summary>
internal sealed class PasskeyDomain(ServerAddress address) : IConfigureOptions<IdentityPasskeyOptions>
{
    /// <summary>Browsers make passkeys for names over HTTPS, and for localhost.</summary>
    public static bool IsPossible(Uri address) =>
        !IPAddress.TryParse(address.IdnHost, out _) && (address.Scheme == "https" || address.IdnHost == "localhost" || address.IdnHost.EndsWith(".localhost", StringComparison.Ordinal));

    public void Configure(IdentityPasskeyOptions options)
    {
        options.ServerDomain = address.Public.IdnHost;
        options.ChallengeSize = 32;
        options.AuthenticatorTimeout = PasskeyCeremony.Lifetime;

        // Discoverable, so that nobody types a name at three in the morning; verified by finger, face or PIN, so that it counts as two factors.
        options.ResidentKeyRequirement = "required";
        options.UserVerificationRequirement = "required";

        // Which make of authenticator a person has is their affair, and there is no list of makes to check without the Internet.
        options.AttestationConveyancePreference = "none";
        options.ValidateOrigin = context => ValueTask.FromResult(
            !context.CrossOrigin && Uri.TryCreate(context.Origin, UriKind.Absolute, out var origin) &&
            string.Equals(origin.GetLeftPart(UriPartial.Authority), address.Public.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase));
    }
}
