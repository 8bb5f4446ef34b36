using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Tocsin.Alerting.Plans;
using Tocsin.Rehearsal;
using Tocsin.Scenarios.Published;
using Tocsin.Storage;
using Tocsin.Storage.Model;
using Tocsin.Storage.Schema;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Scenarios.Secrets;

/// <summary>A small crisis of two people in real browsers before the real program, with secrets planted in all that they write: the database, the server's memory and its log have none of them.</summary>
/// <remarks>
/// Keys are those that the browsers give to their cryptography (<c>crypto.subtle</c>) on each page that is walked: of a call's group, of a room's eras and files, the seed that an identity signs with, and both seeds as
/// they are sealed into a backup. The device's own key no script can read. Of each part of a file or a voice message a piece from the middle is looked for.
/// </remarks>
public sealed class PlantedSecretsTests
{
    private const int TimeLimit = 420_000;

    private const float PatienceMilliseconds = 90_000;

    /// <summary>What the server may know, and does: that it is found shows that the search looks in the right place.</summary>
    private const string Title = "Cellule de crise quarante-deux";

    private const string Room = "Salon-Perséphone-7421";
    private const string Written = "Le puits numéro neuf est empoisonné";
    private const string Answered = "Personne ne boit avant midi demain";
    private const string Said = "Faites sortir la cheffe par les cuisines";
    private const string FileName = "Tracé-des-cuves-Tantale-5588.txt";
    private const string InTheFile = "La vanne rouge ouvre le bassin numéro quatorze";
    private const string LogLine = "Le délégué Oreste a vu la brèche avant nous";
    private const string TaskTitle = "Murer la galerie Eurydice côté fleuve";

    /// <summary>Keys in hundreds, and pieces of at least a file, its name's message and a voice message.</summary>
    private const int EnoughSecrets = 60;

    private readonly List<Secret> secrets = [];

