using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;

namespace Tocsin.Server.Features.Directory;

/// <summary>A contact point with all but its end hidden, or the first letter and the host of a mail address: enough to know which one it was, too little to use it.</summary>
internal static class MaskedAddress
{
    private const string Hidden = "••••";
    private const int ShownDigits = 2;

    public static string Of(ContactPointKind kind, string address) => kind == ContactPointKind.Email ? Mail(address) : Number(address);

    /// <returns>Empty where a channel's address is nothing that a person knows.</returns>
    public static string Of(ChannelKind channel, string address) => channel switch
    {
        ChannelKind.Sms => Number(address),
        ChannelKind.Email => Mail(address),
        _ => "",
    };

    private static string Mail(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 1 ? Hidden : address[..1] + Hidden + address[at..];
    }

    /// <summary>One that is as short as what is shown of others is hidden whole.</summary>
    private static string Number(string address) => address.Length <= ShownDigits ? Hidden : $"{Hidden} {address[^ShownDigits..]}";
}
