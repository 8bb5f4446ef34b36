namespace Tocsin.Storage.Model;

/// <summary>A key that every node must share (answer links, VAPID, cookie protection). Never leaves the server; part of the backup.</summary>
public sealed class SecretRecord
{
    public string Name { get; set; } = "";

    public byte[] Value { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }
}
