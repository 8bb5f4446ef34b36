using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tocsin.Media.Host.Sockets;

/// <summary>
/// recvmmsg and sendmmsg: one call into the system for many datagrams; and UDP_SEGMENT: one walk through the network stack for several datagrams to one
/// destination, which is where most of the time of sending goes.
/// </summary>
/// <remarks>
/// 64-bit Linux. A kernel without UDP_SEGMENT (before 4.18) is asked beforehand: it would ignore the request and send one long datagram. A path whose MTU is too
/// small, or a network device that cannot do it, refuses: then the datagrams go one by one.
/// </remarks>
internal sealed unsafe class LinuxDatagramSocket : IDatagramSocket
{
    /// <summary>Of one message: the kernel takes 128 and at most 64 kB; more than 44 gain nothing.</summary>
    public const int MaximumSegments = 44;

    private const int MaximumMessageBytes = 60_000;
    private const int RefusalsBeforeGivingUp = 16;
    private const ushort FamilyIPv4 = 2;
    private const ushort FamilyIPv6 = 10;

    private readonly Socket _socket;
    private readonly bool _ownsSocket;
    private readonly int _descriptor;

    // eventfd(2): a wake-up that takes no place in the socket's queue, and that reaches this thread where several share the port. A handle, so that who wakes too late
    // does not write to whatever has got its number since.
    private readonly SafeFileHandle _wakeUp;
    private readonly bool _isIPv6;
    private readonly LibC.MultiMessage* _received;
    private readonly LibC.Piece* _receivedPieces;
    private readonly byte* _sources;
    private readonly LibC.MultiMessage* _toSend;
    private readonly LibC.Piece* _piecesToSend;
    private readonly LibC.SegmentControl* _controls;
    private readonly byte* _destinations;
    private ReceiveBatch? _preparedFor;
    private int _refusals;
    private bool _hasSentSegments;

    /// <param name="socket">Bound.</param>
    /// <param name="usesSegments">False: as if the kernel had no UDP_SEGMENT.</param>
    /// <param name="ownsSocket">Whether to dispose of <paramref name="socket"/>.</param>
    public LinuxDatagramSocket(Socket socket, bool usesSegments = true, bool ownsSocket = true)
    {
        (_socket, _ownsSocket) = (socket, ownsSocket);
        _wakeUp = OpenWakeUp();
        _descriptor = (int)socket.Handle;
        _isIPv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        UsesSegments = usesSegments && KnowsSegments(socket);
        _received = Allocate<LibC.MultiMessage>(ReceiveBatch.Capacity);
        _receivedPieces = Allocate<LibC.Piece>(ReceiveBatch.Capacity);
        _sources = Allocate<byte>(ReceiveBatch.Capacity * SocketAddresses.Length);
        _toSend = Allocate<LibC.MultiMessage>(SendBatch.Capacity);
        _piecesToSend = Allocate<LibC.Piece>(SendBatch.Capacity);
        _controls = Allocate<LibC.SegmentControl>(SendBatch.Capacity);
        _destinations = Allocate<byte>(SendBatch.Capacity * SocketAddresses.Length);
    }

    public static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public bool UsesSegments { get; private set; }

    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public long Dropped { get; private set; }

    /// <summary>Calls of sendmmsg and messages in them: for tests and benchmarks.</summary>
    public (long Calls, long Messages) Sent { get; private set; }

    public void Wait(TimeSpan timeout)
    {
        var descriptors = stackalloc LibC.PollDescriptor[2];
        descriptors[0] = new() { Descriptor = _descriptor, Events = LibC.PollIn };
        descriptors[1] = new() { Descriptor = (int)_wakeUp.DangerousGetHandle(), Events = LibC.PollIn };
        var time = new LibC.TimeSpec { Seconds = (long)timeout.TotalSeconds, Nanoseconds = timeout.Ticks % TimeSpan.TicksPerSecond * 100 };
        if (LibC.ppoll(descriptors, 2, &time, null) <= 0 || descriptors[1].Returned == 0) return;
        ulong count;
        _ = LibC.read(_wakeUp, &count, sizeof(ulong));
    }

    public void Wake()
    {
        ulong one = 1;
        _ = LibC.write(_wakeUp, &one, sizeof(ulong));
    }

    public void Receive(ReceiveBatch batch)
    {
        batch.Clear();
        if (!ReferenceEquals(batch, _preparedFor)) PrepareToReceive(batch);
        var count = LibC.recvmmsg(_descriptor, _received, ReceiveBatch.Capacity, LibC.DoNotWait, null);
        for (var slot = 0; slot < count; slot++)
        {
            ref var message = ref _received[slot];
            // The system has written how long the address is, and reads from there how long it may be.
            message.Header.NameLength = SocketAddresses.Length;
            if ((message.Header.Flags & LibC.Truncated) != 0) continue;
            var source = new ReadOnlySpan<byte>(_sources + slot * SocketAddresses.Length, SocketAddresses.Length);
            batch.Add(slot, (int)message.Length, SocketAddresses.Read(source, _isIPv6));
        }
    }

