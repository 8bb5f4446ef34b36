using Tocsin.Alerting;

namespace Tocsin.Storage.Identities;

/// <summary>What somebody calls one of their devices, sealed: only their devices read it.</summary>
public sealed class DeviceName
{
    public PersonId PersonId { get; set; }

    public Guid Device { get; set; }

    public byte[] Sealed { get; set; } = [];
}
