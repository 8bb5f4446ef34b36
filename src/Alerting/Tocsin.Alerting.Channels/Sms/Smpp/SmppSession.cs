using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>One connection to a carrier, bound as a transceiver, from the bind to its end. It is never mended: its provider opens another.</summary>
/// <remarks>
/// SMPP 3.4 sections 2.3 to 2.7. Any thread submits; one loop reads, one writes. Each submission ends in exactly one <see cref="SubmitResult"/>, whatever the
/// carrier does. Bounded: submissions by the window, received messages being handled by <see cref="MostBeingHandled"/>, octets by the two buffers.
/// </remarks>
internal sealed class SmppSession : IAsyncDisposable
{
    /// <summary>Received messages that await their inbox at once. Past that the carrier is asked to come again, so that answers to submissions are never held up behind receipts.</summary>
    private const int MostBeingHandled = 1_024;

    private const uint LastSequence = 0x7FFF_FFFF;

    /// <summary>For answers under way, and then for the unbind, when we end the session. Longer holds up a restart; shorter makes duplicates after it.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private static long opened;

    private readonly Stream stream;
    private readonly SmppSessionSettings settings;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly OutboundBuffer outbound = new();
    private readonly InboundFrames frames = new();
    private readonly SemaphoreSlim slots;
    private readonly CancellationTokenSource lifetime = new();
    private readonly TaskCompletionSource<string> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer ticker;
    private readonly Task loops;

    private readonly Lock gate = new();

    /// <summary>Requests that await their answer, by sequence number. Under <see cref="gate"/>; empty once closed.</summary>
    private readonly Dictionary<uint, PendingRequest> pending = [];

    /// <summary>Under <see cref="gate"/>.</summary>
    private uint lastSequence;

    /// <summary>Under <see cref="gate"/>. Once true, nothing enters <see cref="pending"/> any more.</summary>
    private bool ended;

    private int beingHandled;
    private long lastHeard;
    private volatile bool leaving;

    private SmppSession(Stream stream, SmppSessionSettings settings, TimeProvider time, ILogger logger)
    {
        this.stream = stream;
        this.settings = settings;
        this.time = time;
        this.logger = logger;
        slots = new SemaphoreSlim(settings.Provider.Window);
        lastHeard = time.GetTimestamp();
        var tick = settings.ResponseTimeout / 20;
        ticker = time.CreateTimer(static session => ((SmppSession)session!).Tick(), this, tick, tick);
        loops = Task.WhenAll(Task.Run(ReadAsync), Task.Run(WriteAsync));
    }

    /// <summary>Distinct in this process.</summary>
    public long Number { get; } = Interlocked.Increment(ref opened);

    /// <summary>Completes with the reason code once the session has ended, and no submission of it is without a result.</summary>
    public Task<string> Closed => closed.Task;

    /// <summary>How many submissions could leave now.</summary>
    public int FreeSlots => leaving || closed.Task.IsCompleted ? 0 : slots.CurrentCount;

    /// <summary>Connects and binds.</summary>
    /// <returns>The session, or null with the reason code.</returns>
    public static async Task<(SmppSession? Session, string Reason)> OpenAsync(SmppSessionSettings settings, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(settings.ResponseTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        SmppSession? session = null;
        try
        {
            session = new SmppSession(await SmppTransport.ConnectAsync(settings.Provider, either.Token), settings, time, logger);
            var bound = await session.Bind().WaitAsync(either.Token);
            if (bound.IsAccepted)
                return (session, "bound");
            await session.AbandonAsync();
            return (null, bound.End == SubmitEnd.Answered ? SmsReasons.BindRefused : SmsReasons.ConnectionLost);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or IOException or AuthenticationException)
        {
            if (session is not null)
                await session.AbandonAsync();
            return (null, error switch
            {
                OperationCanceledException => SmsReasons.NoAnswer,
                AuthenticationException => SmsReasons.TlsFailed,
                SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => SmsReasons.HostUnknown,
                _ => SmsReasons.ConnectionRefused,
            });
        }
    }

    /// <summary>Waits for a place in the window.</summary>
    /// <returns>True: <see cref="Submit"/> or <see cref="GiveBack"/> must follow. False: the session has ended or is ending.</returns>
    public async ValueTask<bool> TryReserveAsync(CancellationToken cancellationToken)
    {
        if (leaving || lifetime.IsCancellationRequested)
            return false;
        if (!slots.Wait(0, CancellationToken.None))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Token, cancellationToken);
            try
            {
                await slots.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }

        if (!leaving && !lifetime.IsCancellationRequested)
            return true;
        slots.Release();
        return false;
    }

