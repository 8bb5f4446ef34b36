using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tocsin.Alerting;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Accounts;
using Tocsin.Server.Features.Alerts;
using Tocsin.Server.Features.Alerts.Readiness;
using Tocsin.Server.Features.AlertsApi;
using Tocsin.Server.Features.ApiTokens;
using Tocsin.Server.Features.AnswerPage;
using Tocsin.Server.Features.Audit;
using Tocsin.Server.Features.Bulletins;
using Tocsin.Server.Features.ContactRefreshes;
using Tocsin.Server.Features.Channels;
using Tocsin.Server.Features.Contract;
using Tocsin.Server.Features.Directory;
using Tocsin.Server.Features.Demonstration;
using Tocsin.Server.Features.Events;
using Tocsin.Server.Features.Health;
using Tocsin.Server.Features.Idempotency;
using Tocsin.Server.Features.Identities;
using Tocsin.Server.Features.Import;
using Tocsin.Server.Features.Meetings;
using Tocsin.Server.Features.Metrics;
using Tocsin.Server.Features.PublicPage;
using Tocsin.Server.Features.Push;
using Tocsin.Server.Features.Readiness;
using Tocsin.Server.Features.Retention;
using Tocsin.Server.Features.Rooms;
using Tocsin.Server.Features.Rotas;
using Tocsin.Storage;
using Tocsin.Server.Features.Scenarios;
using Tocsin.Server.Features.Settings;
using Tocsin.Storage.Events;
using Tocsin.Storage.Schema;

namespace Tocsin.Server.Hosting;

/// <summary>The server, put together. Read it as a table of contents: each feature adds its services and maps its endpoints.</summary>
internal static class TocsinServer
{
    // Commands are small. Endpoints that take more (an import) say so themselves.
    private const long MaximumRequestBody = 1024 * 1024;

    // A telephone at the edge of its network sends a request in a second or two; one that takes longer than this only holds a place.
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Builds the server on checked options. <see cref="StartAsync"/> starts it, and nothing else does.</summary>
    /// <param name="replace">Lets a test put its own clock or channels in place; null outside tests.</param>
    public static WebApplication Build(TocsinOptions options, IConfiguration configuration, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.WebHost.UseKestrelHttpsConfiguration();
        ConfigureLogging(builder.Logging);
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ServerAddress>();
        services.AddTocsinStorage(DatabaseLocation.Of(options));
        services.ConfigureHttpJsonOptions(json =>
        {
            EventJson.Configure(json.SerializerOptions);
            AlertingJson.AddValueConverters(json.SerializerOptions);
        });
        services.AddProblemDetails();
        services.AddAnswerCompression();
        services.AddHealth();
        services.AddMetricsFeature(options);
        services.AddContract();
        services.AddEvents();
        services.AddAlerts();
        services.AddChannels(options);
        services.AddScenarios();
        services.AddAlertsApi();
        services.AddAccess();
        services.AddAccounts();
        services.AddDirectory();
        services.AddRotas();
        services.AddReadiness();
        services.AddImport();
        services.AddSingleton(options.Retention);
        services.AddSingleton(options.Files);
        services.AddSingleton<Purge>();
        services.AddHostedService(provider => provider.GetRequiredService<Purge>());
        services.AddSingleton<DemonstrationStart>();
        services.AddAnswerPage();
        services.AddMeetings();
        services.AddIdentities();
        services.AddRooms();
        services.AddBulletins();
        services.AddContactRefreshes();
        services.AddPublicPage();
        replace?.Invoke(services);
        services.OpenEarly();
        return builder.Build();
    }

