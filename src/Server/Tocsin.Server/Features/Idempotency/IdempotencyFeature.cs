namespace Tocsin.Server.Features.Idempotency;

internal static class IdempotencyFeature
{
    /// <summary>This command understands <c>Idempotency-Key</c>. Needs an access rule that demands an actor.</summary>
    public static RouteHandlerBuilder WithIdempotency(this RouteHandlerBuilder builder) =>
        builder.WithMetadata(new IdempotentCommandMetadata()).AddEndpointFilter<IdempotencyFilter>();

    // All of it in memory: a command body is at most 1 MiB, and never touches the disk as a temporary file.
    private const int MaximumBuffered = 1024 * 1024;

    /// <summary>Keeps the bodies of idempotent commands readable a second time, for their hash. Before routing's endpoints run.</summary>
    public static void UseIdempotency(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IdempotentCommandMetadata>() is not null) context.Request.EnableBuffering(MaximumBuffered);
        return next(context);
    });
}

/// <summary>Marks an endpoint that understands <c>Idempotency-Key</c>, for the OpenAPI document too.</summary>
internal sealed class IdempotentCommandMetadata;
