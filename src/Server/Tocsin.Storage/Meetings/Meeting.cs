using Tocsin.Alerting;

namespace Tocsin.Storage.Meetings;

/// <summary>A meeting, from its opening until somebody ends it. Who is in it now is known to the server that runs the call, and kept nowhere.</summary>
public sealed class Meeting
{
    public MeetingId Id { get; set; }

    public string Title { get; set; } = "";

    /// <summary>The alert that it is about; null: none. An alert has one open meeting at most.</summary>
    public AlertId? AlertId { get; set; }

    /// <summary>The room whose call it is: its members may join. Null: none. A room has one open call at most.</summary>
    public RoomId? RoomId { get; set; }

    public MeetingAudience OpenTo { get; set; }

    /// <summary>Lets in nobody but hosts and those who come back.</summary>
    public bool IsLocked { get; set; }

    /// <summary>Accounts wait too until a host lets them in; guests always do.</summary>
    public bool HasWaitingRoom { get; set; }

    /// <summary>Its first host.</summary>
    public PersonId OpenedByPerson { get; set; }

    /// <summary>The name as it was then.</summary>
    public string OpenedByName { get; set; } = "";

    public DateTimeOffset OpenedAt { get; set; }

    /// <summary>Null while it is open. It does not open again.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>Who may join, beside hosts, those invited, the alert's recipients and the room's members. Stored as the kebab-case word.</summary>
public enum MeetingAudience
{
    Invited,

    /// <summary>Everybody with an account.</summary>
    Organisation,
}

/// <summary>A person may join a meeting by name.</summary>
public sealed class MeetingInvitation
{
    public MeetingId MeetingId { get; set; }

    public PersonId PersonId { get; set; }

    public DateTimeOffset InvitedAt { get; set; }
}

/// <summary>Somebody was put out of a meeting, and comes back through the waiting room only.</summary>
public sealed class MeetingRemoval
{
    public MeetingId MeetingId { get; set; }

    /// <summary><c>person:UUID</c> of an account's person, or <c>guest:UUID</c> of one guest's visit.</summary>
    public string Subject { get; set; } = "";

    public DateTimeOffset RemovedAt { get; set; }
}

/// <summary>Lets people without an account ask to join one meeting. Whoever holds its secret may; only its hash is kept.</summary>
public sealed class GuestLink
{
    public GuestLinkId Id { get; set; }

    public MeetingId MeetingId { get; set; }

    /// <summary>For whom it was made, in its maker's words.</summary>
    public string Label { get; set; } = "";

    /// <summary>SHA-256 of the secret in the link, which has 256 random bits.</summary>
    public byte[] TokenHash { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>Identifies a meeting; safe to show and to log.</summary>
public readonly record struct MeetingId(Guid Value) : IUuid<MeetingId>
{
    public static MeetingId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>Identifies a guest's link in lists and in the audit trail. Not its secret: safe to log.</summary>
public readonly record struct GuestLinkId(Guid Value) : IUuid<GuestLinkId>
{
    public static GuestLinkId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}
