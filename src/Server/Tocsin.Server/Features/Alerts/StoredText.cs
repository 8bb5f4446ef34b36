using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Tocsin.Alerting.Channels;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.Alerts;

/// <summary>Text from outside, made such that both databases take it: bounded, without NUL, without halves of surrogate pairs.</summary>
internal static class StoredText
{
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Bound(string? text, int longest)
    {
        if (text is null || (text.Length <= longest && IsPlain(text))) return text;
        var kept = new StringBuilder(Math.Min(text.Length, longest));
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var isRune = Rune.DecodeFromUtf16(rest, out var rune, out var length) == OperationStatus.Done;
            if (kept.Length + length > longest) break;
            if (isRune && rune.Value != 0) kept.Append(rest[..length]);
            rest = rest[length..];
        }

        return kept.ToString();
    }

    public static FailureReason Bound(FailureReason reason) =>
        new(Bound(reason.Code, AlertBounds.FailureCode), Bound(reason.CarrierCode, AlertBounds.CarrierCode));

    public static FailureReason? Bound(FailureReason? reason) => reason is { } given ? Bound(given) : null;

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (c == '\0' || char.IsSurrogate(c)) return false;
        }

        return true;
    }
}
