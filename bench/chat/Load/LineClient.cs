using System.Net;
using System.Net.Sockets;

namespace Tocsin.Bench.Chat.Load;

/// <summary>A connection that costs little: a socket, and a buffer that what comes is read from in place.</summary>
internal abstract class LineClient : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Lock padlock = new();

    private byte[] buffer = new byte[2048];
    private int length;
    private Task sending = Task.CompletedTask;
    private bool isDisposed;

    /// <summary>Why the line is of no use any more; null while it is.</summary>
    public Exception? Fault { get; private set; }

    public void Dispose()
    {
        isDisposed = true;
        socket.Dispose();
    }

    protected async Task OpenAsync(int port)
    {
        await socket.ConnectAsync(IPAddress.Loopback, port);
        _ = ReadAsync();
    }

    /// <summary>In the order of the calls.</summary>
    protected Task SendAsync(byte[] bytes)
    {
        lock (padlock) return sending = SendAfterAsync(sending, bytes);
    }

    /// <summary>Takes what is complete.</summary>
    /// <returns>How many bytes were taken.</returns>
    protected abstract int Take(ReadOnlySpan<byte> received);

    /// <summary>The line broke, or what came over it was wrong.</summary>
    protected virtual void Fail(Exception exception) => Fault ??= exception;

    private async Task SendAfterAsync(Task before, byte[] bytes)
    {
        await before;
        await socket.SendAsync(bytes);
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                if (length == buffer.Length) Array.Resize(ref buffer, 2 * length);
                var received = await socket.ReceiveAsync(buffer.AsMemory(length));
                if (received == 0) throw new IOException("The server closed a line.");
                length += received;
                var taken = Take(buffer.AsSpan(0, length));
                buffer.AsSpan(taken, length - taken).CopyTo(buffer);
                length -= taken;
            }
        }
        catch (Exception exception)
        {
            if (!isDisposed) Fail(exception);
        }
    }
}
