using Tocsin.Alerting.Channels;

namespace Tocsin.Alerting.Plans;

/// <summary>Which kind of contact point a channel speaks to.</summary>
public static class ChannelUse
{
    /// <summary>Whether <paramref name="channel"/> can reach a contact point of <paramref name="kind"/>. In-app needs an account, not a contact point.</summary>
    public static bool CanReach(this ChannelKind channel, ContactPointKind kind) => (channel, kind) switch
    {
        (ChannelKind.Sms, ContactPointKind.Mobile) => true,
        (ChannelKind.Email, ContactPointKind.Email) => true,
        (ChannelKind.WebPush, ContactPointKind.App) => true,
        _ => false,
    };
}
