namespace Tocsin.Server.Access;

/// <summary>A user agent in a few words ("Firefox, Android"), so that people can tell their sessions apart. Nothing is decided by it.</summary>
internal static class DeviceSummary
{
    // Order matters: Edge and Opera also say Chrome, Chrome also says Safari.
    private static readonly (string Mark, string Name)[] browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrom", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari")];

    // Android also says Linux; an iPhone says "like Mac OS X".
    private static readonly (string Mark, string Name)[] systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

    public static string Of(string userAgent)
    {
        var known = new[] { Find(browsers, userAgent), Find(systems, userAgent) }.Where(name => name is not null);
        return string.Join(", ", known);
    }

    private static string? Find((string Mark, string Name)[] table, string userAgent) =>
        table.FirstOrDefault(entry => userAgent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