    public void Send(SendBatch batch)
    {
        fixed (byte* memory = batch.Memory)
        {
            var count = BuildMessages(batch, memory);
            for (var sent = 0; sent < count;)
            {
                var result = LibC.sendmmsg(_descriptor, _toSend + sent, (uint)(count - sent), LibC.DoNotWait);
                Sent = (Sent.Calls + 1, Sent.Messages + Math.Max(result, 0));
                if (result > 0)
                {
                    NoteSuccess(sent, result);
                    sent += result;
                    continue;
                }
                var error = Marshal.GetLastPInvokeError();
                if (error == LibC.ErrorInterrupted) continue;
                if (_toSend[sent].Header.ControlLength > 0 && error is LibC.ErrorInvalid or LibC.ErrorInputOutput)
                {
                    SendApart(_toSend[sent]);
                    if (!_hasSentSegments && ++_refusals == RefusalsBeforeGivingUp) UsesSegments = false;
                }
                else
                {
                    // A full queue drops what is newest, as a router would; an unreachable destination is nobody else's concern.
                    Dropped += (long)_toSend[sent].Header.PieceCount;
                }
                sent++;
            }
        }
        batch.Clear();
    }

    public void Dispose()
    {
        if (_ownsSocket) _socket.Dispose();
        _wakeUp.Dispose();
        NativeMemory.Free(_received);
        NativeMemory.Free(_receivedPieces);
        NativeMemory.Free(_sources);
        NativeMemory.Free(_toSend);
        NativeMemory.Free(_piecesToSend);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_destinations);
    }

    /// <summary>SO_NO_CHECK: makes the kernel refuse segments, as a device does that cannot compute their checksums.</summary>
    internal void WithoutChecksums() => _socket.SetRawSocketOption(LibC.LevelSocket, LibC.NoChecksum, [1, 0, 0, 0]);

    private static T* Allocate<T>(int count)
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(T));

    private static SafeFileHandle OpenWakeUp()
    {
        var descriptor = LibC.eventfd(0, LibC.EventNonBlocking | LibC.EventCloseOnExec);
        return descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw new SocketException((int)SocketError.TooManyOpenSockets);
    }

    private static bool KnowsSegments(Socket socket)
    {
        try
        {
            Span<byte> value = stackalloc byte[sizeof(int)];
            return socket.GetRawSocketOption(LibC.LevelUdp, LibC.UdpSegment, value) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void NoteSuccess(int first, int count)
    {
        for (var message = first; message < first + count && !_hasSentSegments; message++) _hasSentSegments = _toSend[message].Header.ControlLength > 0;
    }

    /// <summary>Where each datagram goes; its memory is pinned, so this holds until another batch comes.</summary>
    private void PrepareToReceive(ReceiveBatch batch)
    {
        _preparedFor = batch;
        var memory = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(batch.Memory));
        for (var slot = 0; slot < ReceiveBatch.Capacity; slot++)
        {
            _receivedPieces[slot] = new() { Start = memory + slot * ReceiveBatch.MaximumLength, Length = ReceiveBatch.MaximumLength };
            _received[slot].Header = new()
            {
                Name = _sources + slot * SocketAddresses.Length,
                NameLength = SocketAddresses.Length,
                Pieces = _receivedPieces + slot,
                PieceCount = 1,
            };
        }
    }

    /// <summary>One message for each run of datagrams to one destination that are of equal length, but for the last, which may be shorter.</summary>
    private int BuildMessages(SendBatch batch, byte* memory)
    {
        var messages = 0;
        var pieces = 0;
        for (var destination = 0; destination < batch.DestinationCount; destination++)
        {
            var name = _destinations + destination * SocketAddresses.Length;
            var nameLength = SocketAddresses.Write(
                new(name, SocketAddresses.Length), _isIPv6 ? FamilyIPv6 : FamilyIPv4, _isIPv6, batch.Address(destination));
            var run = default(Run);
            foreach (var (offset, length) in batch.Datagrams(destination))
            {
                if (!UsesSegments || !run.TryExtend(length))
                {
                    run = new(length);
                    BeginMessage(messages++, name, nameLength, pieces);
                }
                _piecesToSend[pieces++] = new() { Start = memory + offset, Length = (nuint)length };
                AddPiece(messages - 1, run);
            }
        }
        return messages;
    }

    private void BeginMessage(int message, byte* name, int nameLength, int firstPiece) =>
        _toSend[message].Header = new() { Name = name, NameLength = (uint)nameLength, Pieces = _piecesToSend + firstPiece };

    private void AddPiece(int message, in Run run)
    {
        ref var header = ref _toSend[message].Header;
        header.PieceCount++;
        if (header.PieceCount != 2) return;
        _controls[message] = new()
        {
            Length = LibC.SegmentControl.LengthWithoutPadding,
            Level = LibC.LevelUdp,
            Type = LibC.UdpSegment,
            SegmentLength = (ushort)run.SegmentLength,
        };
        header.Control = _controls + message;
        header.ControlLength = (nuint)sizeof(LibC.SegmentControl);
    }

    /// <summary>Sends the datagrams of a refused message one by one.</summary>
    private void SendApart(in LibC.MultiMessage refused)
    {
        for (var piece = 0; piece < (int)refused.Header.PieceCount; piece++)
        {
            LibC.MultiMessage single = default;
            single.Header = new() { Name = refused.Header.Name, NameLength = refused.Header.NameLength, Pieces = refused.Header.Pieces + piece, PieceCount = 1 };
            if (LibC.sendmmsg(_descriptor, &single, 1, LibC.DoNotWait) != 1) Dropped++;
        }
    }

    /// <summary>Datagrams that one message takes.</summary>
    private struct Run(int length)
    {
        private int _count = 1;
        private int _bytes = length;
        private bool _isClosed;

        public int SegmentLength { get; } = length;

        public bool TryExtend(int length)
        {
            if (_count == 0 || _isClosed || length > SegmentLength || _count == MaximumSegments || _bytes + length > MaximumMessageBytes) return false;
            _isClosed = length < SegmentLength;
            _count++;
            _bytes += length;
            return true;
        }
    }
}
