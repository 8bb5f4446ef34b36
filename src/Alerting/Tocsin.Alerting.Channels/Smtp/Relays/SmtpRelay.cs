using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>One relay: its queue, the connections that serve it, and whether it is worth trying.</summary>
/// <remarks>Connections are opened as mail waits and closed as it runs out. The lock guards the counts; the queue is its own.</remarks>
internal sealed partial class SmtpRelay : IAsyncDisposable
{
    /// <summary>After the first failure to connect; doubled for each further one. Short, because a relay that restarts is back in seconds.</summary>
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(1);

    private readonly SmtpRelayOptions options;
    private readonly SmtpChannelOptions channel;
    private readonly string heloName;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly Channel<MailSubmission> queue = Channel.CreateUnbounded<MailSubmission>();
    private readonly Lock gate = new();
    private readonly List<Task> loops = [];
    private readonly HashSet<SmtpConnection> connections = [];
    private readonly CancellationTokenSource closing = new();

    // Under gate: 0 <= waiting <= established <= running <= MaximumConnections.
    private int running;
    private int established;
    private int waiting;
    private int failures;
    private DateTimeOffset noConnectionBefore = DateTimeOffset.MinValue;
    private RelayFaultException? fault;

    public SmtpRelay(SmtpRelayOptions options, SmtpChannelOptions channel, string heloName, TimeProvider time, ILogger log)
    {
        this.options = options;
        this.channel = channel;
        this.heloName = heloName;
        this.time = time;
        this.log = log;
        Patience = new AcceptancePatience(channel.AcceptanceTimeout);
    }

    public string Name => options.Name;

    public int Weight => options.Weight;

    public TimeProvider Clock => time;

    public AcceptancePatience Patience { get; }

    public int MaximumInFlight => options.MaximumConnections * (1 + options.EnvelopesAhead);

    /// <summary>Why it is down, or null.</summary>
    public string? DownBecause
    {
        get
        {
            lock (gate)
                return established == 0 ? fault?.Cause : null;
        }
    }

    /// <summary>How long until it is worth another try; zero where it is worth one now.</summary>
    public TimeSpan RestsFor
    {
        get
        {
            lock (gate)
                return Rest();
        }
    }

    /// <summary>Takes the mail, or resolves it at once where the relay is known to be down.</summary>
    public void Submit(MailSubmission mail)
    {
        lock (gate)
        {
            if (closing.IsCancellationRequested || Rest() > TimeSpan.Zero)
            {
                mail.Resolve(new(RelayVerdict.RelayFailed, fault?.Reason ?? new(FailureCodes.CarrierUnavailable)));
                return;
            }
            queue.Writer.TryWrite(mail);
            OpenWhereMailWaits();
        }
    }

    /// <summary>Puts back a mail that its connection could not hand over. Its loop goes on, or another takes it.</summary>
    public void GiveBack(MailSubmission mail)
    {
        lock (gate)
        {
            if (closing.IsCancellationRequested)
                mail.Resolve(new(RelayVerdict.RelayFailed, new(FailureCodes.CarrierUnavailable)));
            else
                queue.Writer.TryWrite(mail);
        }
    }

    public MailSubmission? TryTake()
    {
        while (queue.Reader.TryRead(out var mail))
        {
            if (!mail.IsAbandoned)
                return mail;
        }
        return null;
    }

    /// <summary>The next mail, or null where none came in time or the relay closes.</summary>
    public async ValueTask<MailSubmission?> TakeAsync(TimeSpan within)
    {
        if (TryTake() is { } ready)
            return ready;
        using var idle = new CancellationTokenSource(within, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, closing.Token);
        Count(ref waiting, +1);
        try
        {
            while (await queue.Reader.WaitToReadAsync(end.Token))
            {
                if (TryTake() is { } mail)
                    return mail;
            }
        }
        catch (OperationCanceledException)
        {
            // Idle for long enough, or closing: the connection says QUIT.
        }
        finally
        {
            Count(ref waiting, -1);
        }
        // A mail that came in the last moment counted on this connection.
        return TryTake();
    }

