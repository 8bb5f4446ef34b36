using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
using Tocsin.Server.Features.Alerts.InApp;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Tests.Alerts;

public sealed class InAppTests() : AlertingSpecification(DatabaseKind.Sqlite)
{
    [Fact]
    public async Task People_with_an_account_are_told_by_an_event_that_only_they_see()
    {
        await AddPeopleAsync(2);
        await AddAccountAsync(0);
        var alert = await RaiseAsync(Draft(ChannelKind.InApp));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.InApp, DeliveryState.Accepted) == 1 && CountOf(t, Standing.Failed) == 1);
        var arrived = Assert.Single(await Node.ReadAsync(db => db.Set<EventRecord>().Where(e => e.Kind == "alert.arrived").ToListAsync(Cancellation)));
        Assert.Equal((Roles.None, People[0].Id.Value), (arrived.VisibleTo, arrived.VisibleToPerson!.Value));
    }

    [Fact]
    public async Task What_was_shown_counts_as_read_and_nobody_can_say_so_for_another()
    {
        await AddPeopleAsync(2);
        await AddAccountAsync(0);
        var alert = await RaiseAsync(Draft(ChannelKind.InApp));
        await UntilAsync(alert, t => CountOf(t, ChannelKind.InApp, DeliveryState.Accepted) == 1);
        var own = Node.Get<OwnAlerts>();
        var delivery = new DeliveryId(Assert.Single(await DeliveriesAsync(alert, 0)).Id);
        Assert.False(await own.MarkSeenAsync(People[1].Id, delivery, hasRead: true, Cancellation));
        Assert.True(await own.MarkSeenAsync(People[0].Id, delivery, hasRead: false, Cancellation));
        Assert.Equal(Standing.Delivered, (await RecipientAsync(alert, 0)).Standing);
        Assert.True(await own.MarkSeenAsync(People[0].Id, delivery, hasRead: true, Cancellation));
        Assert.Equal(Standing.Read, (await RecipientAsync(alert, 0)).Standing);
        var mine = Assert.Single(await own.ListAsync(People[0].Id, null, 10, Cancellation));
        Assert.Equal((alert, "Incendie"), (mine.Alert.Id, mine.Text.Title));
    }

    private Task AddAccountAsync(int person) => Node.Store.CommitAsync(
        (transaction, _) =>
        {
            transaction.Db.Add(new Account { Id = Guid.CreateVersion7(), UserName = "camille", NormalizedUserName = "CAMILLE", PersonId = People[person].Id, CreatedAt = transaction.Now });
            return Task.CompletedTask;
        },
        Cancellation);
}
