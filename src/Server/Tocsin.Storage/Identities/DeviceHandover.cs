using Tocsin.Alerting;

namespace Tocsin.Storage.Identities;

/// <summary>What passes between two devices of one person while the second is added: three messages, each written once, in this order.</summary>
public sealed class DeviceHandover
{
    public PersonId PersonId { get; set; }

    /// <summary>What the new device shows: it names the hand-over and binds <see cref="Opening"/>.</summary>
    public byte[] Commitment { get; set; } = [];

    public DateTimeOffset OpenedAt { get; set; }

    /// <summary>Null until one of the two ends it; the messages go with it.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>From the device that is one already.</summary>
    public byte[]? Introduction { get; set; }

    /// <summary>From the new device: what it is sealed to.</summary>
    public byte[]? Opening { get; set; }

    /// <summary>The identity, which only the new device opens.</summary>
    public byte[]? Sealed { get; set; }
}
