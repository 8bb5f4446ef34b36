using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Identities;

namespace Tocsin.Server.Features.Identities;

/// <summary>What people call their own devices, sealed by these. A name goes when its device is revoked.</summary>
internal static class DeviceNameEndpoints
{
    // docs/protocol/identities.md: version, salt, 64 sealed bytes and a tag.
    private const int SealedLength = 1 + 32 + 64 + 16;

    /// <summary>The person's other devices read the names again.</summary>
    private const string Kept = "device-name.kept";

    public static void Map(RouteGroupBuilder names)
    {
        names.MapGet("", ListAsync).RequireSignedIn().WithName("listDeviceNames");
        names.MapPut("/{device:guid}", KeepAsync).RequireSignedIn().WithName("keepDeviceName");
    }

    private static async Task<Ok<DeviceNameList>> ListAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        var person = context.Actor().Person;
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var names = await db.Set<DeviceName>().AsNoTracking().Where(n => n.PersonId == person).OrderBy(n => n.Device).ToListAsync(cancellationToken);
        return TypedResults.Ok(new DeviceNameList([.. names.Select(n => new NamedDevice(n.Device, n.Sealed))]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> KeepAsync(
        Guid device, SealedName request, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        if (request.Sealed.Length != SealedLength) return IdentityRefusals.MalformedDeviceName.ToProblem();
        var isOwn = await store.CommitAsync(
            async (transaction, token) =>
            {
                // Only devices that stand in the log have names: that bounds them.
                var person = context.Actor().Person;
                var statements = await transaction.Db.Set<DirectoryLogEntry>().AsNoTracking().Where(e => e.PersonId == person && e.Device == device).Select(e => e.Kind).ToListAsync(token);
                if (person is not { } owner || statements is not [DirectoryStatement.DeviceCertificate]) return false;
                var name = await transaction.Db.Set<DeviceName>().FirstOrDefaultAsync(n => n.PersonId == owner && n.Device == device, token);
                if (name is null) transaction.Db.Add(name = new DeviceName { PersonId = owner, Device = device });
                name.Sealed = request.Sealed;
                transaction.Append(Kept, EventVisibility.To(owner), new { device });
                return true;
            },
            cancellationToken);
        return isOwn ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();
    }
}

internal sealed record DeviceNameList(IReadOnlyList<NamedDevice> Items);

/// <param name="Device">Its 16 bytes in the order of RFC 9562.</param>
/// <param name="Sealed">113 bytes in base64: docs/protocol/identities.md.</param>
internal sealed record NamedDevice(Guid Device, byte[] Sealed);

internal sealed record SealedName(byte[] Sealed);
