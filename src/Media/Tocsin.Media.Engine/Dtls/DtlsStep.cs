namespace Tocsin.Media.Engine.Dtls;

/// <summary>What is to be done with the datagrams that have come: about a millisecond of public-key cryptography, which a media thread does not do itself.</summary>
/// <remarks><see cref="DtlsServer"/> says which thread may call what. <see cref="Run"/> waits for nothing and fails for nobody's input.</remarks>
public sealed class DtlsStep
{
    private readonly DtlsSession _session;
    private DatagramBatch _datagrams;

    internal DtlsStep(DtlsSession session, DatagramBatch datagrams)
    {
        _session = session;
        _datagrams = datagrams;
    }

    /// <summary>Any thread, once for each time it was begun.</summary>
    public void Run()
    {
        for (var i = 0; i < _datagrams.Count; i++) _session.Receive(_datagrams[i]);
        _datagrams.Clear();
    }

    internal void Release() => _datagrams.Release();

    /// <summary>Takes the waiting datagrams and gives an empty batch for the next ones.</summary>
    internal DatagramBatch Exchange(DatagramBatch waiting)
    {
        var empty = _datagrams;
        _datagrams = waiting;
        return empty;
    }
}
