using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Tocsin.Alerting.Channels.WebPush;

/// <summary>Reads a push service's response as an outcome. RFC 8030 sections 5 and 8.4, RFC 8292 section 4.2.</summary>
internal static class PushAnswer
{
    private const int MaximumIdLength = 128;

    /// <summary>A push service that asks for more than the alert's own life is as good as asking for that.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public static DeliveryOutcome Read(HttpResponseMessage response, string providerId, DateTimeOffset now)
    {
        var code = $"{(int)response.StatusCode}";
        return response.StatusCode switch
        {
            HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.NoContent =>
                new DeliveryOutcome.Accepted(providerId, MessageId(response.Headers.Location)),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new DeliveryOutcome.Rejected(new(FailureCodes.SubscriptionGone, code)),
            HttpStatusCode.RequestEntityTooLarge => new DeliveryOutcome.Rejected(new(FailureCodes.MessageTooLarge, code)),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable =>
                new DeliveryOutcome.RetryAfter(Wait(response.Headers.RetryAfter, now), new(FailureCodes.CarrierThrottled, code)),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => new DeliveryOutcome.RetryAfter(Wait(response.Headers.RetryAfter, now), new(FailureCodes.CarrierUnavailable, code)),
            // A redirect is refused too: it could lead anywhere.
            _ => new DeliveryOutcome.Rejected(new(FailureCodes.CarrierRefused, code)),
        };
    }

    /// <summary>The message's resource at the push service; its digest where it is too long to keep.</summary>
    private static string? MessageId(Uri? location)
    {
        if (location is null)
            return null;
        var text = location.OriginalString;
        return text.Length <= MaximumIdLength && text.All(c => c is > ' ' and <= '~') ? text : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static TimeSpan? Wait(RetryConditionHeaderValue? asked, DateTimeOffset now)
    {
        var wait = asked?.Delta ?? asked?.Date - now;
        if (wait is null || wait <= TimeSpan.Zero)
            return null;
        return wait < LongestWait ? wait : LongestWait;
    }
}
