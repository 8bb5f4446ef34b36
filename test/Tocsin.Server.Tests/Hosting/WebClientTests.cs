using System.IO.Compression;
using System.Net;
using System.Text;
using Tocsin.Server.Hosting;

namespace Tocsin.Server.Tests.Hosting;

public sealed class WebClientTests
{
    internal const string Script = "/assets/app-x7Kd9a.js";
    private const string Words = "export const words = 'Alerte, alerte, alerte';";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("identity", null)]
    [InlineData("br;q=0", null)]
    [InlineData(";;;=,\u0001", null)]
    [InlineData(null, null)]
    public async Task A_browser_gets_a_file_in_the_smallest_form_that_it_takes(string? accepted, string? coding)
    {
        await using var server = await StartAsync();
        using var answer = await GetAsync(server, Script, accepted);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(coding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl!.ToString());
        Assert.Equal(Words, await ReadAsync(answer));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/alerts/0198f0")]
    [InlineData("/index.html")]
    public async Task The_page_is_compressed_at_every_path_and_asked_for_again_each_time(string path)
    {
        await using var server = await StartAsync();
        using var answer = await GetAsync(server, path, "br");

        Assert.Equal(("br", "text/html"), (answer.Content.Headers.ContentEncoding.Single(), answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal("no-cache", answer.Headers.CacheControl!.ToString());
        Assert.StartsWith("<!doctype html>", await ReadAsync(answer), StringComparison.Ordinal);

        using var again = await GetAsync(server, path, "br", answer.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Each_form_has_an_entity_tag_of_its_own()
    {
        await using var server = await StartAsync();
        var tags = new HashSet<string>();
        foreach (var accepted in (string[])["br", "gzip", "identity"])
        {
            using var answer = await GetAsync(server, Script, accepted);
            tags.Add(answer.Headers.ETag!.ToString());
        }

        Assert.Equal(3, tags.Count);
    }

    [Fact]
    public async Task What_was_not_compressed_by_the_build_is_sent_as_it_is()
    {
        await using var server = await StartAsync();
        using var font = await GetAsync(server, "/assets/font-1.woff2", "br");

        Assert.Empty(font.Content.Headers.ContentEncoding);
        Assert.Empty(font.Headers.Vary);
        Assert.Equal([1, 2, 3], await font.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData("/assets/app-x7Kd9a.js.br")]
    [InlineData("/assets/app-x7Kd9a.js.gz")]
    [InlineData("/assets/absent.js")]
    [InlineData("/..%2ftocsin.json")]
    public async Task Nothing_else_of_the_directory_is_served(string path)
    {
        await using var server = await StartAsync();
        using var answer = await GetAsync(server, path, "br");
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
    }

    private static Task<ServerUnderTest> StartAsync() => ServerUnderTest.StartAsync(configure: WriteClient);

    internal static void WriteClient(TocsinOptions options)
    {
        options.WebRoot = Path.Combine(options.Data, "web");
        Directory.CreateDirectory(Path.Combine(options.WebRoot, "assets"));
        Write("index.html", "<!doctype html><title>Tocsin</title>");
        Write(Script[1..], Words);
        File.WriteAllBytes(Path.Combine(options.WebRoot, "assets/font-1.woff2"), [1, 2, 3]);

        void Write(string name, string text)
        {
            var path = Path.Combine(options.WebRoot!, name);
            var plain = Encoding.UTF8.GetBytes(text);
            File.WriteAllBytes(path, plain);
            using (var brotli = new BrotliStream(File.Create(path + ".br"), CompressionLevel.SmallestSize)) brotli.Write(plain);
            using (var gzip = new GZipStream(File.Create(path + ".gz"), CompressionLevel.SmallestSize)) gzip.Write(plain);
        }
    }

    private static async Task<HttpResponseMessage> GetAsync(ServerUnderTest server, string path, string? accepted, string? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accepted is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        if (known is not null) request.Headers.TryAddWithoutValidation("If-None-Match", known);
        return await server.Anonymous.SendAsync(request, Cancellation);
    }

    internal static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        await using Stream plain = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
