using System.Text.Json;

namespace Tocsin.Testing;

/// <summary>A directory log as the web client writes it (test/vectors/README.md): identity, device certificate and revocation of one account, in hexadecimal.</summary>
public sealed record IdentityVectors(string Account, string Device, string IdentityKey, IReadOnlyList<string> Entries, IReadOnlyList<string> Hashes, LaterIdentity Later, string Backup)
{
    public static IdentityVectors Read()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "test", "vectors", "identities", "log.json"));
        return JsonSerializer.Deserialize<IdentityVectors>(text, JsonSerializerOptions.Web) ?? throw new InvalidDataException("no vectors");
    }
}

/// <summary>After a reset of the same account. <paramref name="OldDevice"/> certifies a number that was used before.</summary>
public sealed record LaterIdentity(string Device, string Identity, string Certificate, string OldDevice);
