using System.Security.Cryptography;
using System.Text;
using Tocsin.Server.Features.Idempotency;

namespace Tocsin.Server.Features.AlertsApi.Acting;

/// <summary>Names an answer such that it counts once when it is sent again, and a different answer under the same key is still taken: losing one is worse than a duplicate.</summary>
internal static class AnswerClientId
{
    // Of 256 bits, enough that no two answers of one person meet.
    private const int Octets = 16;

    public static string Of(HttpContext context, string? choice, string? comment)
    {
        string? key = context.Request.Headers[IdempotencyFilter.Header];
        if (string.IsNullOrEmpty(key)) return Guid.CreateVersion7().ToString();
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{choice}\n{comment}"));
        return Convert.ToHexStringLower(digest.AsSpan(0, Octets));
    }
}
