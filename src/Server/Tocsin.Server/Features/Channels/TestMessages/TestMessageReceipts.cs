using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Features.Alerts;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Notices;

namespace Tocsin.Server.Features.Channels.TestMessages;

/// <summary>What carriers say of test messages after they took them.</summary>
/// <remarks>Two nodes that take a receipt and its outcome at the same moment can miss each other: the message then stands as accepted, which is true.</remarks>
internal static class TestMessageReceipts
{
    /// <summary>Apart from the numbers of bulletins, campaigns and codes.</summary>
    private const long FirstNumber = -(1L << 42);

    // Carriers report for some days; messages are few.
    private const int MostAwaited = 200;

    private static readonly TimeSpan Awaited = TimeSpan.FromDays(3);

    public static DeliveryId DeliveryOf(long id) => new(FirstNumber - id);

    /// <summary>Applies those of <paramref name="receipts"/> that are of test messages.</summary>
    /// <param name="unmatched">Receipts of no alert's message by name: what is of a test message is taken out.</param>
    public static async Task TakeAsync(CommandTransaction transaction, IReadOnlyList<DeliveryReceipt> receipts, List<UnmatchedReceipt> unmatched, CancellationToken cancellationToken)
    {
        if (unmatched.Count == 0 && !receipts.Any(receipt => receipt.DeliveryId?.Value <= FirstNumber)) return;
        var since = transaction.Now - Awaited;
        var awaited = await transaction.Db.Set<TestMessage>().AsNoTracking().Where(m => m.State == NoticeState.Sent && m.AskedAt > since).OrderByDescending(m => m.Id).Take(MostAwaited).ToListAsync(cancellationToken);
        foreach (var message in awaited)
        {
            foreach (var receipt in receipts.Where(receipt => IsOf(receipt, message))) await ApplyAsync(transaction, message, receipt, cancellationToken);
            unmatched.RemoveAll(receipt => receipt.ProviderId == message.ProviderId && receipt.ProviderMessageId == message.ProviderMessageId);
        }
    }

    public static async Task ApplyAsync(CommandTransaction transaction, TestMessage message, DeliveryReceipt receipt, CancellationToken cancellationToken)
    {
        // Whatever arrived has arrived.
        var row = transaction.Db.Set<TestMessage>().Where(m => m.Id == message.Id && m.State == NoticeState.Sent && m.ArrivedAt == null);
        var changed = receipt.State switch
        {
            ReceiptState.Delivered or ReceiptState.Read => await row.ExecuteUpdateAsync(set => set.SetProperty(m => m.ArrivedAt, receipt.At), cancellationToken),
            ReceiptState.Failed or ReceiptState.Expired => await row.ExecuteUpdateAsync(
                set => set.SetProperty(m => m.State, NoticeState.Failed).SetProperty(m => m.SettledAt, transaction.Now).SetProperty(m => m.FailureCode, CodeOf(receipt)), cancellationToken),
            _ => 0,
        };
        if (changed > 0) TestMessageEvents.Announce(transaction, message);
    }

    private static bool IsOf(DeliveryReceipt receipt, TestMessage message) => receipt.DeliveryId is { } delivery
        ? delivery == DeliveryOf(message.Id)
        : receipt.ProviderMessageId is { } name && name == message.ProviderMessageId && receipt.ProviderId == message.ProviderId;

    private static string CodeOf(DeliveryReceipt receipt) =>
        receipt.Reason is { } reason ? StoredText.Bound(reason).Code : receipt.State == ReceiptState.Expired ? FailureCodes.Expired : FailureCodes.Undeliverable;
}
