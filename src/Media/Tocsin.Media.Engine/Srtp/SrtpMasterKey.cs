using System.Security.Cryptography;

namespace Tocsin.Media.Engine.Srtp;

/// <summary>The master key and salt of one direction, as DTLS exports them. Owns its bytes and wipes them when disposed.</summary>
/// <remarks>RFC 3711 section 3.2.1, RFC 5764 section 4.2.</remarks>
public sealed class SrtpMasterKey : IDisposable
{
    private readonly byte[] _key;
    private readonly byte[] _salt;

    /// <param name="key">16 bytes.</param>
    /// <param name="salt">12 bytes for AES-GCM, 14 for AES-CM.</param>
    public SrtpMasterKey(SrtpProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, SrtpProfileLengths.MasterKey, nameof(key));
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, profile.SaltLength, nameof(salt));
        Profile = profile;
        _key = key.ToArray();
        _salt = salt.ToArray();
    }

    public SrtpProfile Profile { get; }

    internal ReadOnlySpan<byte> Key => _key;

    internal ReadOnlySpan<byte> Salt => _salt;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_key);
        CryptographicOperations.ZeroMemory(_salt);
    }

    /// <summary>The session key of <paramref name="label"/> (<see cref="SrtpKeyDerivation"/>).</summary>
    internal void Derive(byte label, Span<byte> sessionKey) => SrtpKeyDerivation.Derive(_key, _salt, label, sessionKey);
}
