using Tocsin.Rooms;
using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Identities;

/// <summary>What can be refused about identities. Those of the log have the codes of docs/protocol/identities.md.</summary>
internal static class IdentityRefusals
{
    public static readonly Refusal MalformedEntry = new("malformed-entry", 400, "This is not an entry of the directory log.");
    public static readonly Refusal MalformedIdentity = new("malformed-identity", 400, "This is not an identity.");
    public static readonly Refusal MalformedCertificate = new("malformed-certificate", 400, "This is not a device certificate or revocation.");
    public static readonly Refusal BadSignature = new("bad-signature", 400, "The signature is not of the key that it names.");
    public static readonly Refusal NotOwn = new("not-own-identity", 403, "Everyone publishes their own identity and devices only.");
    public static readonly Refusal IdentityExists = new("identity-exists", 409, "There is an identity already: another device published it first. Replacing it is a reset.");
    public static readonly Refusal UnknownAccount = new("unknown-account", 409, "There is no identity yet: publish one first.");
    public static readonly Refusal OtherIdentity = new("other-identity", 409, "Another identity has taken the place of the one that signed this.");
    public static readonly Refusal DeviceExists = new("device-exists", 409, "A device's number is used once only, also after it was revoked.");
    public static readonly Refusal UnknownDevice = new("unknown-device", 409, "There is no such device, or it was revoked already.");
    public static readonly Refusal TooManyStatements = new("too-many-statements", 429, "Too many changes of identity and devices today: go on tomorrow.");
    public static readonly Refusal MalformedBackup = new("malformed-backup", 400, "This is not a sealed backup of your identity.");
    public static readonly Refusal MalformedDeviceName = new("malformed-device-name", 400, "This is not the sealed name of a device.");
    public static readonly Refusal MalformedHandover = new("malformed-handover", 400, "This is not a message of adding a device.");
    public static readonly Refusal HandoverOutOfOrder = new("handover-out-of-order", 409, "Adding a device has three messages, each sent once, in their order; another device may have answered first.");
    public static readonly Refusal HandoverExpired = new("handover-expired", 410, "The new device's code is too old: let it show another.");
    public static readonly Refusal HandoverEnded = new("handover-ended", 410, "Adding this device has ended: it was done, or one of the two devices refused.");
    public static readonly Refusal TooManyHandovers = new("too-many-handovers", 429, "Too many devices are being added at once: wait ten minutes.");

    public static Refusal Of(LogRefusal refusal) => refusal switch
    {
        LogRefusal.MalformedEntry => MalformedEntry,
        LogRefusal.MalformedIdentity => MalformedIdentity,
        LogRefusal.MalformedCertificate => MalformedCertificate,
        LogRefusal.BadSignature => BadSignature,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };
}
