using System.Globalization;
using Tocsin.Server.Features.Alerts.Answers;
using Tocsin.Storage.Alerts;

namespace Tocsin.Server.Features.AnswerPage;

/// <summary>What the page's form sends. Bounds are checked again where the answer is taken.</summary>
/// <param name="Id">Made for one showing of the page; a form sent twice has the same.</param>
/// <param name="At">When it was tapped, for an answer that was kept without a network; null: now.</param>
internal sealed record AnswerForm(string Id, string? Choice, string? Comment, AnswerPosition? Position, DateTimeOffset? At, string? Language)
{
    private const int MaximumFields = 12;

    /// <returns>Null where it is not the form of the page.</returns>
    public static async Task<AnswerForm?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType || request.ContentType!.StartsWith("multipart", StringComparison.OrdinalIgnoreCase)) return null;
        try
        {
            var form = await request.ReadFormAsync(new Microsoft.AspNetCore.Http.Features.FormOptions { ValueCountLimit = MaximumFields }, cancellationToken);
            var id = form["id"].ToString();
            if (id.Length is 0 or > AlertBounds.DeduplicationKey) return null;
            return new AnswerForm(id, Text(form["choice"]), Text(form["comment"]), PositionOf(form), TimeOf(form["at"]), AnswerPageFeature.LanguageOf(form["lang"]) is null ? null : form["lang"].ToString());
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    private static AnswerPosition? PositionOf(IFormCollection form) =>
        Number(form["latitude"]) is { } latitude && Number(form["longitude"]) is { } longitude ? new AnswerPosition(latitude, longitude, Number(form["accuracy"])) : null;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) ? value : null;
}
