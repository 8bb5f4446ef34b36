namespace Tocsin.Storage.Model;

/// <summary>The answer once given to a command, so that the same command sent again gets the same answer and does nothing twice.</summary>
public sealed class IdempotencyRecord
{
    /// <summary>Whose key it is: keys of different actors never meet.</summary>
    public string Actor { get; set; } = "";

    /// <summary>1 to 128 printable ASCII characters, chosen by the client.</summary>
    public string Key { get; set; } = "";

    /// <summary>SHA-256 of method, path and body: the same key with another request is refused.</summary>
    public byte[] RequestHash { get; set; } = [];

    public int Status { get; set; }

    /// <summary>The response body as JSON, or null where it had none.</summary>
    public string? Response { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
