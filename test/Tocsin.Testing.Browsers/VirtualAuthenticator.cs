using System.Text.Json;
using Microsoft.Playwright;

namespace Tocsin.Testing.Browsers;

/// <summary>A passkey device inside Chromium, whose person always puts the finger on it (Chrome DevTools Protocol, domain WebAuthn).</summary>
public sealed class VirtualAuthenticator
{
    private readonly ICDPSession session;
    private readonly string id;

    private VirtualAuthenticator(ICDPSession session, string id) => (this.session, this.id) = (session, id);

    public static async Task<VirtualAuthenticator> PlugIntoAsync(IPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var protocol = await page.Context.NewCDPSessionAsync(page);
        await protocol.SendAsync("WebAuthn.enable");
        var options = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["protocol"] = "ctap2",
            ["ctap2Version"] = "ctap2_1",
            ["transport"] = "internal",
            ["hasResidentKey"] = true,
            ["hasUserVerification"] = true,
            ["isUserVerified"] = true,
            ["automaticPresenceSimulation"] = true,
        };
        var added = await protocol.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>(StringComparer.Ordinal) { ["options"] = options });
        return new VirtualAuthenticator(protocol, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>Whether the person proves who they are, by finger or PIN, when asked.</summary>
    public Task SetUserVerifiedAsync(bool isVerified) =>
        session.SendAsync("WebAuthn.setUserVerified", new Dictionary<string, object>(StringComparer.Ordinal) { ["authenticatorId"] = id, ["isUserVerified"] = isVerified });

    /// <summary>The passkeys on it, as the protocol describes them.</summary>
    public async Task<IReadOnlyList<JsonElement>> CredentialsAsync()
    {
        var answer = await session.SendAsync("WebAuthn.getCredentials", new Dictionary<string, object>(StringComparer.Ordinal) { ["authenticatorId"] = id });
        return [.. answer!.Value.GetProperty("credentials").EnumerateArray()];
    }
}
