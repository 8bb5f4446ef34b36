using Tocsin.Alerting;
using Tocsin.Alerting.Rotas;
using Tocsin.Server.Features.Directory;

namespace Tocsin.Server.Features.Rotas;

/// <summary>A rota as somebody states it, whole.</summary>
internal sealed record RotaInput(string? Name, string? TimeZone, IReadOnlyList<ShiftPattern>? Shifts, IReadOnlyList<RotaOverride>? Overrides)
{
    /// <returns>Null when <paramref name="errors"/> says why.</returns>
    public Rota? Read(RotaId id, FieldErrors errors)
    {
        // Required lists may still be null in JSON; the rules take them for present.
        var shifts = Shifts ?? [];
        var overrides = Overrides ?? [];
        for (var i = 0; i < shifts.Count; i++)
        {
            if (shifts[i] is not { Key: not null, Turns: not null, Days: not null }) errors.Add($"shifts[{i}]", DirectoryText.Missing);
        }

        for (var i = 0; i < overrides.Count; i++)
        {
            if (overrides[i] is null) errors.Add($"overrides[{i}]", DirectoryText.Missing);
        }

        if (errors.Any) return null;
        var rota = new Rota { Id = id, Name = Name?.Trim() ?? "", TimeZone = TimeZone ?? "", Shifts = shifts, Overrides = overrides };
        foreach (var violation in RotaValidation.Validate(rota)) errors.Add(violation.Path, violation.Code);
        return errors.Any ? null : rota;
    }
}

/// <summary>Two people take each other's turns from <paramref name="From"/> to <paramref name="Until"/>.</summary>
internal sealed record SwapInput(DateTimeOffset? From, DateTimeOffset? Until, PersonId? First, PersonId? Second);

/// <summary>Gives a running duty to somebody else, from now until it would have ended.</summary>
/// <param name="From">Who gives it; null: the caller.</param>
internal sealed record HandOverInput(PersonId? From, PersonId? To);
