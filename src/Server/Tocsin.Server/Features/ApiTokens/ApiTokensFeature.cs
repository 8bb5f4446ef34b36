using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Tocsin.Server.Access;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Accounts;
using Tocsin.Storage;
using Tocsin.Storage.Audit;
using Tocsin.Storage.Commands;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Features.ApiTokens;

/// <summary>Tokens with which machines call us. The token itself is shown once, when it is made.</summary>
internal static class ApiTokensFeature
{
    private const string Prefix = "tcn_";
    private const int MaximumName = 80;
    private const int MaximumTokens = 200;

    private static readonly Refusal tooMany = new("too-many-api-tokens", 409, "There are 200 API tokens at most: revoke one first.");

    public static void MapApiTokens(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/api-tokens");
        group.MapGet("", ListAsync).RequireRole(Roles.Administrator | Roles.Auditor).WithName("listApiTokens");
        group.MapPost("", CreateAsync).RequireRole(Roles.Administrator).RequireFreshSignIn().WithName("createApiToken");
        group.MapDelete("/{id:guid}", RevokeAsync).RequireRole(Roles.Administrator).WithName("revokeApiToken");
    }

    private static async Task<Ok<ApiTokenList>> ListAsync(IDbContextFactory<TocsinDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var tokens = await db.Set<ApiToken>().AsNoTracking().Where(token => token.RevokedAt == null).OrderBy(token => token.CreatedAt).ToListAsync(cancellationToken);
        return TypedResults.Ok(new ApiTokenList([.. tokens.Select(ApiTokenView.Of)]));
    }

    private static async Task<Results<Created<CreatedApiToken>, ProblemHttpResult>> CreateAsync(
        CreateApiTokenRequest request, HttpContext context, CommandStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var fields = Check(request, time.GetUtcNow());
        if (fields.Count > 0) return CommonRefusals.InvalidInput.ToProblem(fields: fields);
        var secret = BearerSecret.Create(Prefix);
        var created = await store.CommitAsync(
            async (transaction, cancelled) =>
            {
                if (await transaction.Db.Set<ApiToken>().CountAsync(t => t.RevokedAt == null, cancelled) >= MaximumTokens) return null;
                var token = new ApiToken
                {
                    Id = new ApiTokenId(Guid.CreateVersion7(transaction.Now)),
                    Name = request.Name!.Trim(),
                    TokenHash = BearerSecret.HashOf(secret),
                    Scopes = string.Join(' ', request.Scopes!.Distinct(StringComparer.Ordinal)),
                    CreatedBy = context.Actor().Id,
                    CreatedAt = transaction.Now,
                    ExpiresAt = request.ExpiresAt,
                };
                transaction.Db.Add(token);
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "api-token.created", $"api-token:{token.Id}", new { token.Name, token.Scopes, token.ExpiresAt }));
                return token;
            },
            cancellationToken);
        return created is null ? tooMany.ToProblem() : TypedResults.Created($"/api/v1/api-tokens/{created.Id}", new CreatedApiToken(ApiTokenView.Of(created), secret));
    }

    private static Dictionary<string, string> Check(CreateApiTokenRequest request, DateTimeOffset now)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (request.Name?.Trim() is not { Length: > 0 and <= MaximumName } name || name.Any(char.IsControl)) fields["name"] = "invalid-length";
        if (request.Scopes is not { Count: > 0 } scopes || scopes.Any(scope => !TokenScopes.Every.Contains(scope, StringComparer.Ordinal))) fields["scopes"] = "unknown-scope";
        if (request.ExpiresAt <= now) fields["expiresAt"] = "in-the-past";
        return fields;
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, HttpContext context, CommandStore store, AccessEnds ends, CancellationToken cancellationToken)
    {
        var isRevoked = await store.CommitAsync(
            async (transaction, cancelled) =>
            {
                var key = new ApiTokenId(id);
                var token = await transaction.Db.Set<ApiToken>().FirstOrDefaultAsync(t => t.Id == key && t.RevokedAt == null, cancelled);
                if (token is null) return false;
                ends.Revoke(transaction, token);
                transaction.Record(new AuditDraft(context.Actor().ForAudit, "api-token.revoked", $"api-token:{token.Id}", new { token.Name }));
                return true;
            },
            cancellationToken);
        return isRevoked ? TypedResults.NoContent() : CommonRefusals.NotFound.ToProblem();
    }
}

/// <param name="ExpiresAt">Null: until revoked.</param>
internal sealed record CreateApiTokenRequest(string? Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt);

internal sealed record ApiTokenList(IReadOnlyList<ApiTokenView> Items);

internal sealed record ApiTokenView(ApiTokenId Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt)
{
    public static ApiTokenView Of(ApiToken token) => new(token.Id, token.Name, token.Scopes.Split(' '), token.CreatedAt, token.ExpiresAt, token.LastUsedAt);
}

/// <param name="Token">Shown once: only its hash is kept.</param>
internal sealed record CreatedApiToken(ApiTokenView ApiToken, string Token);
