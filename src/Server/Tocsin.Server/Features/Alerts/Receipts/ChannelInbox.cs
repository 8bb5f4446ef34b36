using Tocsin.Alerting.Channels;

namespace Tocsin.Server.Features.Alerts.Receipts;

/// <summary>What channels give back, made durable before they may acknowledge it.</summary>
internal sealed class ChannelInbox(NewsJournal journal) : IChannelInbox
{
    public async ValueTask TakeReceiptAsync(DeliveryReceipt receipt, CancellationToken cancellationToken) =>
        await journal.CommitAsync(new News.ReceiptCame(receipt), cancellationToken);

    public async ValueTask TakeReplyAsync(InboundReply reply, CancellationToken cancellationToken) =>
        await journal.CommitAsync(new News.ReplyCame(reply), cancellationToken);
}
