namespace Tocsin.Media.Engine.Ice;

/// <summary>The paths on which the peer has shown its password, and which of them we send on.</summary>
/// <remarks>
/// RFC 8445 section 8.1.1 and RFC 7675 section 5.1. The peer controls. It may check all paths first and nominate one then (Chromium: the first check has no
/// USE-CANDIDATE), or nominate each path with its first check (Firefox), or nominate another one later, when its network has changed. So:
/// <list type="bullet">
/// <item>until a path is nominated, the first valid one is used: media need not wait for the nomination;</item>
/// <item>a path nominated for the first time is taken if its priority is higher than that of the nominated one in use;</item>
/// <item>a path of lower priority, or one that was given up before, is taken once it has been nominated twice with no nomination of the one in use between;</item>
/// <item>a path nominated after an ICE restart is taken over any from before it.</item>
/// </list>
/// A path on which no check came for 30 seconds is forgotten: consent to send there has expired.
/// </remarks>
internal sealed class CandidatePairs
{
    /// <summary>A laptop has some 12: three networks, two versions of IP, UDP and TCP. Past that the path checked longest ago makes room.</summary>
    public const int Maximum = 16;

    public static readonly TimeSpan Consent = TimeSpan.FromSeconds(30);

    private readonly Pair[] _pairs = new Pair[Maximum];
    private int _count;

    // An index into _pairs, or -1.
    private int _selected = -1;
    private NetworkPath _lastSelected;
    private bool _hasSelected;

    public bool TryGetSelected(out NetworkPath path)
    {
        path = _selected < 0 ? default : _pairs[_selected].Path;
        return _selected >= 0;
    }

    /// <summary>How often another path than the one before was selected.</summary>
    public int Changes { get; private set; }

    /// <summary>When the next path may have to be forgotten.</summary>
    public Instant NextExpiry
    {
        get
        {
            var next = Instant.Never;
            foreach (ref readonly var pair in Known) next = Instant.Earlier(next, pair.LastCheck + Consent);
            return next;
        }
    }

    private ReadOnlySpan<Pair> Known => _pairs.AsSpan(0, _count);

    public bool Contains(in NetworkPath path) => (_selected >= 0 && _pairs[_selected].Path == path) || Find(path) >= 0;

    /// <summary>Records an authentic check.</summary>
    /// <param name="generation">Counts ICE restarts.</param>
    public void Record(Instant now, in NetworkPath path, uint priority, bool nominates, int generation)
    {
        var index = Find(path);
        if (index < 0) index = Add(path);
        ref var pair = ref _pairs[index];
        pair.LastCheck = now;
        pair.Priority = priority;
        pair.Generation = Math.Max(pair.Generation, generation);
        if (_selected < 0) Select(index);
        if (nominates) Nominate(index);
    }

    /// <summary>Forgets what has expired.</summary>
    public void Expire(Instant now)
    {
        for (var index = _count - 1; index >= 0; index--)
        {
            if (now >= _pairs[index].LastCheck + Consent) RemoveAt(index);
        }
        if (_selected < 0) SelectNext();
    }

    /// <summary>Forgets one path, whose connection has gone.</summary>
    public void Remove(in NetworkPath path)
    {
        var index = Find(path);
        if (index < 0) return;
        RemoveAt(index);
        if (_selected < 0) SelectNext();
    }

    private void Nominate(int index)
    {
        ref var pair = ref _pairs[index];
        var isFirst = !pair.IsNominated;
        pair.IsNominated = true;
        ref readonly var selected = ref _pairs[_selected];
        if (index == _selected)
        {
            foreach (ref var other in _pairs.AsSpan(0, _count)) other.NominationsInVain = 0;
        }
        else if (!selected.IsNominated
            || pair.Generation > selected.Generation
            || (isFirst && pair.Priority > selected.Priority)
            || ++pair.NominationsInVain >= 2)
        {
            Select(index);
        }
    }

    private void Select(int index)
    {
        _selected = index;
        foreach (ref var pair in _pairs.AsSpan(0, _count)) pair.NominationsInVain = 0;
        NoticeChange();
    }

    private void NoticeChange()
    {
        if (_hasSelected && _pairs[_selected].Path != _lastSelected) Changes++;
        (_lastSelected, _hasSelected) = (_pairs[_selected].Path, true);
    }

    /// <summary>Falls back to the nominated path heard last, or else to any heard last.</summary>
    private void SelectNext()
    {
        for (var index = 0; index < _count; index++)
        {
            if (_selected < 0 || IsBetter(_pairs[index], _pairs[_selected])) _selected = index;
        }
        if (_selected >= 0) NoticeChange();

        static bool IsBetter(in Pair left, in Pair right) =>
            left.IsNominated == right.IsNominated ? left.LastCheck > right.LastCheck : left.IsNominated;
    }

    private int Find(in NetworkPath path)
    {
        for (var index = 0; index < _count; index++)
        {
            if (_pairs[index].Path == path) return index;
        }
        return -1;
    }

    private int Add(in NetworkPath path)
    {
        if (_count == Maximum) RemoveAt(FindOldestUnused());
        _pairs[_count] = new() { Path = path };
        return _count++;
    }

    private int FindOldestUnused()
    {
        var oldest = -1;
        for (var index = 0; index < _count; index++)
        {
            if (index != _selected && (oldest < 0 || _pairs[index].LastCheck < _pairs[oldest].LastCheck)) oldest = index;
        }
        return oldest;
    }

    private void RemoveAt(int index)
    {
        _count--;
        _pairs[index] = _pairs[_count];
        if (_selected == index) _selected = -1;
        else if (_selected == _count) _selected = index;
    }

    private struct Pair
    {
        public NetworkPath Path;
        public Instant LastCheck;

        /// <summary>The PRIORITY of the peer's last check: how it ranks the path.</summary>
        public uint Priority;

        public int Generation;
        public bool IsNominated;

        /// <summary>Since the path in use was nominated last.</summary>
        public int NominationsInVain;
    }
}
