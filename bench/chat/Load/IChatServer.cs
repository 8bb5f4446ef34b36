namespace Tocsin.Bench.Chat.Load;

/// <summary>A chat server with its clients.</summary>
internal interface IChatServer : IAsyncDisposable
{
    /// <summary>Of the server alone.</summary>
    int ProcessId { get; }

    /// <summary>As it names itself, with its version.</summary>
    string Name { get; }

    /// <summary>Connects everybody and brings them into their rooms.</summary>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Has the next author of a room write.</summary>
    /// <param name="dueAt">When the message should leave.</param>
    Task SendAsync(int room, long dueAt);

    /// <summary>What only this kind of room has to verify, once all is over.</summary>
    void Verify();
}
