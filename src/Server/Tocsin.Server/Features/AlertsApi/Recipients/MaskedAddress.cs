using Tocsin.Alerting.Channels;

namespace Tocsin.Server.Features.AlertsApi.Recipients;

/// <summary>A contact point with all but its end hidden: enough to know which one it was, too little to use it.</summary>
internal static class MaskedAddress
{
    private const string Hidden = "••••";

    public static string Of(ChannelKind channel, string address) => channel switch
    {
        ChannelKind.Sms => Hidden + " " + End(address, 2),
        ChannelKind.Email => Mail(address),
        _ => "",
    };

    private static string Mail(string address)
    {
        var at = address.LastIndexOf('@');
        return at <= 0 ? Hidden : address[..1] + Hidden + address[at..];
    }

    private static string End(string text, int length) => text.Length <= length ? "" : text[^length..];
}
