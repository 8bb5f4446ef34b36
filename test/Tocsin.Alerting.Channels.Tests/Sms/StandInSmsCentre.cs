using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tocsin.Alerting.Channels.Sms.Replies;
using Tocsin.Alerting.Channels.Sms.Smpp;
using Tocsin.Alerting.Channels.Sms.Text;
using Tocsin.Specifications.Channels;

namespace Tocsin.Alerting.Channels.Tests.Sms;

/// <summary>
/// An SMS centre inside the test. It shares its codec with the code under test, so it proves nothing of the protocol; it is fast, and can misbehave in ways that a
/// proper centre cannot. The protocol is proven against two centres that others wrote.
/// </summary>
internal sealed class StandInSmsCentre : IAnsweringCarrier
{
    private readonly Lock gate = new();
    private readonly Queue<CarrierAnswer> script = new();
    private readonly List<Received> received = [];
    private readonly List<(Connection Connection, uint Sequence)> unanswered = [];
    private readonly List<Connection> connections = [];
    private CarrierAnswer afterwards = CarrierAnswer.Accept;
    private readonly X509Certificate2? certificate;
    private TcpListener? listener;
    private int lastMessageId;

    /// <param name="certificate">Speaks TLS, and shows this.</param>
    public StandInSmsCentre(X509Certificate2? certificate = null)
    {
        this.certificate = certificate;
        Listen(0);
        Port = ((IPEndPoint)listener!.LocalEndpoint).Port;
    }

    public int Port { get; }

    public CarrierTraits Traits => CarrierTraits.GivesIds | CarrierTraits.StandingConnection;

    /// <summary>What it answers to a bind.</summary>
    public CommandStatus BindStatus { get; set; } = CommandStatus.Ok;

    /// <summary>The status of <see cref="CarrierAnswer.Refuse"/>.</summary>
    public CommandStatus RefusalStatus { get; set; } = CommandStatus.InvalidDestinationAddress;

    /// <summary>Leaves enquire_link without an answer.</summary>
    public bool IgnoresEnquireLink { get; set; }

    /// <summary>How it names the n-th message that it accepts.</summary>
    public Func<int, string> NameMessage { get; set; } = n => $"m{n}";

    public int BindsSeen { get; private set; }

    public int EnquireLinksSeen { get; private set; }

    public int UnbindsSeen { get; private set; }

    /// <summary>Every submit_sm, in order.</summary>
    public IReadOnlyList<Received> Submissions
    {
        get
        {
            lock (gate)
                return [.. received];
        }
    }

    public bool HasConnection
    {
        get
        {
            lock (gate)
                return connections.Exists(connection => connection.IsBound);
        }
    }

