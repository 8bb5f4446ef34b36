using Tocsin.Server.Errors;

namespace Tocsin.Server.Hosting;

/// <summary>Refuses a query with NUL in it. SQLite would look for it and find nothing; PostgreSQL takes no text that holds it, and the request would end as a breakdown.</summary>
/// <remarks>Texts in bodies have rules of their own, and Kestrel lets no such path in.</remarks>
internal static class PlainQueries
{
    public static IApplicationBuilder UsePlainQueries(this IApplicationBuilder app) => app.Use((context, next) =>
        context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true
            ? CommonRefusals.InvalidInput.ToProblem("The query holds a character that no text may.").ExecuteAsync(context)
            : next(context));
}
