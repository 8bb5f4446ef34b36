using System.Threading.Channels;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Records attempts that failed on an account that exists. The throttle bounds how many there can be.</summary>
/// <remarks>
/// Written behind the answer: whoever guesses names must not learn by the time of a commit which of them there are, and a flood of guesses waits for the database by itself.
/// What waits when the process dies is lost with it.
/// </remarks>
internal sealed partial class RefusedSignIns(CommandStore store, ILogger<RefusedSignIns> logger) : BackgroundService
{
    // Minutes of the fastest guessing. What finds no room is dropped: the records before it say what goes on.
    private const int MostWaiting = 1_000;

    private readonly Channel<AuditDraft> waiting = Channel.CreateBounded<AuditDraft>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Record(AccountHolder holder, SignInMethod method, string reason, HttpContext context)
    {
        var nobody = new AuditActor("nobody", "", context.Connection.RemoteIpAddress?.ToString());
        waiting.Writer.TryWrite(new AuditDraft(nobody, "sign-in.refused", holder.Subject, new { method, reason }));
    }

    /// <summary>Writes what waits, then stops.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WriteGate.BeUnhurried();
        await foreach (var draft in waiting.Reader.ReadAllAsync(CancellationToken.None)) await KeepAsync(draft);
    }

    private async Task KeepAsync(AuditDraft draft)
    {
        try
        {
            await store.CommitAsync(
                (transaction, _) =>
                {
                    transaction.Record(draft);
                    return Task.CompletedTask;
                },
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            NotKept(logger, exception.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A refused sign-in could not be recorded ({Failure})")]
    private static partial void NotKept(ILogger logger, string failure);
}
