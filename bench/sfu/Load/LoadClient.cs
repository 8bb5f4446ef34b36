using System.Net;
using System.Text;
using Tocsin.Bench.Sfu.Latency;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Engine.Srtp;
using Tocsin.Media.Engine.Tests.Ice;
using Tocsin.Media.Engine.Tests.Peers;
using Tocsin.Media.Host.Sockets;
using Tocsin.Media.Wire;
using Tocsin.Media.Wire.Stun;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>Buffers that all clients of the one thread share.</summary>
/// <param name="delays">Null: not measured.</param>
internal sealed class SharedBatches(DelayMeter? delays) : IDisposable
{
    public DelayMeter? Delays { get; } = delays;

    /// <summary>Null: not measured.</summary>
    public DirectPath? Direct { get; } = delays is null ? null : new(delays);

    public ReceiveBatch Received { get; } = new();

    public SendBatch ToSend { get; } = new();

    public void Dispose() => Direct?.Dispose();
}

/// <summary>One client on a port of its own: the test browser connects it, and its media then go by the batch.</summary>
internal abstract class LoadClient : IDisposable
{
    /// <summary>Of the client's checks, as the test browser names itself in them, and of the answers to the server's; the same for all.</summary>
    public const string UsernameFragment = "peer";

    /// <inheritdoc cref="UsernameFragment"/>
    public const string Password = "thereisnothingtosteal00";


    private const int LongestAnswer = 128;
    private static readonly byte[] PasswordBytes = Encoding.ASCII.GetBytes(Password);

    private readonly SharedBatches batches;
    private readonly TestBrowser browser;
    private readonly LinuxDatagramSocket socket;
    private readonly StampedReceiver? stamped;
    private SrtpReceiver? receiver;

    protected LoadClient(SharedBatches batches, int seed)
    {
        this.batches = batches;
        // What the generator is too slow to read must wait, or it would look as if the server had lost it: as large a queue as the server's own.
        var bound = DatagramSockets.Bind(IPAddress.Any, 0);
        socket = new LinuxDatagramSocket(bound);
        stamped = batches.Delays is null ? null : new StampedReceiver(bound);
        browser = new TestBrowser(IceCredentials.Create(), new Random(seed), nominatesAtOnce: true, (_, datagram) => Send(datagram));
    }

    public ClientEnd End => new(browser.Dtls.Certificate.Fingerprint, socket.LocalEndPoint.Port);

    /// <summary>As signalling told it; null until then.</summary>
    public ServerEnd? ServerEnd { get; private set; }

    public bool IsConnected => Sender is not null;

    public SrtpProfile? Profile => browser.Dtls.Profile;

    /// <summary>Packets that were not authentic, or come twice.</summary>
    public long Refused { get; private set; }

    protected SrtpSender? Sender { get; private set; }

    protected TransportAddress Server { get; private set; }

    protected SendBatch ToSend => batches.ToSend;

    protected DelayMeter? Delays => batches.Delays;

    protected DirectPath? Direct => batches.Direct;

    /// <summary>From here on <see cref="Run"/> connects it.</summary>
    public void Connect(ServerEnd end)
    {
        Server = TransportAddress.From(end.Address);
        ServerEnd = end;
        browser.UseCredentials(end.Credentials);
    }

    /// <summary>Does all that can be done now.</summary>
    /// <returns>How many datagrams came.</returns>
    public int Run(Instant now)
    {
        if (ServerEnd is null)
            return 0;
        var received = batches.Received;
        var count = 0;
        do
        {
            Receive(received);
            count += received.Count;
            for (var index = 0; index < received.Count; index++)
            {
                ArrivedAt = stamped?.ArrivedAt(index) ?? 0;
                Handle(now, received[index]);
            }
        }
        while (received.Count == ReceiveBatch.Capacity && count < 4 * ReceiveBatch.Capacity);
        if (now >= browser.NextWakeUp)
            browser.HandleTimeout(now);
        RunMedia(now);
        if (ToSend.Count > 0)
            socket.Send(ToSend);
        return count;
    }

    /// <summary>Until something comes for this client.</summary>
    public void Wait(TimeSpan timeout) => socket.Wait(timeout);

    public virtual void Dispose()
    {
        browser.Dispose();
        socket.Dispose();
        stamped?.Dispose();
        Sender?.Dispose();
        receiver?.Dispose();
    }

