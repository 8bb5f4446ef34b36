namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>An address of ours that a mail came back to, and the delivery it names.</summary>
internal readonly record struct TaggedRecipient(TagPurpose Purpose, DeliveryId Delivery);

/// <summary>Knows the addresses that we gave out; every other recipient is refused, so the inbox relays nothing and stores nothing that it did not ask for.</summary>
internal sealed class TaggedAddresses(DeliveryTag tag, char separator, Mailbox? bounce, Mailbox? reply)
{
    public bool TryRead(string address, out TaggedRecipient recipient)
    {
        recipient = default;
        if (!Mailbox.TryParse(address, out var mailbox))
            return false;
        return TryRead(mailbox, bounce, TagPurpose.Bounce, out recipient) || TryRead(mailbox, reply, TagPurpose.Reply, out recipient);
    }

    private bool TryRead(Mailbox mailbox, Mailbox? ours, TagPurpose purpose, out TaggedRecipient recipient)
    {
        recipient = default;
        if (ours is null || mailbox.Domain != ours.Domain)
            return false;
        var begin = ours.LocalPart.Length;
        if (mailbox.LocalPart.Length <= begin || mailbox.LocalPart[begin] != separator || !mailbox.LocalPart.StartsWith(ours.LocalPart, StringComparison.OrdinalIgnoreCase))
            return false;
        if (!tag.TryRead(mailbox.LocalPart.AsSpan(begin + 1), out var said, out var delivery) || said != purpose)
            return false;
        recipient = new TaggedRecipient(purpose, delivery);
        return true;
    }
}
