using Tocsin.Alerting;

namespace Tocsin.Storage.Identities;

/// <summary>One statement of the directory of identities, at its place in the log. Never changed, never removed: every client has its hash.</summary>
public sealed class DirectoryLogEntry
{
    /// <summary>1, 2, 3 ... without a gap.</summary>
    public long Number { get; set; }

    public DirectoryStatement Kind { get; set; }

    /// <summary>Whom it is about: what the formats call an account is the person, whom an account can be closed and opened for again.</summary>
    public PersonId PersonId { get; set; }

    /// <summary>Null for an identity.</summary>
    public Guid? Device { get; set; }

    /// <summary>The bytes as they were signed.</summary>
    public byte[] Entry { get; set; } = [];

    /// <summary>Over this entry and all before it.</summary>
    public byte[] Hash { get; set; } = [];

    public DateTimeOffset At { get; set; }
}

/// <remarks>The numbers are stored: never change one.</remarks>
public enum DirectoryStatement
{
    Identity = 1,
    DeviceCertificate = 2,
    DeviceRevocation = 3,
}
