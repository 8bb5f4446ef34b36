namespace Tocsin.Media.Host.Sockets;

/// <summary>A UDP socket that is read and written by the batch, and never waits but in <see cref="Wait"/>. One thread at a time.</summary>
internal interface IDatagramSocket : IDisposable
{
    /// <summary>Where it is bound.</summary>
    System.Net.IPEndPoint LocalEndPoint { get; }

    /// <summary>Waits until there is something to receive, or the time is over.</summary>
    void Wait(TimeSpan timeout);

    /// <summary>Fills the batch with what has come; leaves it empty where nothing has.</summary>
    void Receive(ReceiveBatch batch);

    /// <summary>Sends the whole batch and clears it. What the system does not take is lost and counted.</summary>
    void Send(SendBatch batch);

    /// <summary>Datagrams that the system did not take.</summary>
    long Dropped { get; }
}