    /// <summary>Ends every connection once its mail under way is answered or timed out; what has not begun is resolved as not taken.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        Task[] ending;
        lock (gate)
        {
            queue.Writer.TryComplete();
            ResolveQueue(new(RelayVerdict.RelayFailed, new(FailureCodes.CarrierUnavailable)));
            foreach (var connection in connections)
                connection.EndIfAbandoned();
            ending = [.. loops];
        }
        await Task.WhenAll(ending);
        closing.Dispose();
    }

    /// <summary>Loops that have no connection yet, each of which will take a mail.</summary>
    private int Opening => running - established;

    private void OpenWhereMailWaits()
    {
        if (running >= options.MaximumConnections || queue.Reader.Count <= waiting + Opening || closing.IsCancellationRequested || time.GetUtcNow() < noConnectionBefore)
            return;
        running++;
        loops.RemoveAll(static loop => loop.IsCompleted);
        loops.Add(Task.Run(RunConnectionsAsync));
    }

    /// <summary>One connection after another, as long as mail waits.</summary>
    private async Task RunConnectionsAsync()
    {
        while (true)
        {
            var connection = await OpenAsync();
            if (connection is null)
                return;
            try
            {
                await connection.ServeAsync();
            }
            catch (InvalidOperationException defect)
            {
                LogDefect(Name, defect);
            }
            connection.Dispose();
            lock (gate)
            {
                established--;
                connections.Remove(connection);
                if (queue.Reader.Count > waiting + Opening - 1 && !closing.IsCancellationRequested)
                    continue;
                running--;
                return;
            }
        }
    }

    /// <summary>A connection that is ready for mail; null where there is none to be had, and then the failure is noted and this loop counted out.</summary>
    private async Task<SmtpConnection?> OpenAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var wire = new SmtpWire(time);
            try
            {
                var capabilities = await new SmtpHandshake(wire, options, channel, heloName, time).RunAsync();
                var connection = new SmtpConnection(wire, capabilities, options, channel, this);
                NoteConnected(connection);
                return connection;
            }
            catch (RelayFaultException broken)
            {
                wire.Dispose();
                // A relay that closes us out as it restarts is there again at once, or refuses the next connection.
                if (broken.IsBreak && attempt == 1)
                    continue;
                NoteFailure(broken.IsBreak ? new RelayFaultException(broken.Cause, new(FailureCodes.CarrierUnavailable), broken) : broken);
                return null;
            }
        }
    }

    private void NoteConnected(SmtpConnection connection)
    {
        lock (gate)
        {
            established++;
            connections.Add(connection);
            if (failures > 0)
                LogBack(Name);
            failures = 0;
            fault = null;
            noConnectionBefore = DateTimeOffset.MinValue;
        }
    }

    private void NoteFailure(RelayFaultException failure)
    {
        lock (gate)
        {
            running--;
            // Several connections that fail at once are one failure.
            if (time.GetUtcNow() >= noConnectionBefore)
            {
                failures++;
                var backOff = FirstBackOff * Math.Pow(2, Math.Min(failures - 1, 10));
                noConnectionBefore = time.GetUtcNow() + (backOff < LongestBackOff ? backOff : LongestBackOff);
                LogDown(Name, failure.Cause, failure.Reason.CarrierCode);
            }
            fault = failure;
            // The last one out tells those who wait; as long as another connection works or is on its way, they have hope.
            if (running == 0)
                ResolveQueue(new(RelayVerdict.RelayFailed, failure.Reason));
        }
    }

    private void ResolveQueue(RelayAnswer answer)
    {
        while (queue.Reader.TryRead(out var mail))
            mail.Resolve(answer);
    }

    private TimeSpan Rest()
    {
        var rest = noConnectionBefore - time.GetUtcNow();
        return established == 0 && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private void Count(ref int count, int by)
    {
        lock (gate)
            count += by;
    }

    [LoggerMessage(LogLevel.Warning, "Mail relay {Relay} can't be used: {Cause} {CarrierCode}")]
    private partial void LogDown(string relay, string cause, string? carrierCode);

    [LoggerMessage(LogLevel.Information, "Mail relay {Relay} can be used again")]
    private partial void LogBack(string relay);

    [LoggerMessage(LogLevel.Error, "A connection to mail relay {Relay} ended by a defect")]
    private partial void LogDefect(string relay, Exception defect);
}
