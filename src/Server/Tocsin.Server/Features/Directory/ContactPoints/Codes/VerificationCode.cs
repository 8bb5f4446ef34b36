using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.ContactPoints.Codes;

/// <summary>The six digits of a <see cref="ContactPointCode"/>: HMAC-SHA-256 of the installation's key over what the row says, cut to 64 bits, modulo a million.</summary>
internal static class VerificationCode
{
    public const int Digits = 6;
    public const int NonceLength = 16;
    public const int KeyLength = 32;

    private const ulong Modulus = 1_000_000;

    /// <param name="key">Of <see cref="KeyLength"/> octets.</param>
    public static string Of(ReadOnlySpan<byte> key, ContactPointCode row)
    {
        byte[] text = [.. row.Nonce, .. row.ContactPointId.Value.ToByteArray(true), .. Encoding.UTF8.GetBytes(row.Address)];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text, hash);
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Takes the same time whatever the answer. <paramref name="typed"/> is as <see cref="TryRead"/> gives it.</summary>
    public static bool Matches(ReadOnlySpan<byte> key, ContactPointCode row, string typed) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Of(key, row)), Encoding.ASCII.GetBytes(typed));

    /// <summary>Six digits, with spaces wherever somebody or their telephone put some.</summary>
    public static bool TryRead(string? typed, out string code)
    {
        code = typed is { Length: <= 32 } ? string.Concat(typed.Where(c => !char.IsWhiteSpace(c))) : "";
        return code.Length == Digits && code.All(char.IsAsciiDigit);
    }
}
