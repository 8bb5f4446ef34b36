using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>The client's side of SCRAM-SHA-256: the password never leaves, and the relay proves that it knows it too.</summary>
/// <remarks>RFC 5802 and RFC 7677, without channel binding.</remarks>
internal sealed class ScramSha256
{
    /// <summary>A hostile relay could otherwise make us hash for minutes.</summary>
    private const int MaximumIterations = 1_000_000;

    /// <summary>RFC 7677 section 4 asks for at least 4096.</summary>
    private const int MinimumIterations = 4096;

    private const string NoBinding = "n,,";

    private readonly string password;
    private readonly string nonce;
    private readonly string firstBare;
    private byte[] expectedSignature = [];

    public ScramSha256(string userName, string password)
        : this(userName, password, Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)))
    {
    }

    /// <param name="nonce">Printable ASCII without a comma; given by the test of RFC 7677's example.</param>
    internal ScramSha256(string userName, string password, string nonce)
    {
        this.password = password;
        this.nonce = nonce;
        firstBare = $"n={userName.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={nonce}";
    }

    public string ClientFirst => NoBinding + firstBare;

    public bool TryAnswer(string serverFirst, out string clientFinal)
    {
        clientFinal = "";
        var fields = serverFirst.Split(',');
        if (fields.Length < 3 || !fields[0].StartsWith("r=", StringComparison.Ordinal) || !fields[1].StartsWith("s=", StringComparison.Ordinal) || !fields[2].StartsWith("i=", StringComparison.Ordinal))
            return false;
        var sharedNonce = fields[0][2..];
        if (!sharedNonce.StartsWith(nonce, StringComparison.Ordinal) || sharedNonce.Length == nonce.Length || !Base64.IsValid(fields[1].AsSpan(2)))
            return false;
        if (!int.TryParse(fields[2].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < MinimumIterations or > MaximumIterations)
            return false;
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Convert.FromBase64String(fields[1][2..]), iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var withoutProof = $"c={Convert.ToBase64String(Encoding.ASCII.GetBytes(NoBinding))},r={sharedNonce}";
        var authMessage = Encoding.UTF8.GetBytes($"{firstBare},{serverFirst},{withoutProof}");
        var proof = HMACSHA256.HashData(SHA256.HashData(clientKey), authMessage);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= clientKey[i];
        expectedSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), authMessage);
        clientFinal = $"{withoutProof},p={Convert.ToBase64String(proof)}";
        return true;
    }

    public bool Verify(string serverFinal) =>
        expectedSignature.Length > 0 && serverFinal.StartsWith("v=", StringComparison.Ordinal) && Base64.IsValid(serverFinal.AsSpan(2))
        && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(serverFinal[2..]), expectedSignature);
}
