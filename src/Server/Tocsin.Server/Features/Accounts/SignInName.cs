using System.Diagnostics.CodeAnalysis;

namespace Tocsin.Server.Features.Accounts;

/// <summary>The name people type to sign in: 2 to 64 of a-z, 0-9 and <c>. _ - @ +</c>, whatever the case.</summary>
/// <remarks>ASCII only, so that it can be typed on any keyboard and no two names look alike.</remarks>
internal static class SignInName
{
    private const int Minimum = 2;
    private const int Maximum = 64;

    /// <param name="name">As it is kept: lower case.</param>
    public static bool TryRead(string? text, [NotNullWhen(true)] out string? name)
    {
        var trimmed = text?.Trim() ?? "";
        name = trimmed.Length is >= Minimum and <= Maximum && trimmed.All(IsAllowed) ? trimmed.ToLowerInvariant() : null;
        return name is not null;
    }

    /// <summary>As ASP.NET Core Identity looks it up.</summary>
    public static string Normalise(string name) => name.ToUpperInvariant();

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+';
}
