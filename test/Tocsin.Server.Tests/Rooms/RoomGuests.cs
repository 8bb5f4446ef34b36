using System.Security.Cryptography;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Storage.Rooms;

namespace Tocsin.Server.Tests.Rooms;

/// <summary>Guests of rooms as browsers with their cookie.</summary>
internal static class RoomGuests
{
    /// <summary>Somebody who asks to be let into a room of nobody else.</summary>
    public static async Task<HttpClient> WithCookieAsync(ServerUnderTest server)
    {
        var secret = BearerSecret.Create();
        var room = new RoomId(Guid.NewGuid());
        await server.Store.CommitAsync(
            (transaction, _) =>
            {
                var link = new RoomGuestLink { Id = Guid.NewGuid(), RoomId = room, CreatedAt = transaction.Now, ExpiresAt = transaction.Now.AddDays(1), GuestsLeft = 1 };
                transaction.Db.Add(new Room { Id = room, HeadHash = new byte[32], CreatedAt = transaction.Now, LastEntryAt = transaction.Now });
                transaction.Db.Add(link);
                transaction.Db.Add(new RoomGuest
                {
                    RoomId = room,
                    Account = new PersonId(Guid.NewGuid()),
                    LinkId = link.Id,
                    Request = RandomNumberGenerator.GetBytes(8),
                    TokenHash = BearerSecret.HashOf(secret),
                    RequestedAt = transaction.Now,
                    ExpiresAt = link.ExpiresAt,
                });
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return WithCookie(server, secret);
    }

    public static HttpClient WithCookie(ServerUnderTest server, string secret)
    {
        var client = server.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", $"tocsin-guest={secret}");
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return client;
    }
}
