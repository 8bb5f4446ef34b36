using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Tocsin.Server.Access;
using Tocsin.Server.Hosting;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Metrics;

/// <summary>Figures for whoever watches the server: pulled as Prometheus text at <c>/metrics</c>, or pushed by OTLP to a configured collector.</summary>
/// <remarks>Every instrument lives on a <c>Tocsin.*</c> meter; labels never hold a person, address or message.</remarks>
internal static class MetricsFeature
{
    public static void AddMetricsFeature(this IServiceCollection services, TocsinOptions options)
    {
        var snapshot = new SnapshotExporter();
        services.AddSingleton(snapshot);
        services.AddSingleton(_ => Build(snapshot, options));
        services.AddHostedService<ProviderStart>();
    }

    public static void MapMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/metrics", (SnapshotExporter snapshot) => TypedResults.Text(snapshot.Collect(), PrometheusText.ContentType))
            .RequireRole(Roles.Administrator | Roles.Auditor, TokenScopes.ReadMetrics)
            .ExcludeFromDescription();

    private static MeterProvider Build(SnapshotExporter snapshot, TocsinOptions options)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("tocsin"))
            .AddMeter("Tocsin.*", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql")
            .AddReader(new BaseExportingMetricReader(snapshot));

        // The one place that could send anything out by itself: only to the collector that the administrator named.
        if (options.Metrics.OtlpEndpoint is { } endpoint)
            builder.AddOtlpExporter(otlp => otlp.Endpoint = new Uri(endpoint));
        return builder.Build();
    }

    /// <summary>Starts collecting with the host, not with the first scrape.</summary>
    private sealed class ProviderStart(MeterProvider provider) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(provider);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Collects when asked, one scrape at a time.</summary>
    [ExportModes(ExportModes.Pull)]
    internal sealed class SnapshotExporter : BaseExporter<Metric>, IPullMetricExporter
    {
        private readonly Lock sync = new();
        private readonly StringBuilder text = new();

        Func<int, bool>? IPullMetricExporter.Collect { get; set; }

        public string Collect()
        {
            lock (sync)
            {
                text.Clear();
                ((IPullMetricExporter)this).Collect?.Invoke(Timeout.Infinite);
                return text.ToString();
            }
        }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch) PrometheusText.Write(text, metric);
            return ExportResult.Success;
        }
    }
}