    private const string RecordSecrets =
        """
        window.planted = { keys: new Set(), seeds: new Set(), pieces: new Set() };
        const bytesOf = (data) => new Uint8Array(ArrayBuffer.isView(data) ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) : data.slice(0));
        const keep = (set, bytes) => {
          // What repeats itself would be found anywhere.
          if (bytes.length >= 16 && new Set(bytes).size > 12) set.add(btoa(String.fromCharCode(...bytes)));
        };
        const importKey = crypto.subtle.importKey.bind(crypto.subtle);
        crypto.subtle.importKey = (format, data, algorithm, ...rest) => {
          const name = typeof algorithm === 'string' ? algorithm : algorithm.name;
          if (format === 'raw' && ['AES-GCM', 'HKDF', 'HMAC'].includes(name)) keep(planted.keys, bytesOf(data));
          if (format === 'pkcs8' && name === 'Ed25519') keep(planted.seeds, bytesOf(data).slice(-32));
          return importKey(format, data, algorithm, ...rest);
        };
        const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
        crypto.subtle.encrypt = (algorithm, key, data) => {
          const bytes = bytesOf(data);
          const middle = bytes.length >> 1;
          // Of parts of files, which are bound to 52 bytes: room, file, size and place. What the browser seals for itself may well be public.
          if (algorithm.name === 'AES-GCM' && algorithm.additionalData?.byteLength === 52) keep(planted.pieces, bytes.slice(middle, middle + 32));
          // Two seeds, and no text: the backup of an identity.
          if (algorithm.name === 'AES-GCM' && bytes.length === 64 && bytes.slice(0, 32).some((one) => one > 127)) for (const at of [0, 32]) keep(planted.seeds, bytes.slice(at, at + 32));
          return encrypt(algorithm, key, data);
        };
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TimeLimit)]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.PostgreSql)]
    public async Task A_crisis_leaves_no_word_and_no_key_with_the_server(DatabaseKind kind)
    {
        using var data = new ScratchDirectory();
        await using var postgres = kind == DatabaseKind.PostgreSql ? await PostgresServer.StartAsync() : null;
        var url = postgres is null ? null : PostgresServer.AsUrl(await postgres.CreateDatabaseAsync(Cancellation));
        var database = url is not null && DatabaseOptions.TryParse(url, out var parsed) ? parsed! : DatabaseOptions.SqliteFile(data.File("tocsin.db"));
        await using var organisation = await Organisation.CreateAsync(database, 2, _ => ContactPointKind.Email, Cancellation);
        string[] cookies = [organisation.Cookie, await organisation.SignInAsync(1, Roles.Staff, Cancellation)];
        await using var server = ServerProcess.Prepare(
            data, url, new Dictionary<string, object>(StringComparer.Ordinal), PublishedProgram.IfThere, Path.Combine(Repository.Root, "web", "dist"));
        await server.StartAsync();
        await server.ListensAsync();
        await server.IsReadyAsync();
        await using var chromium = await Chromium.StartAsync();
        var pages = new List<IPage>();
        foreach (var cookie in cookies) pages.Add(await OpenAsync(chromium, server.Address, cookie));

        var code = await MakeRecoveryCodeAsync(server.Address, pages[0]);
        await WriteInARoomAsync(server.Address, pages[0], pages[1]);
        await ShareFilesAsync(pages[0], pages[1]);
        await KeepLogAndTasksAsync(pages[0], pages[1]);
        await TalkAsync(server.Address, pages[0], pages[1]);

        secrets.AddRange(new[] { Room, Written, Answered, Said, FileName, InTheFile, LogLine, TaskTitle, code }.Select(Secret.OfText));
        foreach (var page in pages) await CollectAsync(page);
        foreach (var what in new[] { "keys", "seeds", "pieces" }) Assert.Contains(secrets, secret => secret.Name.StartsWith(what, StringComparison.Ordinal));
        // The file, and the voice message.
        Assert.True(secrets.Where(secret => secret.Name.StartsWith("pieces", StringComparison.Ordinal)).Select(secret => Convert.ToHexString(secret.Forms[0])).Distinct().Count() >= 2, "pieces of a file and of a voice message");
        Assert.True(secrets.Count > EnoughSecrets, $"{secrets.Count} secrets were planted");
        var known = Secret.OfText(Title);

        Assert.Empty(FoundInMemory(server.ProcessId, secrets));
        Assert.NotEmpty(FoundInMemory(server.ProcessId, [known]));
        var stored = await DumpAsync(organisation);
        Assert.Empty(Secret.FoundIn(stored, secrets));
        Assert.NotEmpty(Secret.FoundIn(stored, [known]));
        foreach (var file in Directory.EnumerateFiles(data.Path, "tocsin.db*")) Assert.Empty(Secret.FoundIn(await Secret.ReadSharedAsync(file, Cancellation), secrets));
        Assert.Empty(Secret.FoundIn(Encoding.UTF8.GetBytes(server.Output), [.. secrets, known]));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{secrets.Count} secrets looked for; {stored.Length / 1024} KiB stored (load {File.ReadAllText("/proc/loadavg").Split(' ')[0]})"));
    }

    private static async Task<IPage> OpenAsync(Chromium chromium, Uri server, string cookie)
    {
        var context = await chromium.NewPersonAsync("en-GB");
        context.SetDefaultTimeout(PatienceMilliseconds);
        await context.AddCookiesAsync([new Cookie { Name = "tocsin", Value = cookie["tocsin=".Length..], Url = server.ToString() }]);
        await context.AddInitScriptAsync(RecordSecrets);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(server, "/rooms").ToString());
        await page.GetByText("You are in no room").WaitForAsync();
        return page;
    }

    /// <summary>What the page has come by, before another takes its place.</summary>
    private async Task CollectAsync(IPage page)
    {
        foreach (var kind in new[] { "keys", "seeds", "pieces" })
        {
            var found = await page.EvaluateAsync<string[]>($"() => [...planted.{kind}]");
            secrets.AddRange(found.Select((key, i) => Secret.OfKey(string.Create(CultureInfo.InvariantCulture, $"{kind} {secrets.Count + i}"), Convert.FromBase64String(key))));
        }
    }

    private async Task<string> MakeRecoveryCodeAsync(Uri server, IPage page)
    {
        await GoAsync(server, page, "/me/devices");
        await PressAsync(page, "Make my recovery code");
        var printed = page.Locator("[data-printed] code");
        await printed.Nth(6).WaitForAsync();
        var groups = await printed.AllTextContentsAsync();
        await page.GetByLabel("Type the last group").FillAsync(groups[^1]);
        await PressAsync(page, "It is written down");
        await page.GetByText("You have a recovery code").WaitForAsync();
        return string.Join('-', groups);
    }

    private async Task WriteInARoomAsync(Uri server, IPage director, IPage other)
    {
        await GoAsync(server, director, "/rooms");
        await PressAsync(director, "New room");
        await director.GetByRole(AriaRole.Radio, new() { Name = "A crisis cell" }).CheckAsync();
        await director.GetByLabel("Name of the room").FillAsync(Room);
        await director.GetByLabel("People").FillAsync("Martin1");
        await director.GetByRole(AriaRole.Button, new() { Name = "Camille Martin1" }).ClickAsync();
        await PressAsync(director, "Begin the room");
        await director.GetByRole(AriaRole.Heading, new() { Name = Room }).WaitForAsync();
        await WriteAsync(director, Written);
        await other.GetByRole(AriaRole.Link, new() { Name = Room }).ClickAsync();
        await ReadsAsync(other, Written);
        await WriteAsync(other, Answered);
        await ReadsAsync(director, Answered);
    }

    /// <summary>A text that is no secret to whoever has its key, repeated over one part, and a spoken one.</summary>
    private static async Task ShareFilesAsync(IPage director, IPage other)
    {
        var lines = string.Join('\n', Enumerable.Range(0, 400).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i * 7919}: {InTheFile}")));
        await director.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = FileName, MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes(lines) });
        var link = other.GetByRole(AriaRole.Button, new() { Name = $"Download {FileName}" });
        var download = await other.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        Assert.Equal(lines, await File.ReadAllTextAsync(await download.PathAsync(), Cancellation));
        await PressAsync(director, "Record a voice message");
        await director.GetByText("Recording: 0:02").WaitForAsync();
        await PressAsync(director, "Send the recording");
        await other.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true }).WaitForAsync();
    }

    private static async Task KeepLogAndTasksAsync(IPage director, IPage other)
    {
        await director.GetByRole(AriaRole.Link, new() { Name = "Log", Exact = true }).ClickAsync();
        await PressAsync(director, "Enter a line");
        await director.GetByLabel("What to remember").FillAsync(LogLine);
        await director.GetByRole(AriaRole.Button, new() { Name = "Enter", Exact = true }).ClickAsync();
        await director.GetByRole(AriaRole.Article).GetByText(LogLine).WaitForAsync();
        await other.GetByRole(AriaRole.Link, new() { Name = "Tasks" }).ClickAsync();
        await PressAsync(other, "Add a task");
        await other.GetByLabel("What is to be done").FillAsync(TaskTitle);
        await other.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await other.GetByRole(AriaRole.Article).GetByText(TaskTitle).WaitForAsync();
    }

    private async Task TalkAsync(Uri server, IPage director, IPage other)
    {
        await GoAsync(server, director, "/meetings");
        var meeting = await director.EvaluateAsync<string>(
            """
            async (title) => (await (await fetch('/api/v1/meetings', { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
              body: JSON.stringify({ title, openTo: 'organisation' }) })).json()).id
            """,
            Title);
        foreach (var page in new[] { director, other })
        {
            await GoAsync(server, page, $"/meetings/{meeting}");
            await PressAsync(page, "Go into the meeting");
            await PressAsync(page, "More : ");
            await page.GetByRole(AriaRole.Tab, new() { Name = "People" }).ClickAsync();
        }

        string? code = null;
        await Eventually.HoldsWithinAsync(
            TimeSpan.FromSeconds(60),
            async () =>
            {
                var codes = await Task.WhenAll(new[] { director, other }.Select(page => page.EvaluateAsync<string>("() => document.querySelector('aside .code')?.textContent ?? ''")));
                code = codes[0];
                return code.Length > 0 && code == codes[1];
            },
            () => $"both read one code: {code}");
        foreach (var page in new[] { director, other }) await page.GetByRole(AriaRole.Tab, new() { Name = "Messages" }).ClickAsync();
        await director.Locator("aside textarea").FillAsync(Said);
        await director.Keyboard.PressAsync("Enter");
        await other.GetByRole(AriaRole.Log).GetByText(Said).First.WaitForAsync();
    }

    private async Task GoAsync(Uri server, IPage page, string path)
    {
        await CollectAsync(page);
        await page.GotoAsync(new Uri(server, path).ToString());
    }

    private static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name }).First.ClickAsync();

    private static async Task WriteAsync(IPage page, string text)
    {
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Your message" }).FillAsync(text);
        await page.Keyboard.PressAsync("Enter");
        await ReadsAsync(page, text);
    }

    private static Task ReadsAsync(IPage page, string text) => page.GetByRole(AriaRole.Log).GetByText(text).First.WaitForAsync();

    private static string[] FoundInMemory(int process, IReadOnlyList<Secret> secrets)
    {
        var forms = secrets.SelectMany(secret => secret.Forms.Select(form => (secret.Name, Bytes: form))).ToList();
        return [.. ProcessMemory.Find(process, [.. forms.Select(form => form.Bytes)]).Select(i => forms[i].Name).Distinct()];
    }

    /// <summary>Everything that stands in the database, row by row, as the columns have it.</summary>
    private static async Task<byte[]> DumpAsync(Organisation organisation)
    {
        await using var db = await organisation.ContextAsync(Cancellation);
        var connection = db.Database.GetDbConnection();
        await connection.OpenAsync(Cancellation);
        var tables = new List<string>();
        var names = db.Database.IsSqlite() ? "SELECT name FROM sqlite_master WHERE type = 'table'" : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'";
        await foreach (var row in RowsAsync(connection, names)) tables.Add((string)row[0]);
        using var stored = new MemoryStream();
        foreach (var table in tables)
        {
            await foreach (var row in RowsAsync(connection, $"SELECT * FROM \"{table}\""))
            {
                foreach (var value in row) stored.Write(value as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            }
        }

        return stored.ToArray();
    }

    private static async IAsyncEnumerable<object[]> RowsAsync(DbConnection connection, string query)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of tables come from the database itself; identifiers cannot be parameters.
        command.CommandText = query;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            yield return row;
        }
    }
}
