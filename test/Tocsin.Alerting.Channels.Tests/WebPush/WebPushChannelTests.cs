using System.Net;
using System.Text.Json;
using Tocsin.Alerting.Channels.WebPush;
using Tocsin.Alerting.Content;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.WebPush;

/// <summary>What the specification suite does not ask: what is in a request, what each status means, and which hosts are called.</summary>
public sealed class WebPushChannelTests
{
    private const string Endpoint = "https://push.example/p/1";

    private readonly ManualTimeProvider time = new();
    private readonly string privateKey = VapidKey.GeneratePrivateKey();

    [Fact]
    public async Task Request_says_how_long_how_urgent_and_what_it_replaces()
    {
        var service = new RecordingPushService(HttpStatusCode.Created);
        await using var channel = Channel(service);

        await channel.SendAsync(Message() with { ExpiresAt = time.GetUtcNow().AddMinutes(90), Severity = Severity.Extreme }, CancellationToken.None);
        await channel.SendAsync(Message() with { Severity = Severity.Info, Purpose = MessagePurpose.Update }, CancellationToken.None);

        Assert.Equal((HttpMethod.Post, Endpoint), (service.Requests[0].Method, service.Requests[0].RequestUri!.AbsoluteUri));
        Assert.Equal("5400", service.Header(0, "TTL"));
        Assert.Equal(["high", "normal"], [service.Header(0, "Urgency"), service.Header(1, "Urgency")]);
        Assert.Matches("^[A-Za-z0-9_-]{32}$", service.Header(0, "Topic"));
        Assert.Equal(service.Header(0, "Topic"), service.Header(1, "Topic"));
        Assert.Equal(["aes128gcm"], service.Requests[0].Content!.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Signature_is_kept_until_it_nears_its_end_and_is_for_the_push_service_alone()
    {
        var service = new RecordingPushService(HttpStatusCode.Created);
        await using var channel = Channel(service);

        await channel.SendAsync(Message(), CancellationToken.None);
        time.Advance(TimeSpan.FromHours(10));
        await channel.SendAsync(Message(), CancellationToken.None);
        time.Advance(TimeSpan.FromHours(1.5));
        await channel.SendAsync(Message(), CancellationToken.None);

        Assert.Equal(service.Header(0, "Authorization"), service.Header(1, "Authorization"));
        Assert.NotEqual(service.Header(1, "Authorization"), service.Header(2, "Authorization"));
        var claims = Claims(service.Header(2, "Authorization"));
        Assert.Equal("https://push.example", claims.GetProperty("aud").GetString());
        Assert.Equal("mailto:astreinte@chu.example", claims.GetProperty("sub").GetString());
        Assert.Equal(time.GetUtcNow().AddHours(12).ToUnixTimeSeconds(), claims.GetProperty("exp").GetInt64());
        Assert.EndsWith($"k={channel.ApplicationServerKey}", service.Header(2, "Authorization"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, FailureCodes.SubscriptionGone)]
    [InlineData(HttpStatusCode.Gone, FailureCodes.SubscriptionGone)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, FailureCodes.MessageTooLarge)]
    [InlineData(HttpStatusCode.Forbidden, FailureCodes.CarrierRefused)]
    [InlineData(HttpStatusCode.Found, FailureCodes.CarrierRefused)]
    public async Task Refusal_says_why(HttpStatusCode status, string code)
    {
        await using var channel = Channel(new RecordingPushService(status));

        var rejected = Assert.IsType<DeliveryOutcome.Rejected>(await channel.SendAsync(Message(), CancellationToken.None));

        Assert.Equal(new FailureReason(code, $"{(int)status}"), rejected.Reason);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Mon, 02 Mar 2026 08:05:00 GMT", 300)]
    [InlineData("999999999", 3600)]
    [InlineData("Mon, 02 Mar 2020 08:05:00 GMT", null)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task Push_service_may_say_when_to_come_again(string? retryAfter, int? seconds)
    {
        await using var channel = Channel(new RecordingPushService(HttpStatusCode.TooManyRequests, response =>
        {
            if (retryAfter is not null)
                response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }));

        var retry = Assert.IsType<DeliveryOutcome.RetryAfter>(await channel.SendAsync(Message(), CancellationToken.None));

        Assert.Equal(seconds, retry.After?.TotalSeconds);
        Assert.Equal(FailureCodes.CarrierThrottled, retry.Reason.Code);
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        var service = new RecordingPushService(HttpStatusCode.TemporaryRedirect, response => response.Headers.Location = new Uri("https://push.example/elsewhere"));
        await using var channel = Channel(service);

        Assert.IsType<DeliveryOutcome.Rejected>(await channel.SendAsync(Message(), CancellationToken.None));

        Assert.Single(service.Requests);
    }

    [Theory]
    [InlineData("https://evil.example/p/1")]
    [InlineData("http://push.example/p/1")]
    [InlineData("https://push.example:8443/p/1")]
    [InlineData("https://push.example.evil.example/p/1")]
    [InlineData("https://127.0.0.1/p/1")]
    [InlineData("https://push.example@evil.example/p/1")]
    public async Task Host_that_the_administrator_did_not_allow_is_never_called(string endpoint)
    {
        var service = new RecordingPushService(HttpStatusCode.Created);
        await using var channel = Channel(service);

        var rejected = Assert.IsType<DeliveryOutcome.Rejected>(await channel.SendAsync(Message() with { Address = Address(endpoint) }, CancellationToken.None));

        Assert.Equal(FailureCodes.AddressInvalid, rejected.Reason.Code);
        Assert.Empty(service.Requests);
    }

    [Theory]
    [InlineData("https://PUSH.example:443/")]
    [InlineData("https://push.example")]
    public async Task Allowed_origin_may_be_written_in_any_form(string origin)
    {
        await using var channel = Channel(new RecordingPushService(HttpStatusCode.Created), origin);

        Assert.IsType<DeliveryOutcome.Accepted>(await channel.SendAsync(Message(), CancellationToken.None));
    }

    [Theory]
    [InlineData("http://push.example", "mailto:a@b.example")]
    [InlineData("https://push.example/path", "mailto:a@b.example")]
    [InlineData("push.example", "mailto:a@b.example")]
    [InlineData("https://push.example", "a@b.example")]
    public void Configuration_that_can_not_be_meant_is_named(string origin, string subject)
    {
        var options = new WebPushChannelOptions { VapidPrivateKey = privateKey, Subject = subject, AllowedPushOrigins = { origin }, AllowLoopbackHttp = true };

        Assert.Single(options.FindErrors());
    }

    [Fact]
    public async Task Without_a_key_it_is_not_configured_and_says_so()
    {
        await using var channel = new WebPushChannel(new WebPushChannelOptions(), time, new RecordedLog());

        Assert.Equal(ChannelHealthState.NotConfigured, channel.Health.State);
        var retry = Assert.IsType<DeliveryOutcome.RetryAfter>(await channel.SendAsync(Message(), CancellationToken.None));
        Assert.Equal(FailureCodes.NotConfigured, retry.Reason.Code);
    }

    private static string Address(string endpoint) =>
        $$$"""{"endpoint":{{{JsonSerializer.Serialize(endpoint)}}},"keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}""";

    [Fact]
    public async Task Push_of_a_room_says_which_one_and_no_push_service_learns_who_shares_it()
    {
        await using var service = await ScriptablePushService.StartAsync(phones: 2);
        await using var channel = Channel(service);
        var room = new RoomId(Guid.CreateVersion7());
        await channel.NotifyAsync(new(service.Subscription(1), room, 7, RoomNotificationKind.Message), CancellationToken.None);
        await channel.NotifyAsync(new(service.Subscription(1), room, 8, RoomNotificationKind.Priority), CancellationToken.None);
        await channel.NotifyAsync(new(service.Subscription(2), room, 8, RoomNotificationKind.Admission), CancellationToken.None);

        var pushes = await service.PushesAsync();

        Assert.Equal($$"""{"roomId":"{{room.Value}}","seq":7,"kind":"message"}""", JsonSerializer.Serialize(pushes[0].Payload));
        Assert.Equal(["message", "priority", "admission"], pushes.Select(push => push.Payload.GetProperty("kind").GetString()!));
        Assert.Equal(["normal", "high", "normal"], pushes.Select(push => push.Urgency));
        Assert.Equal(pushes[0].Topic, pushes[1].Topic);
        Assert.NotEqual(pushes[1].Topic, pushes[2].Topic);
        Assert.All(pushes, push => Assert.Equal(24 * 3600, push.Ttl));
    }

    [Fact]
    public async Task Silence_on_pushes_of_rooms_keeps_no_alert_waiting()
    {
        await using var service = await ScriptablePushService.StartAsync(phones: 1);
        await using var channel = Channel(service);
        await service.ScriptAsync(CarrierAnswer.Accept, [.. Enumerable.Repeat(CarrierAnswer.StaySilent, 8)]);
        var rooms = Enumerable.Range(1, 100)
            .Select(seq => channel.NotifyAsync(new(service.Subscription(1), new RoomId(Guid.CreateVersion7()), seq, RoomNotificationKind.Message), CancellationToken.None).AsTask()).ToList();
        await Eventually.HoldsAsync(async () => (await service.PushesAsync()).Count == 8, "eight pushes of rooms are under way");

        Assert.IsType<DeliveryOutcome.Accepted>(await Eventually.CompletesAsync(channel.SendAsync(Message() with { Address = service.Subscription(1) }, CancellationToken.None).AsTask()));

        Assert.All(rooms, room => Assert.False(room.IsCompleted));
        time.Advance(TimeSpan.FromSeconds(20));
        var outcomes = await Eventually.CompletesAsync(Task.WhenAll(rooms));
        Assert.Equal(8, outcomes.Count(outcome => outcome is DeliveryOutcome.OutcomeUnknown));
        Assert.Equal(92, outcomes.Count(outcome => outcome is DeliveryOutcome.Accepted));
    }

    private WebPushChannel Channel(ScriptablePushService service) => new(
        new WebPushChannelOptions { VapidPrivateKey = privateKey, Subject = "mailto:astreinte@chu.example", AllowedPushOrigins = { service.Origin }, AllowLoopbackHttp = true, MaximumInFlight = 1 },
        time,
        new RecordedLog());

    private static OutboundMessage Message() => Messages.French with { Address = Address(Endpoint), ExpiresAt = ManualTimeProvider.DefaultStart.AddDays(2) };

    private static JsonElement Claims(string authorization) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(authorization.Split('.')[1]));

    private WebPushChannel Channel(RecordingPushService service, string origin = "https://push.example") => new(
        new WebPushChannelOptions { VapidPrivateKey = privateKey, Subject = "mailto:astreinte@chu.example", AllowedPushOrigins = { origin } },
        time,
        new RecordedLog(),
        service);

    private sealed class RecordingPushService(HttpStatusCode status, Action<HttpResponseMessage>? adorn = null) : HttpMessageHandler
    {
        public List<HttpRequestMessage> Requests { get; } = [];

        public string Header(int request, string name) => Requests[request].Headers.GetValues(name).Single();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            var response = new HttpResponseMessage(status);
            adorn?.Invoke(response);
            return Task.FromResult(response);
        }
    }
}
