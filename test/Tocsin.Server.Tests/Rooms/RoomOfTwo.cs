using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Plans;
using Tocsin.Rooms;
using Tocsin.Rooms.Tests;
using Tocsin.Server.Features.Alerts;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Rooms;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Rooms;

/// <summary>A room of two with devices that are pushed to, on a clock of its own.</summary>
public abstract class RoomOfTwo(bool onPostgres) : IAsyncLifetime
{
    private protected readonly byte[] eraKey = new byte[32];
    private protected readonly ManualTimeProvider time = new();
    private protected ScriptedNotifier notifier = null!;
    private protected TimeSpan step = TimeSpan.FromSeconds(1);
    private protected ServerUnderTest server = null!;
    private string? database;
    private protected RoomAuthor author = null!;
    private protected HttpClient creator = null!;
    private protected HttpClient member = null!;
    private protected PersonId creatorId;
    private protected PersonId memberId;
    private protected byte[] room = [];
    private protected RoomChain chain;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected Guid RoomId => new(room, bigEndian: true);

    public async ValueTask InitializeAsync()
    {
        database = onPostgres ? await ServerUnderTest.NewPostgresDatabaseAsync() : null;
        notifier = new ScriptedNotifier(time);
        server = await StartAsync(notifier);
        (creator, creatorId) = await PersonAsync();
        (member, memberId) = await PersonAsync();
        author = new RoomAuthor(creatorId.Value);
    }

    public async ValueTask DisposeAsync()
    {
        author.Dispose();
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<ServerUnderTest> StartAsync(ScriptedNotifier push) => ServerUnderTest.StartAsync(database, time, services => services.AddAlertChannel(_ => push));

    private protected List<(RoomNotification Notification, DateTimeOffset At)> To(string device) => [.. notifier.Told.Where(one => one.Notification.Address == device)];

    private protected Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>The clock goes on while nobody is at work: what is under way takes no time, as it would seem to on a machine that is slow.</summary>
    private protected Task UntilAsync(Func<Task<bool>> condition)
    {
        var looks = 0;
        return Eventually.HoldsAsync(async () =>
        {
            if (await condition()) return true;

            // A sender that began to wait just as the clock went on waits a little longer: after some looks the clock goes on all the same.
            if (!await IsAnythingUnderWayAsync() || ++looks % 50 == 0) time.Advance(step);
            return false;
        });
    }

    /// <summary>Until nothing waits, and a good while more.</summary>
    private protected async Task SettleAsync()
    {
        await UntilAsync(async () => !await IsAnythingWaitingAsync());
        for (var passed = 0; passed < 60; passed++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        await UntilAsync(async () => !await IsAnythingWaitingAsync());
    }

    private protected async Task<bool> IsAnythingWaitingAsync()
    {
        await using var db = await OpenAsync();
        return await db.Set<RoomNews>().AnyAsync(Cancellation) || await db.Set<RoomPush>().AnyAsync(push => push.DueAt != null, Cancellation) || await db.Set<RoomReminderPush>().AnyAsync(Cancellation);
    }

    private protected async Task<bool> IsAnythingUnderWayAsync()
    {
        var now = time.GetUtcNow();
        var leased = now + TimeSpan.FromMinutes(1);
        await using var db = await OpenAsync();
        return await db.Set<RoomNews>().AnyAsync(Cancellation)
            || await db.Set<RoomPush>().AnyAsync(push => push.DueAt <= now || (push.Attempt > 0 && push.DueAt == leased), Cancellation)
            || await db.Set<RoomReminder>().AnyAsync(reminder => reminder.DueAt <= now, Cancellation)
            || await db.Set<RoomReminderPush>().AnyAsync(push => push.DueAt <= now || (push.Attempt > 0 && push.DueAt == leased), Cancellation);
    }

    /// <summary>The one row that there is, once the news stand in it.</summary>
    private protected async Task<RoomPush> SpreadAsync()
    {
        await Eventually.HoldsAsync(async () =>
        {
            await using var db = await OpenAsync();
            return !await db.Set<RoomNews>().AnyAsync(Cancellation);
        });
        await using var db = await OpenAsync();
        return await db.Set<RoomPush>().SingleAsync(Cancellation);
    }

    private protected Task<TocsinDbContext> OpenAsync() => server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(Cancellation);

    private protected async Task<(HttpClient Client, PersonId Id)> PersonAsync()
    {
        var account = await server.CreateAccountAsync(Roles.Staff);
        return (await server.SignInAsync(account), account.Account.PersonId);
    }

    private protected Task AddDeviceAsync(PersonId person, string address) => server.Store.CommitAsync(
        (transaction, _) =>
        {
            transaction.Db.Add(new StoredContactPoint
            {
                Id = new ContactPointId(Guid.CreateVersion7()),
                PersonId = person,
                Kind = ContactPointKind.App,
                Address = address,
                ChannelData = address,
                CreatedAt = transaction.Now,
                ChangedAt = transaction.Now,
            });
            return Task.CompletedTask;
        },
        Cancellation);

    /// <summary>A room of the two. That the other was added they have read, unless the test is about that.</summary>
    private protected async Task BeginAsync(bool isToldOfAdmission = false)
    {
        (room, var creation) = author.Create([(memberId.Value, new byte[32])], eraKey);
        chain = RoomChain.Begin(room);
        await AppendAsync(creation, null, HttpStatusCode.OK);
        if (isToldOfAdmission) await UntilAsync(() => notifier.Told.Count == 1);
        else await ReadAsync(1);
        await UntilAsync(async () => !await IsAnythingWaitingAsync());
    }

    private protected Task WriteAsync(string? notify, HttpStatusCode expected = HttpStatusCode.OK, JsonObject? reminder = null) =>
        AppendAsync(author.Write(room, chain, eraKey, new byte[64]), notify, expected, reminder);

    private protected async Task AppendAsync(byte[] entry, string? notify, HttpStatusCode expected, JsonObject? reminder = null)
    {
        var body = new JsonObject { ["entry"] = Convert.ToBase64String(entry) };
        if (notify is not null) body["notify"] = notify;
        if (reminder is not null) body["reminder"] = reminder;
        await creator.PostJsonAsync($"/api/v1/rooms/{RoomId}/entries", body, expected);
        if (expected == HttpStatusCode.OK) chain = chain.Append(entry);
    }

    private protected Task ReadAsync(long seq) => member.SendJsonAsync(HttpMethod.Put, $"/api/v1/rooms/{RoomId}/read-marker", new JsonObject { ["seq"] = seq }, HttpStatusCode.NoContent);

    private protected Task<JsonNode> ChooseAsync(HttpClient client, bool isMuted, HttpStatusCode expected) =>
        client.SendJsonAsync(HttpMethod.Put, $"/api/v1/rooms/{RoomId}/push", new JsonObject { ["endpoint"] = "https://push.example/phone", ["isMuted"] = isMuted }, expected);
}
