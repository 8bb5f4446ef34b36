using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Server.Features.Meetings.Signalling;

namespace Tocsin.Server.Tests.Hostile;

/// <summary>
/// Stands between the real server's hub and everybody's line, and cheats on command: changes what each participant hears of a call, and answers their commands in the server's place. The rest is the
/// real server, so that whatever it is not told to do it does as ever.
/// </summary>
internal sealed class HostileSignalling : IHubFilter
{
    private static readonly object listenerKey = new();

    private volatile Func<string, MeetingEvent, IEnumerable<MeetingEvent>> tells = (_, happened) => [happened];
    private volatile Func<string, object?, object?> answers = (_, _) => null;

    /// <summary>What somebody of that name hears instead of an event: nothing, or one or several others.</summary>
    public Func<string, MeetingEvent, IEnumerable<MeetingEvent>> Tells
    {
        set => tells = value;
    }

    /// <summary>What somebody of that name is answered to a command, before the real server hears of it; null: what the real server answers. A command without an argument is given by its method's name.</summary>
    public Func<string, object?, object?> Answers
    {
        set => answers = value;
    }

    public void BeHonest()
    {
        tells = (_, happened) => [happened];
        answers = (_, _) => null;
    }

    public void Register(IServiceCollection services) => services.Configure<HubOptions>(options => options.AddFilter(this));

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var listener = invocationContext.Context.Items.TryGetValue(listenerKey, out var known) ? (Listener)known! : null;
        var argument = invocationContext.HubMethodArguments.Count > 0 ? invocationContext.HubMethodArguments[0] : invocationContext.HubMethodName;
        if (listener is { Name: { } name } && answers(name, argument) is { } answer) return answer;
        var result = await next(invocationContext);
        if (result is not IAsyncEnumerable<MeetingBatch> batches) return result;

        // Before the stream runs: from here on the connection is only read.
        listener = new Listener();
        invocationContext.Context.Items[listenerKey] = listener;
        return TellAsync(listener, batches, CancellationToken.None);
    }

    private async IAsyncEnumerable<MeetingBatch> TellAsync(Listener listener, IAsyncEnumerable<MeetingBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in batches.WithCancellation(cancellationToken))
        {
            foreach (var joined in batch.Events.OfType<Joined>()) listener.Name = joined.Participants.First(one => one.Id == joined.ParticipantId).Name;
            MeetingEvent[] told = listener.Name is { } name ? [.. batch.Events.SelectMany(happened => tells(name, happened))] : [.. batch.Events];
            if (told.Length > 0) yield return new MeetingBatch(told);
        }
    }

    private sealed class Listener
    {
        public string? Name { get; set; }
    }
}
