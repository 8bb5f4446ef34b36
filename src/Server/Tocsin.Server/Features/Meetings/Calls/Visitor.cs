using System.Buffers.Text;
using Tocsin.Alerting;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>Somebody who may come to the door of a meeting: an account that may join it, or whoever holds a guest's link.</summary>
/// <param name="Id">Of this visit: the participant's id, the same when they come back.</param>
/// <param name="Subject">Whom a removal is about: <c>person:UUID</c>, or <c>guest:UUID</c> of this visit.</param>
/// <param name="Link">The guest's link; null for accounts.</param>
/// <param name="WasLetIn">They were in this meeting before, and nobody put them out since.</param>
/// <param name="WasRemoved">A host put them out: they wait until one lets them in.</param>
internal sealed record Visitor(
    Guid Id,
    string Subject,
    string Name,
    ParticipantKind Kind,
    PersonId? Person,
    bool IsHost,
    GuestLinkId? Link,
    bool WasLetIn,
    bool WasRemoved,
    AuditActor ForAudit)
{
    // Ed25519.
    private const int DeviceKeyLength = 32;

    public string ParticipantId { get; } = Id.ToString();

    /// <summary>As they say; the others hold it against the group of the call. Base64.</summary>
    public string? DeviceKey { get; init; }

    public static bool IsDeviceKey(string text) => text.Length == (DeviceKeyLength + 2) / 3 * 4 && Base64.IsValid(text, out var length) && length == DeviceKeyLength;
}
