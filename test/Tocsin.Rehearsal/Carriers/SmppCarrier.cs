using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tocsin.Rehearsal.Carriers;

/// <summary>An SMS centre that takes every message, and brings delivery receipts and replies. It keeps both until they are acknowledged, over any number of connections.</summary>
public sealed class SmppCarrier : IAsyncDisposable
{
    private readonly Func<bool> loses;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Parcel.Receipt> receipts = new();
    private readonly ConcurrentQueue<Parcel> parcels = new();
    private readonly ConcurrentDictionary<Connection, bool> connections = new();
    private readonly TextAssembly texts = new();
    private readonly Lock gate = new();
    private long lastMessageId;
    private int shortMessages;
    private int pendingReceipts;
    private int pendingReplies;
    private int acknowledged;
    private volatile int mostAcknowledged = int.MaxValue;
    private volatile bool givesReceipts;

    /// <param name="loses">Asked for each message: whether it is lost and not answered. Null: none is.</param>
    public SmppCarrier(Func<bool>? loses = null)
    {
        this.loses = loses ?? (() => false);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Where the texts are counted that come from now on.</summary>
    public Arrivals Arrivals { get; set; } = new((_, _) => null);

    /// <summary>Which life of its server speaks to this carrier now.</summary>
    public int Life { get; set; }

    /// <summary>Whether anybody is connected. After a kill: whether octets of the dead may still be read.</summary>
    public bool IsConnected => !connections.IsEmpty;

    public bool IsBound => connections.Keys.Any(connection => connection.IsBound);

    /// <summary>Short messages taken: a long text takes several.</summary>
    public int ShortMessages => Volatile.Read(ref shortMessages);

    /// <summary>Receipts that nobody has acknowledged yet.</summary>
    public int PendingReceipts => Volatile.Read(ref pendingReceipts);

    /// <summary>Replies that nobody has acknowledged yet.</summary>
    public int PendingReplies => Volatile.Read(ref pendingReplies);

    /// <summary>Receipts and replies that were acknowledged so far.</summary>
    public int Acknowledged => Volatile.Read(ref acknowledged);

    /// <summary>What went wrong in a connection beyond its end; none in a good run.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>Returns receipts from now on, first those for what came before.</summary>
    public void GiveReceipts()
    {
        givesReceipts = true;
        foreach (var connection in connections.Keys) connection.Wake();
    }

    /// <summary>Brings no more receipts and replies than make this many acknowledged ones.</summary>
    public void AllowAcknowledged(int parcels)
    {
        mostAcknowledged = parcels;
        foreach (var connection in connections.Keys) connection.Wake();
    }

    /// <summary>Somebody writes back, in letters of ASCII. Brought like a receipt: again and again until it is acknowledged.</summary>
    public void Reply(string from, string text)
    {
        Interlocked.Increment(ref pendingReplies);
        parcels.Enqueue(new Parcel.Reply(from, text));
        foreach (var connection in connections.Keys) connection.Wake();
    }

    public ValueTask DisposeAsync()
    {
        listener.Stop();
        foreach (var connection in connections.Keys) connection.Close();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync();
                socket.NoDelay = true;
                var connection = new Connection(this, socket);
                connections[connection] = true;
                _ = connection.RunAsync();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    /// <returns>The message's id, or null where it is lost.</returns>
    private string? Take(in SubmittedMessage message)
    {
        if (loses()) return null;
        lock (gate)
        {
            shortMessages++;
            var id = (++lastMessageId).ToString("x8", CultureInfo.InvariantCulture);
            if (message.WantsReceipt)
            {
                Interlocked.Increment(ref pendingReceipts);
                receipts.Enqueue(new Parcel.Receipt(id, message.To));
            }

            if (texts.Add(message) is { } text) Arrivals.Take(message.To, text, Life);
            return id;
        }
    }

    private bool TryNext(out Parcel? parcel)
    {
        if (parcels.TryDequeue(out parcel)) return true;
        if (!givesReceipts || !receipts.TryDequeue(out var receipt)) return false;
        parcel = receipt;
        return true;
    }

    /// <summary>To be brought again, over whichever connection there will be.</summary>
    private void TakeBack(Parcel parcel)
    {
        if (parcel is Parcel.Receipt receipt) receipts.Enqueue(receipt);
        else parcels.Enqueue(parcel);
    }

    private void Acknowledge(Parcel parcel)
    {
        Interlocked.Increment(ref acknowledged);
        if (parcel is Parcel.Receipt) Interlocked.Decrement(ref pendingReceipts);
        else Interlocked.Decrement(ref pendingReplies);
    }

    private sealed class Connection(SmppCarrier carrier, Socket socket) : IDisposable
    {
        // What a careful SMS centre leaves unanswered at once.
        private const int ReceiptWindow = 200;

        private readonly SemaphoreSlim writing = new(1, 1);
        private readonly SemaphoreSlim woken = new(0);
        private readonly Dictionary<uint, Parcel> unacknowledged = [];
        private uint lastSequence;
        private volatile bool isOver;

        public bool IsBound { get; private set; }

        public async Task RunAsync()
        {
            var sending = BringAsync();
            try
            {
                await ReadAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Killed, as the rehearsal wants.
            }
            catch (Exception exception)
            {
                carrier.Faults.Enqueue($"{exception.GetType().Name}: {exception.Message}");
            }

            isOver = true;
            Close();
            Wake();
            await sending;
            lock (unacknowledged)
            {
                foreach (var parcel in unacknowledged.OrderBy(sent => sent.Key)) carrier.TakeBack(parcel.Value);
                unacknowledged.Clear();
            }

            carrier.connections.TryRemove(this, out _);
            foreach (var other in carrier.connections.Keys) other.Wake();
        }

        public void Dispose()
        {
            Close();
            writing.Dispose();
            woken.Dispose();
        }

        public void Wake() => woken.Release();

        public void Close() => socket.Dispose();

        private async Task ReadAsync()
        {
            var buffer = new byte[2 * SmppPdu.Largest];
            var answers = new ArrayBufferWriter<byte>(16 * 1024);
            var filled = 0;
            while (true)
            {
                await carrier.Arrivals.HasRoomAsync();
                var received = await socket.ReceiveAsync(buffer.AsMemory(filled));
                if (received == 0) return;
                filled += received;
                var taken = TakeWhole(buffer.AsSpan(0, filled), answers);
                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
                await WriteAsync(answers);
                if (!carrier.parcels.IsEmpty || (carrier.givesReceipts && !carrier.receipts.IsEmpty)) Wake();
            }
        }

        private int TakeWhole(ReadOnlySpan<byte> received, ArrayBufferWriter<byte> answers)
        {
            var at = 0;
            while (received.Length - at >= SmppPdu.HeaderSize)
            {
                var length = BinaryPrimitives.ReadUInt32BigEndian(received[at..]);
                if (length is < SmppPdu.HeaderSize or > SmppPdu.Largest) throw new InvalidDataException($"A PDU of {length} octets.");
                if (received.Length - at < length) break;
                Handle(received.Slice(at, (int)length), answers);
                at += (int)length;
            }

            return at;
        }

        private void Handle(ReadOnlySpan<byte> pdu, ArrayBufferWriter<byte> answers)
        {
            var (command, status, sequence) = SmppPdu.ReadHeader(pdu);
            switch (command)
            {
                case SmppPdu.BindTransceiver:
                    SmppPdu.WriteNamed(answers, SmppPdu.BindTransceiver | SmppPdu.Response, sequence, "REHEARSAL");
                    IsBound = true;
                    break;
                case SmppPdu.SubmitSm:
                    if (carrier.Take(SmppPdu.ReadSubmit(pdu[SmppPdu.HeaderSize..])) is { } id)
                        SmppPdu.WriteNamed(answers, SmppPdu.SubmitSm | SmppPdu.Response, sequence, id);
                    break;
                case SmppPdu.DeliverSm | SmppPdu.Response:
                    Acknowledge(sequence, status);
                    break;
                case SmppPdu.EnquireLink or SmppPdu.Unbind:
                    SmppPdu.WriteBare(answers, command | SmppPdu.Response, sequence);
                    break;
                case SmppPdu.EnquireLink | SmppPdu.Response:
                    break;
                default:
                    throw new InvalidDataException($"An unexpected command 0x{command:x8}.");
            }
        }

        private void Acknowledge(uint sequence, uint status)
        {
            Parcel? parcel;
            lock (unacknowledged)
            {
                if (!unacknowledged.Remove(sequence, out parcel)) throw new InvalidDataException("An acknowledgement of nothing.");
            }

            if (status == 0) carrier.Acknowledge(parcel);
            else carrier.TakeBack(parcel);
            Wake();
        }

        private async Task BringAsync()
        {
            var pdus = new ArrayBufferWriter<byte>(16 * 1024);
            while (!isOver)
            {
                await woken.WaitAsync();
                if (!IsBound || isOver) continue;
                WriteParcels(pdus);
                try
                {
                    await WriteAsync(pdus);
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }

        private void WriteParcels(ArrayBufferWriter<byte> pdus)
        {
            lock (unacknowledged)
            {
                while (unacknowledged.Count < ReceiptWindow && carrier.Acknowledged + unacknowledged.Count < carrier.mostAcknowledged && carrier.TryNext(out var parcel))
                {
                    unacknowledged.Add(++lastSequence, parcel!);
                    SmppPdu.WriteDeliver(pdus, lastSequence, parcel!);
                }
            }
        }

        private async Task WriteAsync(ArrayBufferWriter<byte> pdus)
        {
            if (pdus.WrittenCount == 0) return;
            await writing.WaitAsync();
            try
            {
                for (var rest = pdus.WrittenMemory; rest.Length > 0;) rest = rest[await socket.SendAsync(rest)..];
            }
            finally
            {
                pdus.ResetWrittenCount();
                writing.Release();
            }
        }
    }
}