    /// <summary>Gives a reserved place back unused.</summary>
    public void GiveBack() => slots.Release();

    /// <summary>Sends one short message in a reserved place, which is free again once this completes.</summary>
    public Task<SubmitResult> Submit(in ShortMessage message) => Request(
        CommandId.SubmitSm,
        ShortMessage.LargestPlain,
        static (destination, submission) => submission.Message.TryWrite(destination, CommandId.SubmitSm, submission.Sequence, out var written) ? written : 0,
        new Submission(message));

    /// <summary>Ends the session in good order: waits a little for answers under way, unbinds, closes.</summary>
    public async ValueTask DisposeAsync()
    {
        leaving = true;
        if (!closed.Task.IsCompleted)
        {
            Task[] underWay;
            lock (gate)
                underWay = [.. pending.Values.Select(request => request.Result.Task)];
            await EndsWithinAsync(Task.WhenAll(underWay), Farewell);
            await EndsWithinAsync(Request(CommandId.Unbind, PduHeader.Size, WriteBare, new BareRequest(CommandId.Unbind)), Farewell);
            Close(SmsReasons.Stopped, flush: true);
        }

        await EndsWithinAsync(loops, Farewell);
        await AbandonAsync();
    }

    private async Task AbandonAsync()
    {
        Close(SmsReasons.Stopped, flush: false);
        await loops;
        await ticker.DisposeAsync();
        await stream.DisposeAsync();
        outbound.Dispose();
    }

    private Task<SubmitResult> Bind()
    {
        var (ton, npi) = (SmppNumber.UnknownTon, SmppNumber.UnknownNpi);
        return Request(
            CommandId.BindTransceiver,
            128,
            static (destination, bind) => new BindTransceiver
            {
                SystemId = Encoding.ASCII.GetBytes(bind.Provider.SystemId),
                Password = Encoding.ASCII.GetBytes(bind.Provider.Password),
                SystemType = Encoding.ASCII.GetBytes(bind.Provider.SystemType),
                InterfaceVersion = BindTransceiver.Version34,
                AddressTon = bind.Ton,
                AddressNpi = bind.Npi,
            }.TryWrite(destination, bind.Sequence, out var written) ? written : 0,
            new BindSubmission(settings.Provider, ton, npi));
    }

    private Task<SubmitResult> Request<TState>(CommandId command, int most, OutboundBuffer.Writer<TState> write, TState state)
        where TState : ISequenced, allows ref struct
    {
        var request = new PendingRequest(command, time.GetTimestamp());
        uint sequence;
        lock (gate)
        {
            if (ended)
                return EndUnsent(request);
            do
                lastSequence = lastSequence == LastSequence ? 1 : lastSequence + 1;
            while (pending.ContainsKey(lastSequence));
            sequence = lastSequence;
            pending.Add(sequence, request);
        }

        state.Sequence = sequence;
        if (outbound.TryAppend(most, write, state))
            return request.Result.Task;

        // Not written: the buffer is full or closed, or the fields do not fit a PDU. Whoever takes it out of the table ends it.
        if (TryTakePending(sequence, out var unsent))
            return EndUnsent(unsent);
        return request.Result.Task;
    }

    private Task<SubmitResult> EndUnsent(PendingRequest request)
    {
        End(request, SubmitResult.NotSent);
        return request.Result.Task;
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var octets = await stream.ReadAsync(frames.Room, lifetime.Token);
                if (octets == 0)
                    break;
                frames.Received(octets);
                Volatile.Write(ref lastHeard, time.GetTimestamp());
                if (!HandleFrames())
                    return;
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException or SocketException)
        {
            SmsLog.ConnectionBroke(logger, settings.Provider.Id, error.GetType().Name);
        }

