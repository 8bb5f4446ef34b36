using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Deliveries;
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

    private Task AddAccountAsync(int person) => Node.Store.CommitAsync(
        (transaction, _) =>
        {
            transaction.Db.Add(new Account { Id = Guid.CreateVersion7(), UserName = "camille", NormalizedUserName = "CAMILLE", PersonId = People[person].Id, CreatedAt = transaction.Now });
            return Task.CompletedTask;
        },
        Cancellation);
}
