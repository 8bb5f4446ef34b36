using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Tocsin.Server.Access;
using Tocsin.Server.Features.Accounts.Administration;
using Tocsin.Server.Features.Accounts.EmergencyCards;
using Tocsin.Server.Features.Accounts.OwnSessions;
using Tocsin.Server.Features.Accounts.Passkeys;
using Tocsin.Server.Features.Accounts.Passwords;
using Tocsin.Server.Features.Accounts.Setup;
using Tocsin.Server.Features.Accounts.SignIn;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Accounts;

/// <summary>Accounts: how they come to be, how their people sign in, and who administers them.</summary>
internal static class AccountsFeature
{
    // OWASP's figure for PBKDF2 with HMAC-SHA-512; some 100 ms on the smallest machine that we run on.
    private const int PasswordIterations = 210_000;

    public static void AddAccounts(this IServiceCollection services)
    {
        AddIdentity(services);
        services.AddSingleton<AccountIdentity>();
        services.AddSingleton<AccountReset>();
        services.AddSingleton<AccountAdministration>();
        services.AddSingleton<PasskeyCeremony>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<NewPasswordReader>();
        services.AddSingleton<AuthenticatorEnrolment>();
        services.AddSingleton<SetupLinks>();
        services.AddSingleton<FirstSetup>();
        services.AddSingleton<AccountSetup>();
        services.AddSingleton<SignInThrottle>();
        services.AddHostedService<SignInShare>();
        services.AddSingleton<KnownDevice>();
        services.AddSingleton<RefusedSignIns>();
        services.AddHostedService(provider => provider.GetRequiredService<RefusedSignIns>());
        services.AddSingleton<SignInCompletion>();
        services.AddSingleton<PasswordSignIn>();
        services.AddSingleton<PasskeySignIn>();
        services.AddSingleton<CardSignIn>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapSignIn();
        endpoints.MapSessions();
        endpoints.MapPasskeys();
        endpoints.MapPassword();
        endpoints.MapEmergencyCards();
        endpoints.MapSetup();
        endpoints.MapAccountAdministration();
        endpoints.MapInvitations();
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("Tocsin");
        services.AddSingleton<ProtectionKeys>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlRepository = provider.GetRequiredService<ProtectionKeys>()));
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.AddSingleton<IdentityErrorDescriber>();
        services.AddSingleton<IConfigureOptions<IdentityPasskeyOptions>, PasskeyDomain>();
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = PasswordIterations);
        services.Configure<IdentityOptions>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
    }
}
