using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Tocsin.Alerting;
using Tocsin.Storage.Directory;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;

namespace Tocsin.Storage;

/// <summary>The model of everything that is kept. Each feature brings its tables as <see cref="IEntityTypeConfiguration{TEntity}"/> classes in this assembly.</summary>
/// <remarks>Migrations are the numbered SQL files; a test compares what they make with this model.</remarks>
public sealed class TocsinDbContext(DbContextOptions<TocsinDbContext> options) : IdentityUserContext<Account, Guid>(options)
{
    public DatabaseKind Kind => Database.IsSqlite() ? DatabaseKind.Sqlite : DatabaseKind.PostgreSql;

    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        var kind = Kind;
        configurationBuilder.AddPlainTypes(kind);
        configurationBuilder.AddUuid<AccountId>(kind);
        configurationBuilder.AddUuid<SessionId>(kind);
        configurationBuilder.AddUuid<ApiTokenId>(kind);
        configurationBuilder.AddUuid<SetupLinkId>(kind);
        configurationBuilder.AddUuid<EmergencyCardId>(kind);
        configurationBuilder.AddUuid<PersonId>(kind);
        configurationBuilder.AddUuid<GroupId>(kind);
        configurationBuilder.AddUuid<SiteId>(kind);
        configurationBuilder.AddUuid<FunctionId>(kind);
        configurationBuilder.AddUuid<RotaId>(kind);
        configurationBuilder.AddUuid<ContactPointId>(kind);
        configurationBuilder.AddUuid<ListId>(kind);
        configurationBuilder.AddUuid<PeopleImportId>(kind);
        configurationBuilder.AddUuid<ScenarioId>(kind);
        configurationBuilder.AddUuid<AlertId>(kind);
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
