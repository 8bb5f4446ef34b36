using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Rotas;

/// <summary>What can be refused about rotas.</summary>
internal static class RotaRefusals
{
    public static readonly Refusal Invalid = new("rota-invalid", 400, "Something in this rota is missing or out of bounds.");
    public static readonly Refusal VersionMissing = new("version-missing", 428, "Say which version you saw: If-Match with the ETag of the rota.");
    public static readonly Refusal VersionStale = new("version-stale", 412, "Somebody else changed this rota meanwhile: look again, then repeat.");
    public static readonly Refusal OnlyOwnDuty = new("only-own-duty", 403, "You can hand over your own duty; another's only as a director or administrator.");
    public static readonly Refusal NotOnDuty = new("not-on-duty", 409, "This person is not on duty now.");
    public static readonly Refusal OverridesTooMany = new("overrides-too-many", 409, "This rota has as many changes as is possible.");
}
