using Tocsin.Server.Access;

namespace Tocsin.Server.Features.Accounts.Passkeys;

/// <summary>What a person calls a passkey, to know which one to remove when a phone is lost.</summary>
internal static class PasskeyName
{
    private const int Maximum = 60;

    /// <summary>As given; else the device's description.</summary>
    public static string Of(string? given, HttpContext context)
    {
        var name = new string([.. (given ?? "").Trim().Where(c => !char.IsControl(c)).Take(Maximum)]);
        return name.Length > 0 ? name : DeviceSummary.Of(context.Request.Headers.UserAgent.ToString());
    }
}
