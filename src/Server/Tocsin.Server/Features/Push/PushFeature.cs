using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels.WebPush;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Channels;
using Tocsin.Server.Hosting;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Events;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Push;

/// <summary>Notifications on one's own devices: a browser subscribes to our key, and its subscription becomes a contact point of its person.</summary>
internal static class PushFeature
{
    private const int MaximumDevices = 10;
    private const int MaximumLabel = 60;
    private const int MaximumSubscription = 2048;

    public static readonly Refusal PushOff = new("push-not-configured", 409, "Notifications are not configured on this server.");
    public static readonly Refusal SubscriptionRefused = new("push-subscription-refused", 422, "This browser's push service is not one that the administrator allowed, or its subscription cannot be read.");
    public static readonly Refusal TooManyDevices = new("too-many-devices", 409, "Ten devices have notifications already: remove one first.");

    public static void MapPush(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/push/key", ReadKey).RequireSignedIn().WithName("readPushKey").WithTags("push");
        var own = endpoints.MapGroup("/api/v1/me/push-subscriptions").WithTags("push");
        own.MapGet("", ListAsync).RequireSignedIn().WithName("listPushSubscriptions");
        own.MapPost("", SubscribeAsync).RequireSignedIn().WithName("subscribeToPush");
        own.MapDelete("/{id:guid}", UnsubscribeAsync).RequireSignedIn().WithName("unsubscribeFromPush");
    }

    private static Results<Ok<PushKey>, ProblemHttpResult> ReadKey(TocsinOptions options, ChannelSecrets secrets)
    {
        if (options.WebPush.AllowedPushOrigins.Count == 0 || !VapidKey.TryParse(secrets.VapidPrivateKey, out var key)) return PushOff.ToProblem();
        using (key) return TypedResults.Ok(new PushKey(key.PublicKey));
    }

    private static async Task<Ok<PushDevices>> ListAsync(HttpContext context, IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var devices = await Devices(db, context.OwnPerson()).AsNoTracking().OrderBy(point => point.CreatedAt).ToListAsync(cancellationToken);
        return TypedResults.Ok(new PushDevices([.. devices.Select(PushDevice.Of)]));
    }

    private static async Task<Results<Ok<PushDevice>, ProblemHttpResult>> SubscribeAsync(
        SubscribeToPush request, HttpContext context, TocsinOptions options, CommandStore store, CancellationToken cancellationToken)
    {
        if (options.WebPush.AllowedPushOrigins.Count == 0) return PushOff.ToProblem();
        var json = request.Subscription.GetRawText();
        if (json.Length > MaximumSubscription || !PushSubscription.TryParse(json, out var subscription) || !IsAllowed(subscription.Endpoint, options)) return SubscriptionRefused.ToProblem();
        var person = context.OwnPerson();
        var device = await store.CommitAsync(
            async (transaction, token) =>
            {
                var address = subscription.Endpoint.AbsoluteUri;
                var known = await transaction.Db.Set<StoredContactPoint>().FirstOrDefaultAsync(point => point.PersonId == person && point.Kind == ContactPointKind.App && point.Address == address, token);
                if (known is null && await Devices(transaction.Db, person).CountAsync(token) >= MaximumDevices) return null;
                if (known is null)
                    transaction.Db.Add(known = new StoredContactPoint { Id = new ContactPointId(Guid.CreateVersion7(transaction.Now)), PersonId = person, Kind = ContactPointKind.App, Address = address, Rank = int.MaxValue / 2, CreatedAt = transaction.Now });
                known.ChannelData = json;
                known.Label = Label(request.Device);
                known.Enabled = true;
                known.VerifiedAt = known.ChangedAt = transaction.Now;
                transaction.Append("contact-point.changed", new EventVisibility(Roles.Administrator, person), new { person });
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "push-subscription.added", $"contact-point:{known.Id}"));
                return PushDevice.Of(known);
            },
            cancellationToken);
        return device is null ? TooManyDevices.ToProblem() : TypedResults.Ok(device);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> UnsubscribeAsync(Guid id, HttpContext context, CommandStore store, CancellationToken cancellationToken)
    {
        var person = context.OwnPerson();
        var removed = await store.CommitAsync(
            async (transaction, token) =>
            {
                var wanted = new ContactPointId(id);
                var point = await Devices(transaction.Db, person).FirstOrDefaultAsync(p => p.Id == wanted, token);
                if (point is null) return false;
                transaction.Db.Remove(point);
                transaction.Append("contact-point.changed", new EventVisibility(Roles.Administrator, person), new { person });
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "push-subscription.removed", $"contact-point:{wanted}"));
                return true;
            },
            cancellationToken);
        return removed ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();
    }

    private static IQueryable<StoredContactPoint> Devices(TocsinDbContext db, PersonId person) =>
        db.Set<StoredContactPoint>().Where(point => point.PersonId == person && point.Kind == ContactPointKind.App);

    // Every session belongs to an account, and every account to a person; API tokens do not get here.
    private static PersonId OwnPerson(this HttpContext context) => context.Actor().Person ?? throw new InvalidOperationException("A session without a person.");

    private static bool IsAllowed(Uri endpoint, TocsinOptions options) =>
        options.WebPush.AllowedPushOrigins.Any(origin => string.Equals(new Uri(origin).GetLeftPart(UriPartial.Authority), endpoint.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase));

    private static string? Label(string? text)
    {
        var kept = new string([.. (text ?? "").Trim().Where(c => !char.IsControl(c)).Take(MaximumLabel)]);
        return kept.Length == 0 ? null : kept;
    }
}

/// <param name="PublicKey">Uncompressed P-256 point in base64url: <c>applicationServerKey</c> of <c>PushManager.subscribe</c>.</param>
internal sealed record PushKey(string PublicKey);

/// <param name="Subscription">As <c>PushSubscription.toJSON()</c> gives it.</param>
/// <param name="Device">What its owner calls it.</param>
internal sealed record SubscribeToPush(JsonElement Subscription, string? Device);

internal sealed record PushDevices(IReadOnlyList<PushDevice> Items);

/// <param name="Service">The push service's host, not the secret endpoint.</param>
internal sealed record PushDevice(ContactPointId Id, string? Device, string Service, DateTimeOffset Since)
{
    public static PushDevice Of(StoredContactPoint point) => new(point.Id, point.Label, new Uri(point.Address).Host, point.CreatedAt);
}
