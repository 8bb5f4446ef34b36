using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Alerts.Receipts;
using Tocsin.Server.Features.Notices;
using Tocsin.Server.Features.Push;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Events;
using Tocsin.Storage.Notices;

namespace Tocsin.Server.Features.Channels.TestMessages;

/// <summary>Pulses when a test message was asked for.</summary>
internal sealed class TestMessageWakeUp
{
    public WakeUp WakeUp { get; } = new();
}

/// <summary>Sends test messages as every <see cref="NoticeSender{TDelivery}"/> does, but gives up soon and says why: whoever asked for one waits for the answer.</summary>
internal sealed class TestMessageSender(
    TestMessageWakeUp wakeUp,
    CommandStore store,
    IDbContextFactory<TocsinDbContext> contexts,
    AlertChannels channels,
    OrganisationName organisation,
    OrganisationTimeZone zone,
    TimeProvider time,
    ILogger<TestMessageSender> logger) : NoticeSender<TestMessage>(wakeUp.WakeUp, store, contexts, channels, time, logger)
{
    /// <summary>A carrier that is only starting is there after some seconds; one that names a time is asked again then.</summary>
    protected override RetryPolicy Patience { get; } = new(4, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));

    protected override Task<bool> PrepareSomeAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    protected override async Task<Func<TestMessage, OutboundMessage>> WriteMessagesAsync(List<TestMessage> taken, CancellationToken cancellationToken)
    {
        var sender = await organisation.GetAsync(cancellationToken);
        var wall = await zone.GetAsync(cancellationToken);
        return message => Write(message, sender, wall.WallTimeOf(message.AskedAt));
    }

    protected override string FailureCodeOf(RetryDecision.GiveUp end, DeliveryOutcome last) => last switch
    {
        // "Tried too often" would say nothing of what is wrong.
        DeliveryOutcome.RetryAfter postponed => postponed.Reason.Code,
        DeliveryOutcome.OutcomeUnknown unknown => unknown.Reason.Code,
        _ => end.Reason.Code,
    };

    protected override async Task AcceptedAsync(CommandTransaction transaction, TestMessage delivery, DeliveryOutcome.Accepted accepted, CancellationToken cancellationToken)
    {
        var provider = StoredText.Bound(accepted.ProviderId, AlertBounds.ProviderId);
        var name = StoredText.Bound(accepted.ProviderMessageId, AlertBounds.ProviderMessageId);
        await transaction.Db.Set<TestMessage>().Where(m => m.Id == delivery.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.SettledAt, transaction.Now).SetProperty(m => m.ProviderId, provider).SetProperty(m => m.ProviderMessageId, name), cancellationToken);
        if (name is not null)
        {
            foreach (var early in await UnmatchedReceipts.TakeAsync(transaction.Db, provider, [name], cancellationToken))
                await TestMessageReceipts.ApplyAsync(transaction, delivery, early.ToReceipt(), cancellationToken);
        }

        TestMessageEvents.Announce(transaction, delivery);
        transaction.Record(new AuditDraft(AuditActor.System, "test-message.accepted", TestMessageEvents.SubjectOf(delivery), new { delivery.Channel }));
    }

    protected override async Task GiveUpAsync(CommandTransaction transaction, TestMessage delivery, CancellationToken cancellationToken)
    {
        await transaction.Db.Set<TestMessage>().Where(m => m.Id == delivery.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.SettledAt, transaction.Now), cancellationToken);
        var failure = await transaction.Db.Set<TestMessage>().Where(m => m.Id == delivery.Id).Select(m => m.FailureCode).FirstAsync(cancellationToken);
        if (failure == FailureCodes.SubscriptionGone) await GoneSubscription.RemoveAsync(transaction, delivery.PersonId, delivery.Address, cancellationToken);
        TestMessageEvents.Announce(transaction, delivery);
        transaction.Record(new AuditDraft(AuditActor.System, "test-message.failed", TestMessageEvents.SubjectOf(delivery), new { delivery.Channel, Failure = failure }));
    }

    private static OutboundMessage Write(TestMessage message, string organisation, DateTimeOffset askedAt) => new(
        TestMessageReceipts.DeliveryOf(message.Id),
        message.Attempt,
        string.Create(CultureInfo.InvariantCulture, $"test-{message.Id}-{message.AskedAt.ToUnixTimeMilliseconds()}"),
        default,
        0,
        message.Address,
        organisation,
        message.Language,
        MessagePurpose.Test,
        AlertMode.Real,
        Severity.Info,
        message.Language == ContentLanguage.En ? "This is no alert" : "Ceci n’est pas une alerte",
        Body(message, askedAt.ToString("HH:mm", CultureInfo.InvariantCulture)),
        [],
        null,
        askedAt,
        message.ExpiresAt);

    private static string Body(TestMessage message, string clock) => message.Language == ContentLanguage.En
        ? $"{message.AskedByName} asked for this message at {clock} to see whether this channel works. If you read this, it does. There is nothing to do."
        : $"{message.AskedByName} a demandé ce message à {clock} pour vérifier ce canal. Si vous le lisez, il fonctionne. Vous n’avez rien à faire.";
}

/// <summary>What pages of settings and readiness follow.</summary>
internal static class TestMessageEvents
{
    public static string SubjectOf(TestMessage message) => string.Create(CultureInfo.InvariantCulture, $"test-message:{message.Id}");

    public static void Announce(CommandTransaction transaction, TestMessage message) =>
        transaction.Append("test-message.changed", EventVisibility.To(TestMessageEndpoints.Watchers), new { message.Channel });
}
