using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Notices;

namespace Tocsin.Server.Features.ContactRefreshes.Sending;

/// <summary>Writes down whom to tell that a link changed how somebody is reached: the owner, wherever they were reached before. Decision 0158.</summary>
internal sealed class ContactChangeNotices(AlertChannels channels)
{
    // A carrier that is away for a night is back by then.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Pulses when there is somebody to tell.</summary>
    public WakeUp Written { get; } = new();

    /// <summary>In the transaction of the change: a change that counts has its notices.</summary>
    /// <param name="before">How the person was reached before the change.</param>
    /// <param name="point">What was added or removed.</param>
    /// <param name="replaced">What it took the place of.</param>
    /// <returns>How many messages leave.</returns>
    public async Task<int> WriteAsync(
        CommandTransaction transaction, Person owner, IEnumerable<StoredContactPoint> before, ContactChange change, StoredContactPoint point, StoredContactPoint? replaced, CancellationToken cancellationToken)
    {
        var language = owner.Language ?? await DefaultLanguage.ReadAsync(transaction.Db, cancellationToken);
        var written = 0;
        foreach (var told in before)
        {
            if (!told.Enabled || ChannelOf(told.Kind) is not { } channel || channels[channel].Health.State == ChannelHealthState.NotConfigured) continue;
            transaction.Db.Add(new ContactChangeNotice
            {
                PersonId = owner.Id,
                Change = change,
                ChangedAt = transaction.Now,
                MaskedAddress = MaskedAddress.Of(point.Kind, point.Address),
                ReplacedAddress = replaced is null ? null : MaskedAddress.Of(replaced.Kind, replaced.Address),
                Channel = channel,
                Address = channel == ChannelKind.WebPush ? told.ChannelData ?? "" : told.Address,
                Language = language,
                DueAt = transaction.Now,
                ExpiresAt = transaction.Now + Lifetime,
            });
            written++;
        }

        if (written > 0) transaction.AfterCommit(Written.Pulse);
        return written;
    }

    private static ChannelKind? ChannelOf(ContactPointKind kind) => kind switch
    {
        ContactPointKind.Mobile => ChannelKind.Sms,
        ContactPointKind.Email => ChannelKind.Email,
        ContactPointKind.App => ChannelKind.WebPush,
        _ => null,
    };
}
