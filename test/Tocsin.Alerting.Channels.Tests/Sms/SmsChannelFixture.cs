using System.Globalization;
using Tocsin.Alerting.Channels.Sms;
using Tocsin.Alerting.Content;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sms;

/// <summary>A channel over one or several stand-in centres, for tests of what the specification does not ask of every channel.</summary>
public abstract class SmsChannelFixture : IAsyncLifetime
{
    private readonly List<StandInSmsCentre> centres = [];
    private SmsChannel? channel;

    private protected ManualTimeProvider Time { get; } = new();

    private protected RecordingInbox Inbox { get; } = new();

    private protected RecordedLog Log { get; } = new();

    private protected SmsOptions Options { get; } = new();

    private protected SmsChannel Channel => channel!;

    private protected StandInSmsCentre Centre => centres[0];

    private protected IReadOnlyList<StandInSmsCentre> Centres => centres;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await StopAsync();
        foreach (var centre in centres)
            await centre.DisposeAsync();
    }

    private protected SmsProviderOptions AddCentre(StandInSmsCentre? centre = null)
    {
        centres.Add(centre ?? new StandInSmsCentre());
        var provider = new SmsProviderOptions
        {
            Id = $"sms-{centres.Count}",
            Host = "127.0.0.1",
            Port = centres[^1].Port,
            SystemId = "tocsin",
            Password = "secret",
            SourceAddress = "38000",
        };
        Options.Providers.Add(provider);
        return provider;
    }

    private protected void Start() => channel = SmsChannel.Start(Options, Inbox, Time, Log, new Random(TestSeed.Next()));

    private protected async Task StartReadyAsync()
    {
        Start();
        await StateAsync(ChannelHealthState.Ready);
    }

    private protected Task StateAsync(ChannelHealthState state) =>
        Time.AdvanceUntilAsync(() => Channel.Health.State == state, TimeSpan.FromMilliseconds(20), $"the channel is {state}");

    private protected async Task StopAsync()
    {
        if (channel is null)
            return;
        var closing = channel.DisposeAsync().AsTask();
        await Time.AdvanceUntilAsync(() => closing.IsCompleted, TimeSpan.FromSeconds(1), "the channel closes");
        await closing;
        channel = null;
    }

    private protected Task<DeliveryOutcome> SendAsync(OutboundMessage message) => Eventually.CompletesAsync(Channel.SendAsync(message, CancellationToken.None).AsTask());

    private protected async Task<DeliveryOutcome.Accepted> AcceptedAsync(OutboundMessage message) => Assert.IsType<DeliveryOutcome.Accepted>(await SendAsync(message));

    private protected OutboundMessage Message(int n, string body = "Quittez le bloc.") => new(
        new DeliveryId(n),
        1,
        $"delivery-{n}",
        new AlertId(Guid.Empty),
        42,
        string.Create(CultureInfo.InvariantCulture, $"+336{n:00000000}"),
        "CHU",
        ContentLanguage.Fr,
        MessagePurpose.Alert,
        AlertMode.Real,
        Severity.Severe,
        "Incendie",
        body,
        [],
        null,
        Time.GetUtcNow(),
        Time.GetUtcNow().AddHours(2));
}
