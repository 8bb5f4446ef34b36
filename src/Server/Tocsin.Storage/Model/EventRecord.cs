namespace Tocsin.Storage.Model;

/// <summary>One numbered event. Written in the transaction that changed the state it tells of; never changed afterwards.</summary>
public sealed class EventRecord
{
    /// <summary>1, 2, 3 ... in commit order, without a gap: see <c>CommandTransaction</c>.</summary>
    public long Seq { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary><c>noun.verb-past</c>, such as <c>alert.raised</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Accounts with any of these roles see it.</summary>
    public Roles VisibleTo { get; set; }

    /// <summary>This person sees it, whatever their roles; null for none.</summary>
    public Guid? VisibleToPerson { get; set; }

    /// <summary>JSON object, at most 16 KiB.</summary>
    public string Data { get; set; } = "{}";
}
