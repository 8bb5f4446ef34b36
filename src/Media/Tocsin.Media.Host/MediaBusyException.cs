namespace Tocsin.Media.Host;

/// <summary>A media thread has more commands waiting than are kept, or has stopped: nothing was done.</summary>
public sealed class MediaBusyException : Exception
{
    public MediaBusyException()
        : base("The media thread takes no more commands now.")
    {
    }

    public MediaBusyException(string message)
        : base(message)
    {
    }

    public MediaBusyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