    /// <summary>When the system got the packet that is being handled, by the clock of <see cref="DelayMeter"/>.</summary>
    protected long ArrivedAt { get; private set; }

    /// <summary>Looks at a packet without decrypting it.</summary>
    /// <returns>False where it is to be decrypted.</returns>
    protected virtual bool HandleEncrypted(Instant now, ReadOnlySpan<byte> packet) => false;

    /// <summary>What it sends by itself. Only once connected is anything of that taken.</summary>
    protected abstract void RunMedia(Instant now);

    /// <param name="packet">In clear.</param>
    protected abstract void HandleRtp(Instant now, ReadOnlySpan<byte> packet);

    /// <inheritdoc cref="HandleRtp"/>
    protected abstract void HandleRtcp(Instant now, ReadOnlySpan<byte> packet);

    /// <summary>Encrypts a packet and has it leave with the others.</summary>
    protected void Send(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var room = Reserve(header.Length + payload.Length + Sender!.RtpOverhead);
        if (Sender.ProtectRtp(header, payload, room, out var length) != SrtpResult.Ok)
            throw new InvalidOperationException("a packet could not be encrypted");
        ToSend.Add(Server, length);
    }

    protected void SendRtcp(ReadOnlySpan<byte> packet)
    {
        var room = Reserve(packet.Length + Sender!.RtcpOverhead);
        if (Sender.ProtectRtcp(packet, room, out var length) == SrtpResult.Ok)
            ToSend.Add(Server, length);
    }

    private void Receive(ReceiveBatch received)
    {
        if (stamped is null)
            socket.Receive(received);
        else
            stamped.Receive(received);
    }

    private Span<byte> Reserve(int length)
    {
        if (!ToSend.HasRoom(length))
            socket.Send(ToSend);
        return ToSend.Reserve(length);
    }

    private void Send(byte[] datagram)
    {
        datagram.CopyTo(Reserve(datagram.Length));
        ToSend.Add(Server, datagram.Length);
    }

    private void Handle(Instant now, Span<byte> datagram)
    {
        switch (Datagram.Classify(datagram))
        {
            case DatagramKind.Rtp when HandleEncrypted(now, datagram):
                break;
            case DatagramKind.Rtp when receiver is not null:
                if (receiver.UnprotectRtp(datagram, datagram, out var length) == SrtpResult.Ok)
                    HandleRtp(now, datagram[..length]);
                else
                    Refused++;
                break;
            case DatagramKind.Rtcp when receiver is not null:
                if (receiver.UnprotectRtcp(datagram, datagram, out length) == SrtpResult.Ok)
                    HandleRtcp(now, datagram[..length]);
                else
                    Refused++;
                break;
            case DatagramKind.Stun when StunMessage.TryParse(datagram, out var check) && check.Class == StunClass.Request:
                Answer(check);
                break;
            case DatagramKind.Stun or DatagramKind.Dtls:
                browser.Receive(now, IceTestClient.Path(1), datagram.ToArray());
                if (browser.HasKeys && Sender is null)
                    TakeKeys();
                break;
        }
    }

    /// <summary>libnice checks the path itself even as an ICE lite agent, and waits for the answer.</summary>
    /// <remarks>RFC 8445 section 7.3.1.</remarks>
    private void Answer(in StunMessage check)
    {
        if (!check.HasValidIntegrity(PasswordBytes))
            return;
        var room = Reserve(LongestAnswer);
        var writer = new StunWriter(room[..LongestAnswer], StunClass.SuccessResponse, StunMethod.Binding, check.TransactionId);
        writer.AddXorMappedAddress(Server);
        writer.AddMessageIntegrity(PasswordBytes);
        writer.AddFingerprint();
        if (writer.TryFinish(out var length))
            ToSend.Add(Server, length);
    }

    private void TakeKeys()
    {
        if (browser.Dtls.ServerFingerprint is not { } certificate || !certificate.Matches(ServerEnd!.Fingerprint))
            throw new InvalidOperationException("the server has another certificate than its signalling said");
        var (client, server) = browser.Dtls.ExportKeys();
        (Sender, receiver) = (new SrtpSender(client), new SrtpReceiver(server));
    }
}
