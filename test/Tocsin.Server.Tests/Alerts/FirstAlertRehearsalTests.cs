using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tocsin.Alerting.Channels;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Readiness;
using Tocsin.Server.Features.AlertsApi.Board;
using Tocsin.Server.Hosting;
using Tocsin.Server.Tests.AlertsApi;
using Tocsin.Storage;
using Tocsin.Storage.Alerts;
using Tocsin.Storage.Events;
using Tocsin.Storage.Meetings;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Alerts;

/// <summary>The alert to nobody after a start: what it leaves behind, and that it steps back for a real one.</summary>
public sealed class FirstAlertRehearsalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_goes_through_and_leaves_nothing_and_tells_nobody()
    {
        using var log = new RecordedLog();
        await using var world = await AlertedServer.StartAsync();
        var services = world.Server.Services;
        var events = services.GetRequiredService<EventLog>();
        var head = await events.HeadAsync(Cancellation);
        using var rehearsal = Rehearsal(services, services.GetRequiredService<ServerAddress>(), log);
        var running = rehearsal.RunAsync(Cancellation);
        Assert.True(rehearsal.IsUnderWay);
        await running;

        Assert.False(rehearsal.IsUnderWay);
        Assert.Empty(log.Containing("rehearsal of the first alert"));
        Assert.False(Directory.Exists(Path.Combine(world.Server.DataDirectory, "rehearsal")));
        Assert.Empty(OpenFilesBelow(Path.Combine(world.Server.DataDirectory, "rehearsal")));
        Assert.Empty(world.Sms.Sent.Concat(world.Email.Sent));
        Assert.Equal(head, await events.HeadAsync(Cancellation));
        await using var db = await services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);
        Assert.False(await db.Set<Alert>().AnyAsync(Cancellation));
        Assert.False(await db.Set<AuditRecord>().AnyAsync(record => record.Action.StartsWith("alert."), Cancellation));
    }

    [Fact]
    public async Task What_a_killed_start_left_of_it_is_gone_after_the_next()
    {
        using var log = new RecordedLog();
        await using var server = await ServerUnderTest.StartAsync();
        var left = Directory.CreateDirectory(Path.Combine(server.DataDirectory, "rehearsal"));
        await File.WriteAllTextAsync(Path.Combine(left.FullName, "rehearsal.db"), "cut off", Cancellation);
        using var rehearsal = Rehearsal(server.Services, server.Services.GetRequiredService<ServerAddress>(), log);
        await rehearsal.RunAsync(Cancellation);
        Assert.False(left.Exists && Directory.Exists(left.FullName));
        Assert.Empty(log.Containing("rehearsal of the first alert"));
    }

    /// <summary>Regression: between the preparation of the server and its rehearsal it said for a moment that it was ready.</summary>
    [Fact]
    public async Task From_its_announcement_until_its_end_the_server_is_not_ready()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var ready = new Uri("/health/ready", UriKind.Relative);
        var rehearsal = server.Services.GetRequiredService<FirstAlertRehearsal>();
        rehearsal.Announce();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Anonymous.GetAsync(ready, Cancellation)).StatusCode);
        await rehearsal.RunAsync(Cancellation);
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous.GetAsync(ready, Cancellation)).StatusCode);
    }

    /// <summary>Regression: connections that waited to be used again kept the database open after it was deleted.</summary>
    private static List<string> OpenFilesBelow(string directory) =>
        [.. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget ?? "").Where(target => target.StartsWith(directory, StringComparison.Ordinal))];

    /// <summary>The rehearsal is held where it knocks: at a door that opens and never answers.</summary>
    [Fact]
    public async Task A_real_alert_ends_it_and_is_told_at_once()
    {
        using var door = new TcpListener(IPAddress.Loopback, 0);
        door.Start();
        var closed = ServerAddress.Configured(new TocsinOptions { Port = ((IPEndPoint)door.LocalEndpoint).Port });
        using var log = new RecordedLog();
        await using var world = await AlertedServer.StartAsync(services => services.Replace(ServiceDescriptor.Singleton(provider => Rehearsal(provider, closed, log))));
        var rehearsal = world.Server.Services.GetRequiredService<FirstAlertRehearsal>();
        var running = rehearsal.RunAsync(Cancellation);
        using var knocking = await door.AcceptTcpClientAsync(Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await world.Server.Anonymous.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation)).StatusCode);

        // A stranger, as the rehearsal itself is one, does not end it; nor does reading.
        await world.Server.Anonymous.PostAsync(new Uri("/api/v1/alerts", UriKind.Relative), null, Cancellation);
        await (await world.DirectorAsync()).GetAsync(new Uri("/api/v1/alerts", UriKind.Relative), Cancellation);
        Assert.True(rehearsal.IsUnderWay);

        await world.RaiseAsync();
        Assert.Equal(world.People.Count, world.Sms.Sent.Count);
        await Eventually.CompletesAsync(running);
        Assert.False(rehearsal.IsUnderWay);
        Assert.Empty(log.Containing("rehearsal of the first alert"));
        Assert.Equal(HttpStatusCode.OK, (await world.Server.Anonymous.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task One_that_fails_says_so_and_the_server_is_ready_all_the_same()
    {
        using var log = new RecordedLog();
        await using var server = await ServerUnderTest.StartAsync();

        // Nobody listens there.
        var nowhere = ServerAddress.Configured(new TocsinOptions { Port = LoopbackPort.Free() });
        using var rehearsal = Rehearsal(server.Services, nowhere, log);
        await rehearsal.RunAsync(Cancellation);
        Assert.False(rehearsal.IsUnderWay);
        Assert.Single(log.Containing("rehearsal of the first alert"));
    }

    /// <summary>After a restart, those who were in a call have the processor first. Its first act is to knock.</summary>
    [Fact]
    public async Task Where_a_meeting_is_open_it_begins_once_those_of_its_call_had_time_to_come_back()
    {
        using var door = new TcpListener(IPAddress.Loopback, 0);
        door.Start();
        var address = ServerAddress.Configured(new TocsinOptions { Port = ((IPEndPoint)door.LocalEndpoint).Port });
        var clock = new ManualTimeProvider();
        using var log = new RecordedLog();
        await using var world = await AlertedServer.StartAsync();
        var services = world.Server.Services;
        await using (var db = await services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation))
        {
            db.Add(new Meeting { Id = new MeetingId(Guid.CreateVersion7()), Title = "Cellule de crise", OpenedByPerson = world.People[0].Id, OpenedByName = "Camille Martin", OpenedAt = clock.GetUtcNow() });
            await db.SaveChangesAsync(Cancellation);
        }

        using var rehearsal = Rehearsal(services, address, log, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = rehearsal.RunAsync(stop.Token);
        await Eventually.HoldsAsync(() => clock.ArmedTimers == 1);
        Assert.False(door.Pending());
        Assert.True(rehearsal.IsUnderWay);

        clock.Advance(FirstAlertRehearsal.CallsFirst);
        using var knocking = await door.AcceptTcpClientAsync(Cancellation);
        await stop.CancelAsync();
        await Eventually.CompletesAsync(running);
    }

    private static FirstAlertRehearsal Rehearsal(IServiceProvider services, ServerAddress address, ILoggerFactory log, TimeProvider? time = null) => new(
        services.GetRequiredService<TocsinOptions>(),
        address,
        services.GetRequiredService<IDbContextFactory<TocsinDbContext>>(),
        services.GetRequiredService<AlertReading>(),
        services.GetRequiredService<AlertCatalog>(),
        services.GetRequiredService<IOptions<JsonOptions>>(),
        time ?? TimeProvider.System,
        log.CreateLogger<FirstAlertRehearsal>());
}
