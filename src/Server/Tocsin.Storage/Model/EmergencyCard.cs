using Tocsin.Alerting;

namespace Tocsin.Storage.Model;

/// <summary>A printed card of single-use codes, for the day when phone and keys are out of reach.</summary>
public sealed class EmergencyCard
{
    public EmergencyCardId Id { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>Where it is kept, in its owner's words ("safe, crisis room").</summary>
    public string Label { get; set; } = "";

    /// <summary>Of the codes' hashes; one per card, so that a code costs one derivation to check.</summary>
    public byte[] Salt { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public IList<EmergencyCode> Codes { get; } = [];
}

/// <summary>One code of a card.</summary>
public sealed class EmergencyCode
{
    public EmergencyCardId CardId { get; set; }

    /// <summary>As printed beside it: 1, 2, 3 ...</summary>
    public int Number { get; set; }

    /// <summary>PBKDF2 of the code with the card's salt.</summary>
    public byte[] Hash { get; set; } = [];

    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>Identifies an emergency card. Safe to log.</summary>
public readonly record struct EmergencyCardId(Guid Value) : IUuid<EmergencyCardId>
{
    public static EmergencyCardId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}
