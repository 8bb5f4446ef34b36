using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Tocsin.Server.Hosting;

/// <summary>The listener, opened before the rest of the server is prepared, so that a browser has the client while the database is opened and the endpoints are described.</summary>
/// <remarks>
/// Until the host starts it as its server, which it does last, each request is offered to the <see cref="IEarlyAnswer"/>; what that leaves alone is answered by the
/// prepared server, as if it had come then. Thread safe.
/// </remarks>
internal sealed class EarlyServer(IServer listener) : IServer
{
    private readonly TaskCompletionSource<IPrepared> prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IFeatureCollection Features => listener.Features;

    /// <summary>Ends when every request is answered by the prepared server.</summary>
    public Task Prepared => prepared.Task;

    /// <summary>Listens from now on.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public Task ListenAsync(IEarlyAnswer early, CancellationToken cancellationToken) => listener.StartAsync(new Doorway(early, prepared.Task), cancellationToken);

    /// <summary>Called by the host once everything else has started.</summary>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        prepared.TrySetResult(new PreparedApplication<TContext>(application));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => listener.StopAsync(cancellationToken);

    public void Dispose() => listener.Dispose();

    /// <summary>The host's application, whatever its context is.</summary>
    private interface IPrepared
    {
        object Begin(IFeatureCollection request);

        Task AnswerAsync(object context);

        void End(object context, Exception? exception);
    }

    private sealed class PreparedApplication<TContext>(IHttpApplication<TContext> application) : IPrepared
        where TContext : notnull
    {
        public object Begin(IFeatureCollection request) => application.CreateContext(request);

        public Task AnswerAsync(object context) => application.ProcessRequestAsync((TContext)context);

        public void End(object context, Exception? exception) => application.DisposeContext((TContext)context, exception);
    }

    /// <summary>One request; <see cref="Prepared"/> and <see cref="Context"/> are null as long as the prepared server has not got it.</summary>
    private sealed class Visit(IFeatureCollection request)
    {
        public IFeatureCollection Request => request;

        public IPrepared? Prepared { get; set; }

        public object? Context { get; set; }
    }

    private sealed class Doorway(IEarlyAnswer early, Task<IPrepared> prepared) : IHttpApplication<Visit>
    {
        public Visit CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures);

        public Task ProcessRequestAsync(Visit context) => prepared.IsCompletedSuccessfully ? GoOnAsync(context) : MeetAsync(context);

        public void DisposeContext(Visit context, Exception? exception)
        {
            if (context.Context is { } begun) context.Prepared!.End(begun, exception);
        }

        private async Task MeetAsync(Visit visit)
        {
            if (!await early.TryAnswerAsync(visit.Request, prepared)) await GoOnAsync(visit);
        }

        private Task GoOnAsync(Visit visit)
        {
            visit.Prepared = prepared.Result;
            visit.Context = visit.Prepared.Begin(visit.Request);
            return visit.Prepared.AnswerAsync(visit.Context);
        }
    }
}

/// <summary>Answers what needs nothing of the server but its files.</summary>
internal interface IEarlyAnswer
{
    /// <returns>False, once <paramref name="prepared"/> has ended well, where the request is for the prepared server. It is then as it came.</returns>
    Task<bool> TryAnswerAsync(IFeatureCollection request, Task prepared);
}
