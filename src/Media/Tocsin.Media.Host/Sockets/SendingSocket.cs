using System.Net;

namespace Tocsin.Media.Host.Sockets;

/// <summary>A media thread's part of a port on which another thread receives for all, as where a system cannot share a port: it sends there and waits for what is handed over.</summary>
/// <param name="inner">On the shared socket, which it must not dispose of; owned from here on.</param>
internal sealed class SendingSocket(IDatagramSocket inner) : IDatagramSocket
{
    private readonly AutoResetEvent _woken = new(initialState: false);

    public IPEndPoint LocalEndPoint { get; } = inner.LocalEndPoint;

    public long Dropped => inner.Dropped;

    public void Wait(TimeSpan timeout) => _woken.WaitOne(timeout);

    public void Wake() => _woken.Set();

    public void Receive(ReceiveBatch batch) => batch.Clear();

    public void Send(SendBatch batch) => inner.Send(batch);

    public void Dispose()
    {
        inner.Dispose();
        _woken.Dispose();
    }
}