        Close(SmsReasons.ConnectionLost, flush: false);
    }

    private bool HandleFrames()
    {
        while (true)
        {
            switch (frames.TryTake(out var header, out var body))
            {
                case FrameEnd.NeedsMore:
                    return true;
                case FrameEnd.Broken:
                    Answer(CommandId.GenericNack, CommandStatus.InvalidCommandLength, 0);
                    Close(SmsReasons.ProtocolViolated, flush: true);
                    return false;
                default:
                    if (!Handle(header, body))
                        return false;
                    break;
            }
        }
    }

    private bool Handle(in PduHeader header, ReadOnlySpan<byte> body)
    {
        switch (header.Command)
        {
            case CommandId.SubmitSmResponse:
            case CommandId.BindTransceiverResponse:
                EndAnswered(header, NamedResponse.TryParse(body, out var response) ? response.Name : default);
                return true;
            case CommandId.EnquireLinkResponse:
            case CommandId.UnbindResponse:
            case CommandId.GenericNack:
                EndAnswered(header, default);
                return true;
            case CommandId.DeliverSm:
                HandleDelivery(header.Sequence, body);
                return true;
            case CommandId.EnquireLink:
                Answer(CommandId.EnquireLinkResponse, CommandStatus.Ok, header.Sequence);
                return true;
            case CommandId.Unbind:
                Answer(CommandId.UnbindResponse, CommandStatus.Ok, header.Sequence);
                Close(SmsReasons.Unbound, flush: true);
                return false;
            case CommandId.AlertNotification:
                return true;
            default:
                // An answer that we asked nothing for is passed over; a request that we do not know is refused. SMPP 3.4 section 4.3.
                if (!header.Command.HasFlag(CommandId.Response))
                    Answer(CommandId.GenericNack, CommandStatus.InvalidCommandId, header.Sequence);
                return true;
        }
    }

    private void EndAnswered(in PduHeader header, ReadOnlySpan<byte> name)
    {
        PendingRequest? request;
        lock (gate)
        {
            if (!pending.TryGetValue(header.Sequence, out request))
                return;
            if (header.Command != CommandId.GenericNack && header.Command != (request.Command | CommandId.Response))
                return;
            pending.Remove(header.Sequence);
        }

        // A generic_nack that says "no error" has refused the request all the same.
        var status = header is { Command: CommandId.GenericNack, Status: CommandStatus.Ok } ? CommandStatus.UnknownError : header.Status;
        End(request, new SubmitResult(SubmitEnd.Answered, status, Encoding.Latin1.GetString(name)));
        if (request.Command == CommandId.SubmitSm && status == CommandStatus.IncorrectBindStatus)
            Close(SmsReasons.BindRefused, flush: false);
    }

    private void HandleDelivery(uint sequence, ReadOnlySpan<byte> body)
    {
        if (!ShortMessage.TryParse(body, out var message))
            AnswerDelivery(sequence, CommandStatus.InvalidMessageLength);
        else if (Interlocked.Increment(ref beingHandled) > MostBeingHandled)
        {
            Interlocked.Decrement(ref beingHandled);
            AnswerDelivery(sequence, CommandStatus.MessageQueueFull);
        }
        else
            _ = HandleDeliveryAsync(sequence, DeliveredMessage.Read(message, settings.Country));
    }

    private async Task HandleDeliveryAsync(uint sequence, DeliveredMessage message)
    {
        try
        {
            var kept = await settings.Take(message, Number);
            AnswerDelivery(sequence, kept ? CommandStatus.Ok : CommandStatus.TemporaryApplicationError);
        }
        finally
        {
            Interlocked.Decrement(ref beingHandled);
        }
    }

    private void AnswerDelivery(uint sequence, CommandStatus status) => outbound.TryAppend(
        PduHeader.Size + 1,
        static (destination, answer) => default(NamedResponse).TryWrite(destination, CommandId.DeliverSmResponse, answer.Status, answer.Sequence, out var written) ? written : 0,
        (Status: status, Sequence: sequence));

    private void Answer(CommandId command, CommandStatus status, uint sequence)
    {
        var room = outbound.TryAppend(
            PduHeader.Size,
            static (destination, answer) => PduHeader.TryWriteBare(destination, answer.Command, answer.Status, answer.Sequence, out var written) ? written : 0,
            (Command: command, Status: status, Sequence: sequence));
        if (!room)
            Close(SmsReasons.ProtocolViolated, flush: false);
    }

    private async Task WriteAsync()
    {
        try
        {
            while (await outbound.TakeAsync() is { IsEmpty: false } octets)
                await stream.WriteAsync(octets, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or SocketException)
        {
            SmsLog.ConnectionBroke(logger, settings.Provider.Id, error.GetType().Name);
        }

        Close(SmsReasons.ConnectionLost, flush: false);
        await stream.DisposeAsync();
    }

    /// <summary>Ends what has waited too long, and asks whether the carrier is still there.</summary>
    private void Tick()
    {
        var now = time.GetTimestamp();
        List<PendingRequest> overdue = [];
        bool asking;
        lock (gate)
        {
            foreach (var (sequence, request) in pending)
            {
                if (time.GetElapsedTime(request.SentAt, now) < settings.ResponseTimeout)
                    continue;
                overdue.Add(request);
                pending.Remove(sequence);
            }

            asking = pending.Values.Any(request => request.Command == CommandId.EnquireLink);
        }

        foreach (var request in overdue)
            End(request, new SubmitResult(SubmitEnd.TimedOut, CommandStatus.Ok, ""));
        if (overdue.Exists(request => request.Command != CommandId.SubmitSm))
            Close(SmsReasons.NoAnswer, flush: false);
        else if (!asking && (overdue.Count > 0 || time.GetElapsedTime(Volatile.Read(ref lastHeard), now) >= settings.EnquireLinkInterval))
            _ = Request(CommandId.EnquireLink, PduHeader.Size, WriteBare, new BareRequest(CommandId.EnquireLink));
    }

    /// <param name="flush">Let what is in the buffer still go out; the carrier gets a moment to read it.</param>
    private void Close(string reason, bool flush)
    {
        List<PendingRequest> unanswered;
        lock (gate)
        {
            unanswered = [.. pending.Values];
            pending.Clear();
            ended = true;
        }

        lifetime.Cancel();
        outbound.Close();
        if (!flush)
            stream.Dispose();
        foreach (var request in unanswered)
            End(request, new SubmitResult(SubmitEnd.ConnectionLost, CommandStatus.Ok, ""));
        closed.TrySetResult(reason);
    }

    private bool TryTakePending(uint sequence, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PendingRequest? request)
    {
        lock (gate)
            return pending.Remove(sequence, out request);
    }

    /// <summary>Called once for each request, by whoever took it out of the table.</summary>
    private void End(PendingRequest request, SubmitResult result)
    {
        if (request.Command == CommandId.SubmitSm)
            slots.Release();
        request.Result.TrySetResult(result);
    }

    private async Task EndsWithinAsync(Task task, TimeSpan limit)
    {
        using var giveUp = new CancellationTokenSource(limit, time);
        await task.WaitAsync(giveUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static int WriteBare(Span<byte> destination, BareRequest request) =>
        PduHeader.TryWriteBare(destination, request.Command, CommandStatus.Ok, request.Sequence, out var written) ? written : 0;

    private interface ISequenced
    {
        uint Sequence { get; set; }
    }

    private ref struct Submission(ShortMessage message) : ISequenced
    {
        public ShortMessage Message { get; } = message;

        public uint Sequence { get; set; }
    }

    private sealed class BindSubmission(SmsProviderOptions provider, byte ton, byte npi) : ISequenced
    {
        public SmsProviderOptions Provider { get; } = provider;

        public byte Ton { get; } = ton;

        public byte Npi { get; } = npi;

        public uint Sequence { get; set; }
    }

    private sealed class BareRequest(CommandId command) : ISequenced
    {
        public CommandId Command { get; } = command;

        public uint Sequence { get; set; }
    }

    private sealed class PendingRequest(CommandId command, long sentAt)
    {
        public CommandId Command { get; } = command;

        public long SentAt { get; } = sentAt;

        public TaskCompletionSource<SubmitResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What a session is opened with.</summary>
/// <param name="Take">Takes what the carrier brings, with the session's number; false asks the carrier to bring it again. Never throws.</param>
internal sealed record SmppSessionSettings(
    SmsProviderOptions Provider,
    TimeSpan ResponseTimeout,
    TimeSpan EnquireLinkInterval,
    string Country,
    Func<DeliveredMessage, long, ValueTask<bool>> Take);
