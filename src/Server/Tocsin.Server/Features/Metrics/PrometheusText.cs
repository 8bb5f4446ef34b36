using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace Tocsin.Server.Features.Metrics;

/// <summary>Writes OpenTelemetry metrics in the Prometheus text format, version 0.0.4.</summary>
/// <remarks>The ready-made exporter is not among the packages that can be had; the mapping follows OpenTelemetry's "Prometheus and OpenMetrics Compatibility".</remarks>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void Write(StringBuilder text, Metric metric)
    {
        var name = NameOf(metric);
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escape(metric.Description)}\n# TYPE {name} {TypeOf(metric.MetricType)}\n");
        foreach (ref readonly var point in metric.GetMetricPoints())
            WritePoint(text, metric.MetricType, name, point);
    }

    private static void WritePoint(StringBuilder text, MetricType type, string name, in MetricPoint point)
    {
        var labels = LabelsOf(point);
        switch (type)
        {
            case MetricType.LongSum or MetricType.LongSumNonMonotonic: WriteLine(text, name, labels, point.GetSumLong()); break;
            case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic: WriteLine(text, name, labels, point.GetSumDouble()); break;
            case MetricType.LongGauge: WriteLine(text, name, labels, point.GetGaugeLastValueLong()); break;
            case MetricType.DoubleGauge: WriteLine(text, name, labels, point.GetGaugeLastValueDouble()); break;
            case MetricType.Histogram: WriteHistogram(text, name, labels, point); break;
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, in MetricPoint point)
    {
        var cumulative = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            cumulative += bucket.BucketCount;
            var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString("R", CultureInfo.InvariantCulture);
            WriteLine(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", cumulative);
        }

        WriteLine(text, name + "_sum", labels, point.GetHistogramSum());
        WriteLine(text, name + "_count", labels, point.GetHistogramCount());
    }

    private static void WriteLine(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string LabelsOf(in MetricPoint point)
    {
        var labels = new StringBuilder();
        foreach (var tag in point.Tags)
        {
            if (labels.Length > 0) labels.Append(',');
            labels.Append(Sanitise(tag.Key)).Append("=\"").Append(Escape(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "").Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return labels.ToString();
    }

    private static string NameOf(Metric metric)
    {
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", "ms" => "_milliseconds", _ => "" };
        var total = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum ? "_total" : "";
        return Sanitise(metric.Name) + unit + total;
    }

    private static string TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Sanitise(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
