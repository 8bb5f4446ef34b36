using System.Security.Cryptography;
using System.Text;
using Tocsin.Media.Wire.Stun;

namespace Tocsin.Media.Engine.Ice;

/// <summary>The username fragment and password of one side. The password is a secret: it never goes into a log.</summary>
/// <remarks>RFC 8445 section 5.3.</remarks>
public sealed class IceCredentials
{
    // 64 characters of 6 bits: 96 bits to tell peers apart by, 192 bits to authenticate by; RFC 8445 wants 24 and 128.
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const int FragmentLength = 16;
    private const int PasswordLength = 32;
    private readonly byte[] _fragmentBytes;
    private readonly byte[] _passwordBytes;

    /// <exception cref="ArgumentOutOfRangeException">Shorter than RFC 8445 allows, or longer than 256 characters.</exception>
    public IceCredentials(string usernameFragment, string password)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(usernameFragment.Length, 4, nameof(usernameFragment));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(usernameFragment.Length, 256, nameof(usernameFragment));
        ArgumentOutOfRangeException.ThrowIfLessThan(password.Length, 22, nameof(password));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(password.Length, 256, nameof(password));
        UsernameFragment = usernameFragment;
        Password = password;
        _fragmentBytes = Encoding.ASCII.GetBytes(usernameFragment);
        _passwordBytes = Encoding.ASCII.GetBytes(password);
    }

    public string UsernameFragment { get; }

    public string Password { get; }

    internal ReadOnlySpan<byte> FragmentBytes => _fragmentBytes;

    internal ReadOnlySpan<byte> PasswordBytes => _passwordBytes;

    public static IceCredentials Create() =>
        new(RandomNumberGenerator.GetString(Characters, FragmentLength), RandomNumberGenerator.GetString(Characters, PasswordLength));

    /// <summary>Whether the message's MESSAGE-INTEGRITY was made with this password.</summary>
    /// <remarks>RFC 8489 section 9.1. Any thread; does not allocate.</remarks>
    public bool Authenticate(in StunMessage message) => message.HasValidIntegrity(_passwordBytes);

    public override string ToString() => "ICE credentials";
}
