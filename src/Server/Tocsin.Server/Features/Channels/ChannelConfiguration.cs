using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Channels.Smtp.Inbound;
using Tocsin.Alerting.Channels.WebPush;
using Tocsin.Server.Hosting;

namespace Tocsin.Server.Features.Channels;

/// <summary>Completes and checks what the administrator configured of the channels.</summary>
internal static class ChannelConfiguration
{
    /// <summary>What is wrong, each beginning with its key.</summary>
    public static IEnumerable<string> FindErrors(TocsinOptions options)
    {
        // Secrets come from the database, which is not open yet: a stand-in of the right form lets the rest be checked.
        var tag = new byte[32];
        return options.Sms.Validate().Select(error => $"sms.{error}")
            .Concat(Email(options, tag).FindErrors())
            .Concat(MailInbox(options, tag).FindErrors())
            .Concat(WebPush(options, VapidKey.GeneratePrivateKey()).FindErrors());
    }

    public static SmtpChannelOptions Email(TocsinOptions options, byte[] tagKey)
    {
        options.Email.TagKey = tagKey;
        return options.Email;
    }

    /// <summary>The inbox reads the addresses that mail leaves with.</summary>
    public static MailInboxOptions MailInbox(TocsinOptions options, byte[] tagKey)
    {
        var inbox = options.MailInbox;
        inbox.TagKey = tagKey;
        inbox.TagSeparator = options.Email.TagSeparator;
        if (inbox.BounceAddress.Length == 0) inbox.BounceAddress = options.Email.BounceAddress;
        if (inbox.ReplyAddress.Length == 0) inbox.ReplyAddress = options.Email.ReplyAddress;
        return inbox;
    }

    /// <summary>Off until the administrator allows a push service: the server calls no host that was not named to it.</summary>
    public static WebPushChannelOptions WebPush(TocsinOptions options, string vapidPrivateKey)
    {
        var push = options.WebPush;
        if (push.AllowedPushOrigins.Count > 0) push.VapidPrivateKey = vapidPrivateKey;
        if (push.Subject.Length == 0) push.Subject = options.Email.From.Length > 0 ? $"mailto:{options.Email.From}" : "mailto:tocsin@localhost";
        return push;
    }
}
