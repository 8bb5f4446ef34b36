namespace Tocsin.Rooms;

/// <summary>Why the shape of an entry is refused; <see cref="EntryRefusals.Code"/> has the stable codes.</summary>
public enum EntryRefusal
{
    None,
    TooLong,
    Malformed,
    UnknownClass,
}

public static class EntryRefusals
{
    /// <summary>As in docs/protocol/rooms.md.</summary>
    public static string Code(this EntryRefusal refusal) => refusal switch
    {
        EntryRefusal.TooLong => "entry-too-long",
        EntryRefusal.Malformed => "malformed-entry",
        EntryRefusal.UnknownClass => "unknown-class",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };
}