    /// <summary>Listens at once, then applies the schema and describes the endpoints, each on a processor of its own where there are two, then starts the rest.</summary>
    /// <remarks>Meanwhile <see cref="EarlyAnswers"/> answers.</remarks>
    /// <param name="listening">Called once it listens.</param>
    /// <param name="prepared">Called once it is prepared, before anything else than <see cref="EarlyAnswers"/> answers.</param>
    /// <exception cref="SchemaRefusedException">The database is not for this program.</exception>
    public static async Task StartAsync(WebApplication app, Action? listening, Action? prepared, CancellationToken cancellationToken)
    {
        var options = app.Services.GetRequiredService<TocsinOptions>();
        await app.Services.GetRequiredService<EarlyServer>().ListenAsync(new EarlyAnswers(app.Services, options), cancellationToken);
        listening?.Invoke();
        await Task.WhenAll(Task.Run(() => Describe(app, options), cancellationToken), OpenDatabaseAsync(app.Services, cancellationToken));
        prepared?.Invoke();
        await app.StartAsync(cancellationToken);
    }

    private static async Task OpenDatabaseAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<SchemaMigrator>().ApplyAsync(cancellationToken);
        await services.GetRequiredService<ChannelSecrets>().LoadAsync(cancellationToken);
    }

    private static void OpenEarly(this IServiceCollection services)
    {
        var listener = services.Last(service => service.ServiceType == typeof(IServer));
        services.Remove(listener);
        services.AddSingleton(provider => new EarlyServer((IServer)ActivatorUtilities.CreateInstance(provider, listener.ImplementationType!)));
        services.AddSingleton<IServer>(provider => provider.GetRequiredService<EarlyServer>());
    }

    private static void Describe(WebApplication app, TocsinOptions options)
    {
        app.UseForwardedHeaders(Forwarding(options));
        app.UseExceptionHandler(handler => handler.Run(context => CommonRefusals.Internal.ToProblem().ExecuteAsync(context)));
        app.UseSecurityHeaders();
        app.UseProblemPages();
        app.UsePlainQueries();
        app.UseWebClientFiles(options);
        app.UseAnswerCompression();
        app.UseAccess();
        app.UseRealAlertFirst();
        app.UseIdempotency();
        app.UseWriteHurry();
        app.MapHealth();
        app.MapMetrics();
        app.MapContract();
        app.MapMeetings();
        app.MapRooms();
        app.MapScenarios();
        app.MapAlertsApi();
        app.MapBulletins();
        app.MapContactRefreshes();
        app.MapPublicPage(options);
        app.MapSettings();
        app.MapAudit();
        app.MapAccounts();
        app.MapApiTokens();
        app.MapDirectory();
        app.MapPush();
        app.MapIdentities();
        app.MapRotas();
        app.MapReadiness();
        app.MapImports();
        app.MapAnswerPage();
        app.MapWebClient(options);
    }

    private static void Listen(KestrelServerOptions kestrel, TocsinOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaximumRequestBody;
        kestrel.Limits.MaxConcurrentConnections = options.MaximumConnections;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Limits.MinRequestBodyDataRate = SlowestBody;
        void Bind(ListenOptions listen)
        {
            if (options.Tls.Certificate is { } certificate)
                listen.UseHttps(X509Certificate2.CreateFromPemFile(certificate, options.Tls.Key));
        }

        if (options.Address == "*") kestrel.ListenAnyIP(options.Port, Bind);
        else kestrel.Listen(IPAddress.Parse(options.Address), options.Port, Bind);
    }

    private static ForwardedHeadersOptions Forwarding(TocsinOptions options)
    {
        var forwarding = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        forwarding.KnownProxies.Clear();
        forwarding.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies) forwarding.KnownProxies.Add(IPAddress.Parse(proxy));
        if (options.TrustedProxies.Count == 0) forwarding.ForwardedHeaders = ForwardedHeaders.None;
        return forwarding;
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();

        // JSON lines on standard error; standard output is for people.
        logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Information);

        // These write request paths and SQL parameters, which hold personal links and addresses.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        logging.AddFilter("Tocsin.Server.Access.SessionAuthentication", LogLevel.Warning);
        logging.AddFilter("Tocsin.Server.Access.RoomGuestAuthentication", LogLevel.Warning);
        logging.AddFilter("Tocsin.Server.Access.ApiTokenAuthentication", LogLevel.Warning);

        // Says that its keys lie unencrypted: they lie in our database, beside every other secret of ours.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
    }
}
