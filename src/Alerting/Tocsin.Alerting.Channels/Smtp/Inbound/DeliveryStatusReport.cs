using System.Text;
using Tocsin.Alerting.Channels.Smtp.Relays;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>What a mail server reports of one recipient (RFC 3464).</summary>
internal sealed record DeliveryStatusReport(ReceiptState State, FailureReason? Reason)
{
    /// <summary>One recipient a mail is all that we send; more groups than this are noise.</summary>
    private const int MaximumGroups = 16;

    /// <summary>Reads the report in a message; false where it has none that we understand.</summary>
    public static bool TryRead(MimePart message, out DeliveryStatusReport report)
    {
        report = null!;
        var part = message.Walk().FirstOrDefault(part => part.MediaType is "message/delivery-status" or "message/global-delivery-status");
        if (part is null)
            return false;
        // The first group is of the message, the others of a recipient each; some servers leave the first out.
        foreach (var group in Groups(part.Decode()).Take(MaximumGroups))
        {
            if (TryReadGroup(group, out report))
                return true;
        }
        return false;
    }

    private static bool TryReadGroup(MimePart group, out DeliveryStatusReport report)
    {
        report = null!;
        var status = ReadStatus(group.Field("Status"));
        ReceiptState? state = group.Field("Action")?.Trim().ToLowerInvariant() switch
        {
            "failed" => status is { Class: 4, Subject: 4, Detail: 7 } ? ReceiptState.Expired : ReceiptState.Failed,
            "delayed" => ReceiptState.Enroute,
            "delivered" => ReceiptState.Delivered,
            // It went on to a server that reports nothing, or to a list: no more will be heard.
            "relayed" or "expanded" => ReceiptState.Enroute,
            _ => null,
        };
        if (state is null)
            return false;
        report = new DeliveryStatusReport(state.Value, state is ReceiptState.Failed or ReceiptState.Expired ? ReasonFor(state.Value, status) : null);
        return true;
    }

    private static FailureReason ReasonFor(ReceiptState state, EnhancedStatus? status)
    {
        var code = status switch
        {
            _ when state == ReceiptState.Expired => FailureCodes.Expired,
            { Class: 5, Subject: 1, Detail: 3 } => FailureCodes.AddressInvalid,
            { Class: 5, Subject: 1 } => FailureCodes.AddressUnknown,
            { Class: 5, Subject: 3, Detail: 4 } => FailureCodes.MessageTooLarge,
            { Class: 5, Subject: 7 } => FailureCodes.CarrierRefused,
            _ => FailureCodes.Undeliverable,
        };
        return new FailureReason(code, status?.ToString());
    }

    /// <summary>Some servers write a comment behind it: <c>5.1.1 (user unknown)</c>.</summary>
    private static EnhancedStatus? ReadStatus(string? text) =>
        text is not null && EnhancedStatus.TryParse(Encoding.UTF8.GetBytes(text), out var status) ? status : null;

    /// <summary>Groups of fields parted by empty lines, each read like a header.</summary>
    private static IEnumerable<MimePart> Groups(byte[] octets)
    {
        var text = Encoding.UTF8.GetString(octets).ReplaceLineEndings("\n");
        return text.Split("\n\n", MaximumGroups + 1, StringSplitOptions.RemoveEmptyEntries).Select(group => MimePart.Read(Encoding.UTF8.GetBytes(group.TrimStart('\n'))));
    }
}
