using Tocsin.Alerting;

namespace Tocsin.Storage.Directory;

/// <summary>A duty rota as it is kept.</summary>
public sealed class StoredRota
{
    public RotaId Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary><see cref="SearchText.NameKey"/> of the name: unique.</summary>
    public string NameKey { get; set; } = "";

    /// <summary><see cref="Alerting.Rotas.Rota"/> as <see cref="AlertingJson"/>, with its overrides.</summary>
    public string Definition { get; set; } = "";

    /// <summary>1, then one more with each change: who changes a rota says which version they saw.</summary>
    public int Version { get; set; } = 1;

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}
