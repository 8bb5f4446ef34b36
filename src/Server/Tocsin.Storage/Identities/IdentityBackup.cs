using Tocsin.Alerting;

namespace Tocsin.Storage.Identities;

/// <summary>Somebody's identity, sealed under what only they have: nothing here opens it.</summary>
public sealed class IdentityBackup
{
    public PersonId PersonId { get; set; }

    public IdentityBackupKind Kind { get; set; }

    public byte[] Sealed { get; set; } = [];

    public DateTimeOffset KeptAt { get; set; }
}

/// <summary>What opens it.</summary>
public enum IdentityBackupKind
{
    RecoveryCode,
    Passkey,
}
