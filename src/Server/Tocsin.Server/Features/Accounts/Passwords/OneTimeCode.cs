using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Tocsin.Server.Features.Accounts.Passwords;

/// <summary>Time-based one-time codes as authenticator apps make them: RFC 6238 with SHA-1, 6 digits, steps of 30 seconds.</summary>
/// <remarks>SHA-1 and 6 digits because apps ignore what else an enrolment asks for; HMAC does not lean on what is broken in SHA-1.</remarks>
internal static class OneTimeCode
{
    public const int Digits = 6;

    /// <summary>RFC 4226, section 4, R6: 160 bits.</summary>
    public const int KeyLength = 20;

    private const int Modulus = 1_000_000;

    // RFC 6238, section 5.2: one step either way for clocks that differ and people who type slowly.
    private const int Tolerance = 1;

    private static readonly TimeSpan step = TimeSpan.FromSeconds(30);

    public static byte[] CreateKey() => RandomNumberGenerator.GetBytes(KeyLength);

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)step.TotalSeconds;

    /// <summary>The code of one step (RFC 4226, section 5.3).</summary>
    public static string At(ReadOnlySpan<byte> key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // See above: the standard and the apps leave no choice, and HMAC does not lean on what is broken.
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        var offset = hash[^1] & 0x0F;
        var truncated = BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & int.MaxValue;
        return (truncated % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step of which <paramref name="code"/> is the code, within the tolerance around <paramref name="now"/>; null where it is none's.</summary>
    /// <remarks>Takes the same time whatever the answer.</remarks>
    public static long? FindStep(ReadOnlySpan<byte> key, string? code, DateTimeOffset now)
    {
        var given = System.Text.Encoding.ASCII.GetBytes((code ?? "").Replace(" ", "", StringComparison.Ordinal));
        long? found = null;
        for (var candidate = StepAt(now) - Tolerance; candidate <= StepAt(now) + Tolerance; candidate++)
        {
            if (CryptographicOperations.FixedTimeEquals(given, System.Text.Encoding.ASCII.GetBytes(At(key, candidate)))) found = candidate;
        }

        return found;
    }
}
