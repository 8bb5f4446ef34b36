using System.Text.Json;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Access;

/// <summary>Roles by their wire names: <c>administrator</c>, <c>crisis-director</c>, <c>crisis-member</c>, <c>communicator</c>, <c>auditor</c>, <c>staff</c>.</summary>
internal static class RoleNames
{
    /// <summary>Every single role.</summary>
    public static IReadOnlyList<Roles> Every { get; } =
        [Roles.Administrator, Roles.CrisisDirector, Roles.CrisisMember, Roles.Communicator, Roles.Auditor, Roles.Staff];

    public static string Of(Roles role) => JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString());

    public static IEnumerable<Roles> Split(Roles roles) => Every.Where(role => roles.HasFlag(role));

    public static IReadOnlyList<string> NamesOf(Roles roles) => [.. Split(roles).Select(Of)];

    /// <returns>False when a name is unknown.</returns>
    public static bool TryParse(IEnumerable<string> names, out Roles roles)
    {
        roles = Roles.None;
        foreach (var name in names)
        {
            var role = Every.FirstOrDefault(candidate => string.Equals(Of(candidate), name, StringComparison.Ordinal));
            if (role == Roles.None) return false;
            roles |= role;
        }

        return true;
    }
}
