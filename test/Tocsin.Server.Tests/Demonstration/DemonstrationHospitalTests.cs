using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Features.Demonstration;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Demonstration;

public sealed partial class DemonstrationHospitalTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void It_has_300_people_on_4_sites_whose_numbers_and_mailboxes_nobody_can_have()
    {
        var load = DemonstrationHospital.Create(new Random(TestSeed.Next()), Now).Load;
        Assert.Equal((300, 4, 4), (load.People.Count, load.Sites.Count, load.Rotas.Count));
        Assert.All(load.ContactPoints.Where(p => p.Kind == ContactPointKind.Mobile), p => Assert.Matches(FictionalMobile(), p.Address));
        Assert.All(load.ContactPoints.Where(p => p.Kind == ContactPointKind.Email), p => Assert.EndsWith(".example", p.Address, StringComparison.Ordinal));
        Assert.Equal(load.ContactPoints.Count, load.ContactPoints.DistinctBy(p => p.Address).Count());
    }

    [Fact]
    public async Task A_start_fills_an_empty_installation_once_and_prints_a_way_in_each_time()
    {
        await using var server = await ServerUnderTest.StartAsync(configure: options => options.Demo = true);
        var start = server.Services.GetRequiredService<DemonstrationStart>();
        var first = await start.PrepareAsync(Cancellation);
        var second = await start.PrepareAsync(Cancellation);
        Assert.Equal(DemonstrationPerson.All.Count, first!.Count);
        Assert.Empty(first.Select(way => way.Code).Intersect(second!.Select(way => way.Code), StringComparer.Ordinal));
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.Equal(300, await db.Set<Person>().CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_real_installation_is_left_as_it_is()
    {
        await using var server = await ServerUnderTest.StartAsync(configure: options => options.Demo = true);
        var person = new Person { Id = new(Guid.CreateVersion7()), GivenName = "Vraie", FamilyName = "Personne", DisplayName = "Vraie Personne" };
        await server.Store.CommitAsync((transaction, token) => DirectoryBulkLoader.LoadAsync(transaction.Db, new DirectoryLoad { People = [person] }, token), Cancellation);
        Assert.Null(await server.Services.GetRequiredService<DemonstrationStart>().PrepareAsync(Cancellation));
    }

    // ARCEP keeps 06 39 98 00 00 to 06 39 98 99 99 for fiction.
    [GeneratedRegex(@"^\+3363998\d{4}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FictionalMobile();
}
