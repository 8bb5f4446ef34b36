using Tocsin.Alerting.Plans;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Directory.ContactPoints;

/// <summary>A contact point as somebody types it.</summary>
/// <param name="Address">Null for an app whose label, quiet hours or state change: its address stays.</param>
/// <param name="Enabled">Null: on.</param>
internal sealed record ContactPointInput(ContactPointKind? Kind, string? Address, string? Label, QuietHours? QuietHours, bool? Enabled)
{
    public ContactPointFields Read(FieldErrors errors)
    {
        var address = "";
        if (Kind is not { } kind) errors.Add("kind", DirectoryText.Missing);
        else if (kind != ContactPointKind.App && !ContactAddress.TryRead(kind, Address, ContactAddress.UsualCountry, out address, out var code)) errors.Add("address", code);
        if (QuietHours is { } quiet && !IsKnownZone(quiet.TimeZone)) errors.Add("quietHours.timeZone", "time-zone-unknown");
        return new ContactPointFields(Kind ?? default, address, DirectoryText.Optional(Label, DirectoryBounds.Label, "label", errors), QuietHours, Enabled ?? true);
    }

    private static bool IsKnownZone(string zone) => zone is { Length: > 0 and <= 64 } && NodaTime.DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not null;
}

/// <summary>A contact point's fields, cleaned; the address in the one form in which it is kept, empty for an app.</summary>
internal sealed record ContactPointFields(ContactPointKind Kind, string Address, string? Label, QuietHours? QuietHours, bool Enabled);

/// <summary>All of a person's contact points, in the order wanted.</summary>
internal sealed record ContactPointOrder(IReadOnlyList<Alerting.ContactPointId>? Ids);
