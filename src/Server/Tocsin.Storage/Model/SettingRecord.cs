namespace Tocsin.Storage.Model;

/// <summary>A setting that an administrator changes while the system runs (organisation's name, default language). Value is JSON.</summary>
public sealed class SettingRecord
{
    public string Key { get; set; } = "";

    public string Value { get; set; } = "null";

    public DateTimeOffset ChangedAt { get; set; }
}
