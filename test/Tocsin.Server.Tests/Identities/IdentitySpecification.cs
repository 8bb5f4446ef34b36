using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Tocsin.Alerting;
using Tocsin.Server.Tests.People;
using Tocsin.Storage;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Identities;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Identities;

/// <summary>The directory log and sealed backups over HTTP, on both databases: the statements are those of the web client (docs/protocol/identities.md).</summary>
public abstract class IdentitySpecification : IAsyncLifetime
{
    private const string Log = "/api/v1/directory-log";
    private const string Backups = "/api/v1/me/identity-backups";

    private static readonly IdentityVectors Vectors = IdentityVectors.Read();

    private ServerUnderTest server = null!;
    private HttpClient owner = null!;

    private static string[] First => [.. Vectors.Entries.Take(2).Select(Base64)];

    private static string[] Revocation => [Base64(Vectors.Entries[2])];

    protected ManualTimeProvider Clock { get; } = new();

    public async ValueTask InitializeAsync()
    {
        server = await StartAsync();
        owner = await server.SignInAsync(await server.CreateAccountAsync(Roles.Staff, person: await AddOwnerAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ServerUnderTest> StartAsync();

    [Fact]
    public async Task What_is_published_is_numbered_chained_and_read_by_everybody_from_any_number()
    {
        await PublishAsync(First);
        var head = await PublishAsync(Revocation);
        Assert.Equal((3, Vectors.Hashes[2]), HeadOf(head.Body!));
        var other = await server.AsAsync(Roles.Auditor);
        Assert.Equal(Vectors.Entries, await ReadAsync(other, 0));
        Assert.Equal(Vectors.Entries.Skip(2), await ReadAsync(other, 2));
        Assert.Empty(await ReadAsync(other, 3));
        Assert.Equal((3, Vectors.Hashes[2]), HeadOf((await other.GetOkAsync($"{Log}/head")).Body!));
    }

    [Fact]
    public async Task An_empty_log_has_a_head_of_zeros() =>
        Assert.Equal((0, new string('0', 64)), HeadOf((await owner.GetOkAsync($"{Log}/head")).Body!));

    [Fact]
    public async Task The_same_statements_again_are_answered_and_not_written_again()
    {
        await PublishAsync(First);
        Assert.Equal((2, Vectors.Hashes[1]), HeadOf((await PublishAsync(First)).Body!));
        await PublishAsync(Revocation);
        Assert.Equal((3, Vectors.Hashes[2]), HeadOf((await PublishAsync(Revocation)).Body!));
    }

    [Fact]
    public async Task Of_several_statements_all_are_written_or_none()
    {
        (await owner.AskAsync(HttpMethod.Post, Log, new { entries = new[] { First[0], Base64(Vectors.Later.Certificate) } })).MustBeRefused(409, "other-identity");
        Assert.Equal((0, new string('0', 64)), HeadOf((await owner.GetOkAsync($"{Log}/head")).Body!));
    }

    [Fact]
    public async Task Nobody_publishes_for_somebody_else()
    {
        var stranger = await server.AsAsync(Roles.Administrator);
        (await stranger.AskAsync(HttpMethod.Post, Log, new { entries = First })).MustBeRefused(403, "not-own-identity");
    }

    [Fact]
    public async Task What_does_not_fit_the_log_is_refused_with_the_code_of_the_protocol()
    {
        await MustRefuseAsync(409, "unknown-account", First[1]);
        await PublishAsync(First);
        await MustRefuseAsync(409, "identity-exists", Base64(Vectors.Later.Identity));
        await MustRefuseAsync(409, "other-identity", Base64(Vectors.Later.Certificate));
        await PublishAsync(Revocation);
        var wronglySigned = Convert.FromHexString(Vectors.Entries[1]);
        wronglySigned[^1] ^= 1;
        await MustRefuseAsync(400, "bad-signature", Convert.ToBase64String(wronglySigned));
        await MustRefuseAsync(400, "malformed-entry", Convert.ToBase64String([1, 2, 3]));
        await MustRefuseAsync(400, "malformed-identity", Convert.ToBase64String([1, 1, 0, 0]));
        await MustRefuseAsync(400, "malformed-certificate", Convert.ToBase64String([1, 2, 0, 0]));
        await MustRefuseAsync(400, "invalid-input");
        await MustRefuseAsync(400, "invalid-input", [.. Enumerable.Repeat(First[0], 9)]);
    }

    [Fact]
    public async Task A_reset_takes_devices_and_backups_away_and_old_numbers_stay_used()
    {
        await PublishAsync(First);
        (await owner.AskAsync(HttpMethod.Put, $"{Backups}/recovery-code", new { @sealed = Base64(Vectors.Backup) })).MustBe(204);
        (await owner.AskAsync(HttpMethod.Post, $"{Log}/reset", new { entries = new[] { Base64(Vectors.Later.Identity), Base64(Vectors.Later.Certificate) } })).MustBe(200);
        Assert.Empty((await owner.GetOkAsync(Backups)).Items);
        await MustRefuseAsync(409, "device-exists", Base64(Vectors.Later.OldDevice));
        await MustRefuseAsync(409, "other-identity", Revocation[0]);
        await MustRefuseAsync(409, "identity-exists", First[0]);
        Assert.Equal(4, (await ReadAsync(owner, 0)).Count);
    }

    [Fact]
    public async Task A_reset_asks_for_a_sign_in_that_is_fresh()
    {
        await PublishAsync(First);
        Clock.Sleep(TimeSpan.FromMinutes(11));
        (await owner.AskAsync(HttpMethod.Post, $"{Log}/reset", new { entries = new[] { Base64(Vectors.Later.Identity) } })).MustBeRefused(403, "sign-in-too-old");
    }

    [Fact]
    public async Task A_log_is_not_filled_by_one_person_in_a_day()
    {
        await PublishAsync(First);
        JsonAnswer? answer = null;
        for (var round = 0; round < 40 && answer is not { Status: 429 }; round++)
            answer = await owner.AskAsync(HttpMethod.Post, $"{Log}/reset", new { entries = new[] { round % 2 == 0 ? Base64(Vectors.Later.Identity) : First[0] } });
        answer!.MustBeRefused(429, "too-many-statements");
        Assert.Equal(40, (await ReadAsync(owner, 0)).Count);
    }

    [Fact]
    public async Task Everybody_is_told_that_the_log_has_grown_and_the_audit_says_who_did_it()
    {
        await PublishAsync(First);
        await PublishAsync(Revocation);
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var events = await db.Set<EventRecord>().Where(e => e.Kind == "directory-log.grown").OrderBy(e => e.Seq).ToListAsync(TestContext.Current.CancellationToken);
        Assert.All(events, e => Assert.Equal(Roles.All, e.VisibleTo));
        Assert.Equal([1, 2, 3], events.Select(e => (int)JsonNode.Parse(e.Data)!["number"]!));
        var audits = await db.Set<AuditRecord>().Where(a => a.Subject == $"person:{Owner}").OrderBy(a => a.Seq).Select(a => a.Action).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["identity.published", "device.certified", "device.revoked"], audits.Where(action => action.StartsWith("identity", StringComparison.Ordinal) || action.StartsWith("device", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_backup_is_kept_by_kind_replaced_listed_without_its_content_and_given_to_its_owner()
    {
        var sealedBytes = Convert.FromHexString(Vectors.Backup);
        (await owner.AskAsync(HttpMethod.Put, $"{Backups}/recovery-code", new { @sealed = Convert.ToBase64String(sealedBytes) })).MustBe(204);
        sealedBytes[^1] ^= 1;
        (await owner.AskAsync(HttpMethod.Put, $"{Backups}/recovery-code", new { @sealed = Convert.ToBase64String(sealedBytes) })).MustBe(204);
        var listed = Assert.Single((await owner.GetOkAsync(Backups)).Items)!;
        Assert.Equal("recovery-code", (string?)listed["kind"]);
        Assert.Null(listed["sealed"]);
        Assert.Equal(Convert.ToBase64String(sealedBytes), (string?)(await owner.GetOkAsync($"{Backups}/recovery-code"))["sealed"]);
        var other = await server.AsAsync(Roles.Administrator);
        Assert.Empty((await other.GetOkAsync(Backups)).Items);
        (await other.AskAsync(HttpMethod.Get, $"{Backups}/recovery-code")).MustBeRefused(404, "not-found");
        (await owner.AskAsync(HttpMethod.Delete, $"{Backups}/recovery-code")).MustBe(204);
        (await owner.AskAsync(HttpMethod.Delete, $"{Backups}/recovery-code")).MustBe(204);
        (await owner.AskAsync(HttpMethod.Get, $"{Backups}/recovery-code")).MustBeRefused(404, "not-found");
    }

    [Fact]
    public async Task What_is_not_ones_own_backup_of_that_kind_is_refused()
    {
        (await owner.AskAsync(HttpMethod.Put, $"{Backups}/passkey", new { @sealed = Base64(Vectors.Backup) })).MustBeRefused(400, "malformed-backup");
        (await owner.AskAsync(HttpMethod.Put, $"{Backups}/recovery-code", new { @sealed = "AAAA" })).MustBeRefused(400, "malformed-backup");
        (await owner.AskAsync(HttpMethod.Put, $"{Backups}/else", new { @sealed = Base64(Vectors.Backup) })).MustBeRefused(404, "not-found");
        var other = await server.AsAsync(Roles.Staff);
        (await other.AskAsync(HttpMethod.Put, $"{Backups}/recovery-code", new { @sealed = Base64(Vectors.Backup) })).MustBeRefused(400, "malformed-backup");
    }

    [Fact]
    public async Task A_name_is_kept_for_ones_own_certified_device_and_goes_with_it()
    {
        const string names = "/api/v1/me/device-names";
        await PublishAsync(First);
        var device = await DeviceAsync();
        var first = Convert.ToBase64String([.. Enumerable.Repeat((byte)1, 113)]);
        (await owner.AskAsync(HttpMethod.Put, $"{names}/{device}", new { @sealed = first })).MustBe(204);
        var second = Convert.ToBase64String([.. Enumerable.Repeat((byte)2, 113)]);
        (await owner.AskAsync(HttpMethod.Put, $"{names}/{device}", new { @sealed = second })).MustBe(204);
        var listed = Assert.Single((await owner.GetOkAsync(names)).Items)!;
        Assert.Equal((device, second), ((Guid)listed["device"]!, (string?)listed["sealed"]));

        var other = await server.AsAsync(Roles.Administrator);
        Assert.Empty((await other.GetOkAsync(names)).Items);
        (await other.AskAsync(HttpMethod.Put, $"{names}/{device}", new { @sealed = first })).MustBeRefused(404, "not-found");
        (await owner.AskAsync(HttpMethod.Put, $"{names}/{Guid.NewGuid()}", new { @sealed = first })).MustBeRefused(404, "not-found");
        foreach (var wrong in (string[])["AAAA", Convert.ToBase64String(new byte[114])])
            (await owner.AskAsync(HttpMethod.Put, $"{names}/{device}", new { @sealed = wrong })).MustBeRefused(400, "malformed-device-name");

        await PublishAsync(Revocation);
        Assert.Empty((await owner.GetOkAsync(names)).Items);
        (await owner.AskAsync(HttpMethod.Put, $"{names}/{device}", new { @sealed = first })).MustBeRefused(404, "not-found");
    }

    [Fact]
    public async Task A_reset_takes_the_names_away()
    {
        const string names = "/api/v1/me/device-names";
        await PublishAsync(First);
        (await owner.AskAsync(HttpMethod.Put, $"{names}/{await DeviceAsync()}", new { @sealed = Convert.ToBase64String(new byte[113]) })).MustBe(204);
        (await owner.AskAsync(HttpMethod.Post, $"{Log}/reset", new { entries = new[] { Base64(Vectors.Later.Identity), Base64(Vectors.Later.Certificate) } })).MustBe(200);
        Assert.Empty((await owner.GetOkAsync(names)).Items);
    }

    private async Task<Guid> DeviceAsync()
    {
        await using var db = await server.Services.GetRequiredService<IDbContextFactory<TocsinDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        return (await db.Set<DirectoryLogEntry>().Where(e => e.Device != null).Select(e => e.Device).FirstAsync(TestContext.Current.CancellationToken))!.Value;
    }

    private static Guid Owner => new(Convert.FromHexString(Vectors.Account), bigEndian: true);

    private static string Base64(string hex) => Convert.ToBase64String(Convert.FromHexString(hex));

    private static (int Number, string Hash) HeadOf(JsonNode head) => ((int)head["number"]!, Convert.ToHexStringLower(Convert.FromBase64String((string)head["hash"]!)));

    private static async Task<IReadOnlyList<string>> ReadAsync(HttpClient client, int after) =>
        [.. (await client.GetOkAsync($"{Log}?after={after}"))["entries"].AsArray().Select(entry => Convert.ToHexStringLower(Convert.FromBase64String((string)entry!["entry"]!)))];

    private async Task<JsonAnswer> PublishAsync(params string[] entries) => (await owner.AskAsync(HttpMethod.Post, Log, new { entries })).MustBe(200);

    private async Task MustRefuseAsync(int status, string code, params string[] entries) =>
        (await owner.AskAsync(HttpMethod.Post, Log, new { entries })).MustBeRefused(status, code);

    /// <summary>The person whose statements the vectors hold.</summary>
    private Task<PersonId> AddOwnerAsync() =>
        server.Store.CommitAsync(
            (transaction, _) =>
            {
                var person = new Person { Id = new PersonId(Owner), FamilyName = "Vecteur", DisplayName = "Vecteur", SortKey = "vecteur", SearchText = " vecteur", CreatedAt = transaction.Now };
                transaction.Db.Add(person);
                return Task.FromResult(person.Id);
            },
            TestContext.Current.CancellationToken);
}

public sealed class Identities_on_Sqlite : IdentitySpecification
{
    protected override Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(time: Clock);
}

public sealed class Identities_on_PostgreSql : IdentitySpecification
{
    protected override async Task<ServerUnderTest> StartAsync() => await ServerUnderTest.StartAsync(await ServerUnderTest.NewPostgresDatabaseAsync(), Clock);
}
