using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Storage.Bulletins;
using Tocsin.Storage.ContactRefreshes;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Meetings;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage;

/// <summary>The model of everything that is kept. Each feature brings its tables as <see cref="IEntityTypeConfiguration{TEntity}"/> classes in this assembly.</summary>
/// <remarks>Migrations are the numbered SQL files; a test compares what they make with this model.</remarks>
public sealed class TocsinDbContext(DbContextOptions<TocsinDbContext> options) : IdentityUserContext<Account, Guid>(options)
{
    // EF Core looks its provider up in a container each time that it is asked: too slow to ask for each row.
    private DatabaseKind? kind;

    public DatabaseKind Kind => kind ??= Database.IsSqlite() ? DatabaseKind.Sqlite : DatabaseKind.PostgreSql;

    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        var database = Kind;
        configurationBuilder.AddPlainTypes(database);
        configurationBuilder.AddUuid<AccountId>(database);
        configurationBuilder.AddUuid<SessionId>(database);
        configurationBuilder.AddUuid<ApiTokenId>(database);
        configurationBuilder.AddUuid<SetupLinkId>(database);
        configurationBuilder.AddUuid<EmergencyCardId>(database);
        configurationBuilder.AddUuid<PersonId>(database);
        configurationBuilder.AddUuid<GroupId>(database);
        configurationBuilder.AddUuid<SiteId>(database);
        configurationBuilder.AddUuid<FunctionId>(database);
        configurationBuilder.AddUuid<RotaId>(database);
        configurationBuilder.AddUuid<ContactPointId>(database);
        configurationBuilder.AddUuid<ListId>(database);
        configurationBuilder.AddUuid<PeopleImportId>(database);
        configurationBuilder.AddUuid<ScenarioId>(database);
        configurationBuilder.AddUuid<AlertId>(database);
        configurationBuilder.AddUuid<MeetingId>(database);
        configurationBuilder.AddUuid<GuestLinkId>(database);
        configurationBuilder.AddUuid<RoomId>(database);
        configurationBuilder.AddUuid<BulletinId>(database);
        configurationBuilder.AddUuid<BulletinQuestionId>(database);
        configurationBuilder.AddUuid<ContactRefreshId>(database);
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        base.OnModelCreating(builder);
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("account_tokens");
        builder.Entity<IdentityUserPasskey<Guid>>(passkeys =>
        {
            // The credential id of a WebAuthn authenticator is at most 1,023 bytes (WebAuthn Level 3, section 4).
            passkeys.ToTable("account_passkeys").HasKey(p => p.CredentialId);
            passkeys.Property(p => p.CredentialId).HasMaxLength(1024);
            passkeys.OwnsOne(p => p.Data, data => data.ToJson("data"));
            passkeys.HasIndex(p => p.UserId);
            passkeys.HasOne<Account>().WithMany().HasForeignKey(p => p.UserId).IsRequired();
        });
        builder.ApplyConfigurationsFromAssembly(typeof(TocsinDbContext).Assembly);
        builder.UseBytewiseOrder(Kind);
        builder.UseSnakeCase();
    }
}
