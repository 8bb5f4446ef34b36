using Tocsin.Alerting;
using Tocsin.Alerting.Channels;

namespace Tocsin.Storage.Directory;

/// <summary>A code that is sent to a contact point, so that its owner can show that it reaches them. Kept for an hour.</summary>
/// <remarks>
/// The code itself is nowhere kept: it is made anew, from a key of the installation and <see cref="Nonce"/>, when it is sent and when it is checked. So it can
/// still be sent after a crash, and a row alone tells it to nobody.
/// </remarks>
public sealed class ContactPointCode
{
    public long Id { get; set; }

    public PersonId PersonId { get; set; }

    public ContactPointId ContactPointId { get; set; }

    /// <summary><see cref="ChannelKind.Sms"/> or <see cref="ChannelKind.Email"/>.</summary>
    public ChannelKind Channel { get; set; }

    /// <summary>Where it goes, frozen when it was asked for: it says nothing of the address that the contact point has since. Personal data: never logged.</summary>
    public string Address { get; set; } = "";

    /// <summary>16 random octets.</summary>
    public byte[] Nonce { get; set; } = [];

    public ContactPointCodeState State { get; set; }

    /// <summary>When it is sent next: the time of the next attempt, or, while a node has it in hand, the moment at which that node is thought dead.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>Attempts to send it begun so far.</summary>
    public int Attempt { get; set; }

    /// <summary>Wrong codes typed so far.</summary>
    public int WrongTries { get; set; }

    public string? FailureCode { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>From then on it shows nothing.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>Stored as the number. Only <see cref="Waiting"/> is still to be sent; <see cref="Waiting"/> and <see cref="Sent"/> can be checked.</summary>
public enum ContactPointCodeState
{
    Waiting = 0,

    /// <summary>A carrier took it.</summary>
    Sent = 1,

    /// <summary>No carrier took it.</summary>
    Failed = 2,

    /// <summary>Checked and right, or replaced by a newer one.</summary>
    Ended = 3,
}
