using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Tocsin.Server.Hosting;

/// <summary>A file of the web client in the form that the build compressed it into, where the browser takes it: <c>FILE.br</c> or <c>FILE.gz</c> in place of FILE.</summary>
/// <remarks>RFC 9110, section 12.5.3. Each form has an entity tag of its own, since it has a length and a time of its own.</remarks>
internal sealed class PrecompressedFile
{
    // The smaller first.
    private static readonly PrecompressedFile[] forms = [new("br", ".br"), new("gzip", ".gz")];

    private PrecompressedFile(string coding, string extension) => (Coding, Extension) = (coding, extension);

    private string Coding { get; }

    private string Extension { get; }

    /// <summary>Lets the request ask for the best form that there is and that the browser takes.</summary>
    public static void Choose(HttpContext context, IFileProvider files)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) return;
        var path = context.Request.Path.Value ?? "";

        // The forms are no files of their own: nobody is to get one without being told what it is.
        if (forms.Any(form => path.EndsWith(form.Extension, StringComparison.OrdinalIgnoreCase)))
        {
            context.Request.Path = "/";
            return;
        }

        var there = forms.Where(form => files.GetFileInfo(path + form.Extension).Exists).ToList();
        if (there.Count == 0) return;
        var chosen = there.Find(form => Accepts(context.Request, form.Coding));
        context.Features.Set(new Choice(chosen));
        context.Request.Path = path + chosen?.Extension;
    }

    /// <summary>Says in the answer which form it is, and that there are others.</summary>
    public static void Describe(HttpContext context)
    {
        if (context.Features.Get<Choice>() is not { } choice) return;
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (choice.Form is { } form) context.Response.Headers.ContentEncoding = form.Coding;
    }

    private static bool Accepts(HttpRequest request, string coding) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted) &&
        accepted.Any(value => value.Quality != 0 && value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase));

    /// <param name="Form">Null: as it is.</param>
    private sealed record Choice(PrecompressedFile? Form);

    /// <summary>A form is of its file's type.</summary>
    internal sealed class TypeProvider(IContentTypeProvider types) : IContentTypeProvider
    {
        public bool TryGetContentType(string subpath, [MaybeNullWhen(false)] out string contentType)
        {
            var form = Array.Find(forms, form => subpath.EndsWith(form.Extension, StringComparison.Ordinal));
            return types.TryGetContentType(form is null ? subpath : subpath[..^form.Extension.Length], out contentType);
        }
    }
}
