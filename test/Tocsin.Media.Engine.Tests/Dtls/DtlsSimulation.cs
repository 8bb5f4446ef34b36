using Tocsin.Media.Engine.Dtls;

namespace Tocsin.Media.Engine.Tests.Dtls;

/// <summary>A client, a server, and a network between them that loses, doubles and overtakes, under virtual time.</summary>
internal sealed class DtlsSimulation : IDtlsOutput, IDisposable
{
    private static readonly DtlsContext Context = new(DtlsCertificate.Create(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    private readonly Random _random;
    private readonly PriorityQueue<(bool ToServer, byte[] Datagram), (long, int)> _network = new();
    private readonly int[] _sentByDirection = new int[2];
    private int _sent;
    private Instant _clientTimer;
    private TimeSpan _clientTimeout;
    private (Instant At, DtlsStep Step)? _step;

    public DtlsSimulation(Random random, DtlsTestClient? client = null)
    {
        _random = random;
        Client = client ?? new();
        Server = new(Context);
    }

    public DtlsTestClient Client { get; }

    public DtlsServer Server { get; }

    public Instant Now { get; private set; } = new(1_000_000_000);

    /// <summary>Of a hundred datagrams, each way.</summary>
    public int LossPercent { get; set; }

    public int DuplicatePercent { get; set; }

    /// <summary>Each datagram takes 5 ms and up to this much more.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>How long a step takes on the thread that is not the media thread.</summary>
    public TimeSpan StepDuration { get; set; }

    /// <summary>Which datagrams are lost for certain: direction (true: to the server), how many went that way before, and what it is.</summary>
    public Func<bool, int, byte[], bool> Loses { get; set; } = (_, _, _) => false;

    /// <summary>What is done to datagrams on their way.</summary>
    public Func<bool, byte[], byte[]> Changes { get; set; } = (_, datagram) => datagram;

    public static DtlsFingerprint ServerFingerprint => Context.Fingerprint;

    public void Start()
    {
        ClientSends(Client.Start());
        ResetClientTimer();
    }

    /// <summary>Runs until <paramref name="done"/>, or nothing more can happen, or the time is over.</summary>
    public bool RunUntil(Func<bool> done, TimeSpan limit)
    {
        var end = Now + limit;
        while (!done())
        {
            var next = Instant.Earlier(Server.NextWakeUp, _step?.At ?? Instant.Never);
            if (!Client.IsConnected) next = Instant.Earlier(next, _clientTimer);
            if (_network.TryPeek(out _, out var due)) next = Instant.Earlier(next, new(due.Item1));
            if (next == Instant.Never || next > end) return false;
            Now = next > Now ? next : Now;
            Advance();
        }
        return true;
    }

    public void SendDtls(ReadOnlySpan<byte> datagram) => Send(toServer: false, datagram.ToArray());

    public void ClientSends(List<byte[]> datagrams)
    {
        foreach (var datagram in datagrams) Send(toServer: true, datagram);
    }

    public void Dispose()
    {
        if (_step is { } step) Server.FinishStep(Now, step.Step, this);
        Server.Dispose();
        Client.Dispose();
    }

    /// <summary>As the network would, at once.</summary>
    public void ServerReceives(byte[] datagram)
    {
        Server.HandleDatagram(Now, datagram);
        BeginStep();
    }

    private void Advance()
    {
        if (_step is { } step && step.At <= Now)
        {
            _step = null;
            step.Step.Run();
            Server.FinishStep(Now, step.Step, this);
            BeginStep();
        }
        Server.HandleTimeout(Now, this);
        if (!Client.IsConnected && _clientTimer <= Now)
        {
            ClientSends(Client.ExpireTimer());
            _clientTimeout = _clientTimeout * 2 < DtlsTestClient.LongestTimeout ? _clientTimeout * 2 : DtlsTestClient.LongestTimeout;
            _clientTimer = Now + _clientTimeout;
        }
        while (_network.TryPeek(out _, out var due) && due.Item1 <= Now.Nanoseconds) Deliver(_network.Dequeue());
    }

    private void Deliver((bool ToServer, byte[] Datagram) packet)
    {
        if (packet.ToServer)
        {
            ServerReceives(packet.Datagram);
            return;
        }
        var answers = Client.Receive(packet.Datagram);
        if (answers.Count > 0) ResetClientTimer();
        ClientSends(answers);
    }

    private void BeginStep()
    {
        if (Server.TryBeginStep(out var step)) _step = (Now + StepDuration, step);
    }

    private void ResetClientTimer()
    {
        _clientTimeout = TimeSpan.FromMilliseconds(50);
        _clientTimer = Now + _clientTimeout;
    }

    private void Send(bool toServer, byte[] datagram)
    {
        var number = _sentByDirection[toServer ? 1 : 0]++;
        if (Loses(toServer, number, datagram) || _random.Next(100) < LossPercent) return;
        var changed = Changes(toServer, datagram);
        Enqueue(toServer, changed);
        if (_random.Next(100) < DuplicatePercent) Enqueue(toServer, changed);
    }

    private void Enqueue(bool toServer, byte[] datagram)
    {
        var arrival = Now + TimeSpan.FromMilliseconds(5) + Jitter * _random.NextDouble();
        _network.Enqueue((toServer, datagram), (arrival.Nanoseconds, _sent++));
    }
}
