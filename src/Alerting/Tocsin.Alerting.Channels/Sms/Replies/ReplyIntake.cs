using Microsoft.Extensions.Logging;

namespace Tocsin.Alerting.Channels.Sms.Replies;

/// <summary>Takes replies from all carriers to the inbox: joined, named, and for each sender in the order in which they came.</summary>
internal sealed class ReplyIntake : IAsyncDisposable
{
    /// <summary>Replies of different people go to the inbox side by side; those of one person never overtake each other.</summary>
    private const int Lanes = 64;

    /// <summary>How long the acknowledgement of a part is held back for the others. Carriers that send the next part only after it must not be kept longer.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(15);

    private readonly IChannelInbox inbox;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ReplyAssembly assembly;
    private readonly ReplyKeys keys;
    private readonly SemaphoreSlim[] lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly ITimer sweeper;
    private int sweeping;

    public ReplyIntake(IChannelInbox inbox, TimeProvider time, ILogger logger)
    {
        this.inbox = inbox;
        this.time = time;
        this.logger = logger;
        assembly = new ReplyAssembly(time);
        keys = new ReplyKeys(time);
        sweeper = time.CreateTimer(static intake => ((ReplyIntake)intake!).GiveUpWaiting(), this, Sweep, Sweep);
    }

    /// <returns>Whether it is kept: then it may be acknowledged. A part whose text is incomplete after <see cref="Hold"/> is kept in memory only.</returns>
    public async ValueTask<bool> TakeAsync(string providerId, ReplyPart part, long session, CancellationToken cancellationToken)
    {
        try
        {
            var text = assembly.Add(providerId, part);
            if (text.IsWhole)
                await GiveAsync(text, session, cancellationToken);
            else
                await Task.WhenAny(text.Kept.Task, Task.Delay(Hold, time, cancellationToken));
            return true;
        }
        catch (Exception error)
        {
            SmsLog.NotKept(logger, providerId, error.GetType().Name);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await sweeper.DisposeAsync();
        await GiveUnjoinedAsync(assembly.All());
    }

    private async Task GiveAsync(JoinedReply text, long session, CancellationToken cancellationToken)
    {
        var lane = lanes[(uint)text.Identity.From.GetHashCode(StringComparison.Ordinal) % Lanes];
        await lane.WaitAsync(cancellationToken);
        try
        {
            var words = text.Text;
            var key = keys.For(text.Identity.From, words, session);
            await inbox.TakeReplyAsync(
                new InboundReply(ChannelKind.Sms, text.Identity.ProviderId, text.Identity.From, words, InReplyTo: null, key.Key, time.GetUtcNow()),
                cancellationToken);
            keys.Acknowledge(key);
            assembly.Remove(text);
            text.Kept.TrySetResult();
        }
        finally
        {
            lane.Release();
        }
    }

    private void GiveUpWaiting()
    {
        if (assembly.Overdue() is { Count: > 0 } overdue && Interlocked.Exchange(ref sweeping, 1) == 0)
            _ = SweepAsync(overdue);
    }

    private async Task SweepAsync(IReadOnlyList<JoinedReply> overdue)
    {
        await GiveUnjoinedAsync(overdue);
        Volatile.Write(ref sweeping, 0);
    }

    /// <summary>Gives the inbox what there is of texts that never became whole. What it cannot keep is tried again at the next sweep.</summary>
    private async Task GiveUnjoinedAsync(IReadOnlyList<JoinedReply> texts)
    {
        foreach (var text in texts)
        {
            try
            {
                await GiveAsync(text, session: 0, CancellationToken.None);
            }
            catch (Exception error)
            {
                SmsLog.NotKept(logger, text.Identity.ProviderId, error.GetType().Name);
            }
        }
    }
}
