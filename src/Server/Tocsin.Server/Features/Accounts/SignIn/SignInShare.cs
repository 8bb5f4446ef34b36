using Microsoft.EntityFrameworkCore;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Tells the throttle how many nodes are alive: they share what one would allow. With the embedded database there is one.</summary>
internal sealed partial class SignInShare(
    SignInThrottle throttle, DatabaseOptions database, IDbContextFactory<TocsinDbContext> contexts, TimeProvider time, ILogger<SignInShare> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    /// <summary>Looks once. Called by itself now and then; tests call it themselves.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        throttle.Nodes = await db.Set<ServerNode>().CountAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (database.Kind != DatabaseKind.PostgreSql) return;
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // What was true a moment ago goes on being believed.
                NotSeen(logger, exception.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "How many nodes share the sign-in budgets could not be read ({Failure})")]
    private static partial void NotSeen(ILogger logger, string failure);
}
