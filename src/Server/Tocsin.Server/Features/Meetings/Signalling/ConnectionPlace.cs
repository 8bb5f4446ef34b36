using Tocsin.Server.Features.Meetings.Calls;

namespace Tocsin.Server.Features.Meetings.Signalling;

/// <summary>Where one hub connection is: in a meeting, at the door of one, or nowhere. Any thread: commands run beside the stream that holds the seat.</summary>
internal sealed class ConnectionPlace
{
    // Somebody whose link has ended tries a few times; a program that goes on trying does it on ever new connections, which cost it more.
    private const int MostRefusals = 20;

    private volatile Seat? seat;
    private int isAtDoor;
    private int refusals;

    public Seat? Seat => seat;

    /// <summary>At the door, or past it.</summary>
    public bool IsSomewhere => Volatile.Read(ref isAtDoor) != 0 || seat is not null;

    /// <returns>False where this connection is at a door already: one at a time.</returns>
    public bool TryComeToDoor() => Interlocked.CompareExchange(ref isAtDoor, 1, 0) == 0;

    /// <summary>Let in, refused, or gone meanwhile.</summary>
    public void LeaveDoor() => Volatile.Write(ref isAtDoor, 0);

    /// <returns>The seat that it had before.</returns>
    public Seat? Take(Seat taken)
    {
        var former = seat;
        seat = taken;
        return former;
    }

    /// <returns>False where this connection was refused so often that nobody is behind it who means well.</returns>
    public bool TurnAway() => Interlocked.Increment(ref refusals) < MostRefusals;

    /// <summary>Unless it has another by now.</summary>
    public void GiveUp(Seat given)
    {
        if (seat == given) seat = null;
    }
}