    public ValueTask ScriptAsync(CarrierAnswer afterwards, params CarrierAnswer[] next)
    {
        lock (gate)
        {
            this.afterwards = afterwards;
            script.Clear();
            foreach (var answer in next)
                script.Enqueue(answer);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<string>> ReceivedAsync() => ValueTask.FromResult<IReadOnlyList<string>>([.. Submissions.Select(each => each.To)]);

    public ValueTask<IReadOnlyList<string>> TextsAsync()
    {
        var texts = new List<string>();
        foreach (var group in Submissions.GroupBy(each => (each.To, each.Part?.Reference ?? -1)))
        {
            var octets = group.OrderBy(each => each.Part?.Number ?? 0).SelectMany(each => each.Words).ToArray();
            texts.Add(group.First().DataCoding == SmsParts.Ucs2DataCoding ? Encoding.BigEndianUnicode.GetString(octets) : Gsm7Alphabet.Decode(octets));
        }

        return ValueTask.FromResult<IReadOnlyList<string>>(texts);
    }

    public ValueTask BreakSilenceAsync()
    {
        lock (gate)
        {
            foreach (var (connection, sequence) in unanswered)
                connection.AnswerSubmit(sequence, CommandStatus.Ok, NameMessage(++lastMessageId));
            unanswered.Clear();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask GoDownAsync()
    {
        lock (gate)
        {
            listener?.Stop();
            listener = null;
        }

        HangUp();
        return ValueTask.CompletedTask;
    }

    public ValueTask ComeBackAsync()
    {
        Listen(Port);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> SendReceiptAsync(string providerMessageId, bool delivered) => SendReceiptAsync(providerMessageId, delivered ? "DELIVRD" : "UNDELIV");

    public async ValueTask<bool> SendReceiptAsync(string messageId, string state)
    {
        var text = $"id:{messageId} sub:001 dlvrd:001 submit date:2603020800 done date:2603020801 stat:{state} err:000 text:";
        return await DeliverAsync(EsmClass.DeliveryReceipt, "+33611111111", 0, Encoding.ASCII.GetBytes(text)) == CommandStatus.Ok;
    }

    public async ValueTask<bool> SendReplyAsync(string from, string text) =>
        await DeliverAsync(EsmClass.Default, from, SmsParts.Ucs2DataCoding, Encoding.BigEndianUnicode.GetBytes(text)) == CommandStatus.Ok;

    /// <summary>Sends a deliver_sm and awaits its answer.</summary>
    public Task<CommandStatus> DeliverAsync(EsmClass esmClass, string from, byte dataCoding, byte[] userData)
    {
        Connection connection;
        lock (gate)
            connection = connections.Find(each => each.IsBound) ?? throw new InvalidOperationException("Nobody is bound to this SMS centre.");
        return connection.DeliverAsync(esmClass, from, dataCoding, userData);
    }

    /// <summary>Writes octets to whoever is bound, whatever they are.</summary>
    public async Task WriteAsync(byte[] octets)
    {
        Connection connection;
        lock (gate)
            connection = connections.Find(each => each.IsBound) ?? throw new InvalidOperationException("Nobody is bound to this SMS centre.");
        await connection.Stream.WriteAsync(octets);
    }

    /// <summary>Closes every connection and goes on listening.</summary>
    public void HangUp()
    {
        List<Connection> open;
        lock (gate)
        {
            open = [.. connections];
            connections.Clear();
            unanswered.Clear();
        }

        open.ForEach(connection => connection.Stream.Dispose());
    }

    public async ValueTask DisposeAsync() => await GoDownAsync();

    private void Listen(int port)
    {
        var opened = new TcpListener(IPAddress.Loopback, port);
        opened.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        opened.Start();
        lock (gate)
            listener = opened;
        _ = AcceptAsync(opened);
    }

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
            {
                Stream stream = (await from.AcceptTcpClientAsync()).GetStream();
                var connection = new Connection(this, certificate is null ? stream : new SslStream(stream));
                lock (gate)
                {
                    connections.Add(connection);
                    if (listener != from)
                        connection.Stream.Dispose();
                }

                _ = connection.RunAsync();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private void TakeSubmission(Connection connection, uint sequence, Received submission)
    {
        lock (gate)
        {
            received.Add(submission);
            switch (script.TryDequeue(out var answer) ? answer : afterwards)
            {
                case CarrierAnswer.Accept:
                    connection.AnswerSubmit(sequence, CommandStatus.Ok, NameMessage(++lastMessageId));
                    break;
                case CarrierAnswer.Refuse:
                    connection.AnswerSubmit(sequence, RefusalStatus, "");
                    break;
                case CarrierAnswer.Throttle:
                    connection.AnswerSubmit(sequence, CommandStatus.Throttled, "");
                    break;
                case CarrierAnswer.StaySilent:
                    unanswered.Add((connection, sequence));
                    break;
                default:
                    HangUp();
                    break;
            }
        }
    }

    /// <summary>A submit_sm as it came.</summary>
    internal sealed record Received(
        string From, byte FromTon, string To, byte DataCoding, EsmClass EsmClass, PartNumber? Part, byte[] Words, string Validity, byte RegisteredDelivery);

    private sealed class Connection(StandInSmsCentre centre, Stream stream)
    {
        private readonly Lock gate = new();
        private readonly Dictionary<uint, TaskCompletionSource<CommandStatus>> deliveries = [];
        private uint lastSequence;

        public Stream Stream => stream;

        public bool IsBound { get; private set; }

        public async Task RunAsync()
        {
            var frames = new InboundFrames();
            try
            {
                if (stream is SslStream secure)
                    await secure.AuthenticateAsServerAsync(centre.certificate!);
                while (await stream.ReadAsync(frames.Room) is > 0 and var octets)
                {
                    frames.Received(octets);
                    while (frames.TryTake(out var header, out var body) == FrameEnd.Whole)
                        Handle(header, body);
                }
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or AuthenticationException)
            {
                // Closed by either side.
            }

            IsBound = false;
            lock (centre.gate)
                centre.connections.Remove(this);
            lock (gate)
            {
                foreach (var delivery in deliveries.Values)
                    delivery.TrySetException(new IOException("The channel closed the connection."));
            }
        }

        public void AnswerSubmit(uint sequence, CommandStatus status, string messageId)
        {
            var pdu = new byte[128];
            new NamedResponse { Name = Encoding.ASCII.GetBytes(messageId) }.TryWrite(pdu, CommandId.SubmitSmResponse, status, sequence, out var length);
            Write(pdu.AsSpan(0, length));
        }

        public async Task<CommandStatus> DeliverAsync(EsmClass esmClass, string from, byte dataCoding, byte[] userData)
        {
            var answered = new TaskCompletionSource<CommandStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
            uint sequence;
            lock (gate)
                deliveries.Add(sequence = ++lastSequence, answered);
            var pdu = new byte[ShortMessage.LargestPlain];
            new ShortMessage
            {
                Source = new SmppAddress { Ton = 1, Npi = 1, Value = Encoding.ASCII.GetBytes(from.TrimStart('+')) },
                Destination = new SmppAddress { Ton = 3, Value = "38000"u8 },
                EsmClass = esmClass,
                DataCoding = dataCoding,
                UserData = userData,
            }.TryWrite(pdu, CommandId.DeliverSm, sequence, out var length);
            Write(pdu.AsSpan(0, length));
            return await answered.Task;
        }

        private void Handle(in PduHeader header, ReadOnlySpan<byte> body)
        {
            switch (header.Command)
            {
                case CommandId.BindTransceiver:
                    centre.BindsSeen++;
                    WriteNamed(CommandId.BindTransceiverResponse, centre.BindStatus, header.Sequence);
                    IsBound = centre.BindStatus == CommandStatus.Ok;
                    break;
                case CommandId.SubmitSm when ShortMessage.TryParse(body, out var message):
                    centre.TakeSubmission(this, header.Sequence, Read(message));
                    break;
                case CommandId.DeliverSmResponse:
                    lock (gate)
                    {
                        if (deliveries.Remove(header.Sequence, out var answered))
                            answered.TrySetResult(header.Status);
                    }

                    break;
                case CommandId.EnquireLink:
                    centre.EnquireLinksSeen++;
                    if (!centre.IgnoresEnquireLink)
                        WriteBare(CommandId.EnquireLinkResponse, header.Sequence);
                    break;
                case CommandId.Unbind:
                    centre.UnbindsSeen++;
                    WriteBare(CommandId.UnbindResponse, header.Sequence);
                    break;
            }
        }

        private static Received Read(in ShortMessage message)
        {
            PartNumber? part = null;
            var words = message.UserData;
            if (message.EsmClass.HasFlag(EsmClass.UserDataHeader) && UserDataHeader.TryParse(words, out var headerLength, out part))
                words = words[headerLength..];
            return new Received(
                Encoding.ASCII.GetString(message.Source.Value),
                message.Source.Ton,
                (message.Destination.Ton == 1 ? "+" : "") + Encoding.ASCII.GetString(message.Destination.Value),
                message.DataCoding,
                message.EsmClass,
                part,
                words.ToArray(),
                Encoding.ASCII.GetString(message.ValidityPeriod),
                message.RegisteredDelivery);
        }

        private void WriteNamed(CommandId command, CommandStatus status, uint sequence)
        {
            var pdu = new byte[32];
            new NamedResponse { Name = "STANDIN"u8 }.TryWrite(pdu, command, status, sequence, out var length);
            Write(pdu.AsSpan(0, length));
        }

        private void WriteBare(CommandId command, uint sequence)
        {
            var pdu = new byte[PduHeader.Size];
            PduHeader.TryWriteBare(pdu, command, CommandStatus.Ok, sequence, out _);
            Write(pdu);
        }

        private void Write(ReadOnlySpan<byte> pdu)
        {
            lock (gate)
            {
                try
                {
                    stream.Write(pdu);
                }
                catch (Exception error) when (error is IOException or ObjectDisposedException)
                {
                    // The channel closed the connection.
                }
            }
        }
    }
}
