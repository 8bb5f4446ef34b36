using Microsoft.AspNetCore.Http.Features;
using Tocsin.Alerting;

namespace Tocsin.Server.Features.ContactRefreshes.LinkPage;

/// <summary>What somebody does on the page behind a personal link.</summary>
internal enum LinkAction
{
    None,
    Confirm,
    Give,
    Code,
    Again,
    Drop,
    Remove,
    NotMe,
}

/// <summary>What the page says of the last thing done; in its address, so it holds nothing of anybody.</summary>
internal enum LinkNotice
{
    None,
    Confirmed,
    CodeSent,
    CodesTooMany,
    CodeWrong,
    CodeExpired,
    NoChannel,
    Verified,
    Removed,
    Already,
    AddressInvalid,
    Refused,
    TooMany,
    NotTheirs,
}

/// <summary>What the page's forms send. Bounded here, judged where it is taken.</summary>
internal sealed record LinkForm(LinkAction Do, ContactPointId? Point, string? Address, string? Code, string? Language)
{
    private const int MaximumFields = 8;
    private const int LongestText = 1_000;

    /// <returns>Null where it is not a form of the page.</returns>
    public static async Task<LinkForm?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType || request.ContentType!.StartsWith("multipart", StringComparison.OrdinalIgnoreCase)) return null;
        try
        {
            var form = await request.ReadFormAsync(new FormOptions { ValueCountLimit = MaximumFields }, cancellationToken);
            if (ActionOf(form["do"]) is not { } action) return null;
            ContactPointId? point = Guid.TryParse(form["point"], out var id) ? new ContactPointId(id) : null;
            return new LinkForm(action, point, Text(form["address"]), Text(form["code"]), form["lang"].ToString() is "fr" or "en" ? form["lang"].ToString() : null);
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    private static LinkAction? ActionOf(string? word) => word switch
    {
        "confirm" => LinkAction.Confirm,
        "give" => LinkAction.Give,
        "code" => LinkAction.Code,
        "again" => LinkAction.Again,
        "drop" => LinkAction.Drop,
        "remove" => LinkAction.Remove,
        "not-me" => LinkAction.NotMe,
        _ => null,
    };

    private static string? Text(string? value) => value is { Length: <= LongestText } && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
