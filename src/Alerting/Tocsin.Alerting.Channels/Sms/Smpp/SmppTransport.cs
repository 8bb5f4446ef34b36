using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>Opens the connection that a session speaks over.</summary>
internal static class SmppTransport
{
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The certificate is not the carrier's.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<Stream> ConnectAsync(SmsProviderOptions provider, CancellationToken cancellationToken)
    {
        // Batches are made here, where it is known what belongs together; the system need not wait for more.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(provider.Host, provider.Port, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return provider.Tls ? await SecureAsync(stream, provider, cancellationToken) : stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(Stream plain, SmsProviderOptions provider, CancellationToken cancellationToken)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = provider.Host, CertificateChainPolicy = PolicyOf(provider.TlsAuthorityFile) },
                cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    /// <remarks>Revocation is not asked for: the lists are on hosts that nobody configured, and this system works where they cannot be reached.</remarks>
    private static X509ChainPolicy PolicyOf(string? authorityFile)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (authorityFile is null)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.ImportFromPemFile(authorityFile);
        return policy;
    }
}
