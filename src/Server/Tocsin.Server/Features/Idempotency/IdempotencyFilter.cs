using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Storage;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.Idempotency;

/// <summary>Gives the same answer to the same command sent again, and does nothing twice. A request without a key passes through.</summary>
/// <remarks>
/// The key is written in the command's own transaction, so that it is kept exactly when the command is. The answer is added afterwards; should the process
/// die in between, a repeat is refused with <c>idempotency-answer-lost</c>: the command was done, once. Refusals are not kept: they may be tried again.
/// </remarks>
internal sealed class IdempotencyFilter(IDbContextFactory<TocsinDbContext> contexts, CommandStore store) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";
    private const int MaximumKeyLength = 128;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(Header, out var values)) return await next(context);
        if (values is not [{ } key] || !IsValid(key)) return CommonRefusals.IdempotencyKeyInvalid.ToProblem();
        var request = new IdempotentRequest(http.Actor().Id, key, await HashAsync(http.Request));
        if (await FindAsync(request, http.RequestAborted) is { } earlier) return Repeat(earlier, request);
        request.Enter();
        try
        {
            var result = await next(context);
            return request.IsClaimed ? await KeepAnswerAsync(request, result, http) : result;
        }
        catch (IdempotencyKeyTakenException)
        {
            return await FindAsync(request, http.RequestAborted) is { } winner ? Repeat(winner, request) : CommonRefusals.Internal.ToProblem();
        }
    }

    internal static bool IsValid(string key) => key.Length is > 0 and <= MaximumKeyLength && key.All(c => c is > ' ' and <= '~');

    private static async Task<byte[]> HashAsync(HttpRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        request.Body.Position = 0;
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private async Task<IdempotencyRecord?> FindAsync(IdempotentRequest request, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<IdempotencyRecord>().AsNoTracking().FirstOrDefaultAsync(r => r.Actor == request.Actor && r.Key == request.Key, cancellationToken);
    }

    private static IResult Repeat(IdempotencyRecord earlier, IdempotentRequest request)
    {
        if (!CryptographicOperations.FixedTimeEquals(earlier.RequestHash, request.RequestHash)) return CommonRefusals.IdempotencyKeyReused.ToProblem();
        if (earlier.Status == 0) return CommonRefusals.IdempotencyAnswerLost.ToProblem();
        return earlier.Response is { } body
            ? TypedResults.Content(body, "application/json; charset=utf-8", Encoding.UTF8, earlier.Status)
            : TypedResults.StatusCode(earlier.Status);
    }

    private async ValueTask<object?> KeepAnswerAsync(IdempotentRequest request, object? result, HttpContext http)
    {
        var (status, body) = AnswerOf(result, http);
        await store.CommitAsync(
            async (transaction, token) =>
            {
                var record = await transaction.Db.Set<IdempotencyRecord>().FirstAsync(r => r.Actor == request.Actor && r.Key == request.Key, token);
                record.Status = status;
                record.Response = body;
            },
            CancellationToken.None);
        return result;
    }

    private static (int Status, string? Body) AnswerOf(object? result, HttpContext http)
    {
        if (result is INestedHttpResult nested) result = nested.Result;
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        if (result is not IValueHttpResult { Value: { } value }) return (status, null);
        var options = http.RequestServices.GetRequiredService<Microsoft.Extensions.Options.IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value;
        return (status, System.Text.Json.JsonSerializer.Serialize(value, value.GetType(), options.SerializerOptions));
    }
}
