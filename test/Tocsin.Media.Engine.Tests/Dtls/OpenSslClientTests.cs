using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Dtls;

/// <summary>The program <c>openssl</c> as a peer, over a real socket: it prints the keys that it exported.</summary>
public sealed class OpenSslClientTests
{
    [Theory]
    [InlineData("SRTP_AEAD_AES_128_GCM", 56)]
    [InlineData("SRTP_AES128_CM_SHA1_80", 60)]
    public async Task The_keys_are_those_that_openssl_exports(string profile, int length)
    {
        using var directory = new ScratchDirectory();
        var key = Path.Combine(directory.Path, "key.pem");
        var certificate = Path.Combine(directory.Path, "certificate.pem");
        await using (var maker = ChildProcess.Start("openssl", [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=peer", "-days", "1", "-keyout", key, "-out", certificate]))
        {
            await maker.WaitForExitAsync();
            Assert.Equal(0, maker.ExitCode);
        }
        using var made = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(certificate));
        using var context = new DtlsContext(DtlsCertificate.Create(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        using var endPoint = new DtlsEndPoint(context, DtlsFingerprint.OfCertificate(made.RawData));

        await using var client = ChildProcess.Start("openssl", [
            "s_client", "-dtls1_2", "-connect", endPoint.Address, "-use_srtp", profile, "-cert", certificate, "-key", key,
            "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", $"{length}"]);
        var served = endPoint.ServeAsync(TestContext.Current.CancellationToken);
        var exported = await client.WaitForLineAsync("Keying material: (?<hex>[0-9A-F]+)");
        await client.WaitForLineAsync($"SRTP Extension negotiated, profile={profile}");

        var (inbound, outbound) = await served;
        byte[] ours = [.. inbound.Key, .. outbound.Key, .. inbound.Salt, .. outbound.Salt];
        Assert.Equal(exported.Groups["hex"].Value, Convert.ToHexString(ours));
    }

    /// <summary>One association on a socket of its own.</summary>
    private sealed class DtlsEndPoint : IDtlsOutput, IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly DtlsServer _server;
        private readonly byte[] _buffer = new byte[4_096];
        private readonly long _start = Stopwatch.GetTimestamp();
        private EndPoint _peer = new IPEndPoint(IPAddress.Loopback, 0);

        public DtlsEndPoint(DtlsContext context, DtlsFingerprint expected)
        {
            _socket.Bind(_peer);
            _server = new(context);
            _server.ExpectFingerprint(expected, this);
        }

        public string Address => _socket.LocalEndPoint!.ToString()!;

        private Instant Now => new(Stopwatch.GetElapsedTime(_start).Ticks * 100);

        public async Task<(Engine.Srtp.SrtpMasterKey Inbound, Engine.Srtp.SrtpMasterKey Outbound)> ServeAsync(CancellationToken cancellation)
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(_buffer, _peer, cancellation);
                _peer = received.RemoteEndPoint;
                _server.HandleDatagram(Now, _buffer.AsSpan(0, received.ReceivedBytes));
                if (_server.TryBeginStep(out var step))
                {
                    step.Run();
                    _server.FinishStep(Now, step, this);
                }
                if (_server.TakeKeys() is { } keys) return keys;
                Assert.Equal(DtlsFailure.None, _server.Failure);
            }
        }

        public void SendDtls(ReadOnlySpan<byte> datagram) => _socket.SendTo(datagram, _peer);

        public void Dispose()
        {
            _server.Dispose();
            _socket.Dispose();
        }
    }
}
