namespace Tocsin.Media.Host.Sockets;

/// <summary>A UDP socket that is read and written by the batch, and never waits but in <see cref="Wait"/>. One thread at a time, but for <see cref="Wake"/>.</summary>
internal interface IDatagramSocket : IDisposable
{
    /// <summary>Where it is bound.</summary>
    System.Net.IPEndPoint LocalEndPoint { get; }

    /// <summary>Waits until there is something to receive, or <see cref="Wake"/> was called, or the time is over.</summary>
    void Wait(TimeSpan timeout);

    /// <summary>Ends the wait, or the next one where none is under way. Any thread.</summary>
    /// <exception cref="ObjectDisposedException">There is nobody left to wake.</exception>
    void Wake();

    /// <summary>Fills the batch with what has come; leaves it empty where nothing has. Datagrams of a single byte, which no protocol here has, may be left out.</summary>
    void Receive(ReceiveBatch batch);

    /// <summary>Sends the whole batch and clears it. What the system does not take is lost and counted.</summary>
    void Send(SendBatch batch);

    /// <summary>Datagrams that the system did not take.</summary>
    long Dropped { get; }
}
