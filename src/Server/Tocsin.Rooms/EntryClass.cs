namespace Tocsin.Rooms;

/// <summary>What an entry is to the room's state.</summary>
public enum EntryClass : byte
{
    Content = 1,
    Membership = 2,
    Device = 3,
    EraKeys = 4,
    Departure = 5,
}
