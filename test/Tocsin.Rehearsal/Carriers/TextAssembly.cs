namespace Tocsin.Rehearsal.Carriers;

/// <summary>Joins the parts of texts as a phone does. A part that comes twice before its text is whole is taken once.</summary>
internal sealed class TextAssembly
{
    private readonly Dictionary<(string To, byte Reference), string?[]> unfinished = [];

    /// <returns>The text, where this part made it whole.</returns>
    public string? Add(in SubmittedMessage message)
    {
        if (message.Part.Count == 1) return message.Text;
        var key = (message.To, message.Part.Reference);
        if (!unfinished.TryGetValue(key, out var parts) || parts.Length != message.Part.Count) unfinished[key] = parts = new string?[message.Part.Count];
        parts[message.Part.Number - 1] = message.Text;
        if (Array.Exists(parts, part => part is null)) return null;
        unfinished.Remove(key);
        return string.Concat(parts);
    }
}
