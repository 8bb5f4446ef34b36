using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Channels.Smtp.Inbound;
using Tocsin.Specifications.Channels;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>The inbox on a real socket: what it takes, what it refuses, and what a hostile client gets.</summary>
public sealed class MailInboxTests : IAsyncLifetime
{
    private static readonly byte[] TagKey = "a key for the tags of this test"u8.ToArray();

    private readonly RecordingInbox received = new();
    private readonly RecordedLog log = new();
    private readonly ManualTimeProvider time = new();
    private readonly ScratchDirectory directory = new();
    private readonly MailInboxOptions options = new()
    {
        Listen = "127.0.0.1:0",
        HostName = "tocsin.example",
        BounceAddress = "retour@tocsin.example",
        ReplyAddress = "reponse@tocsin.example",
        TagKey = TagKey,
        MaximumConnectionsPerHost = 4,
        MaximumMessageOctets = 4096,
    };

    private MailInbox? inbox;
    private TestCertificate? certificate;

    private static string ReplyAddress => $"reponse+{new DeliveryTag(TagKey).Write(TagPurpose.Reply, new DeliveryId(4711))}@tocsin.example";

    public ValueTask InitializeAsync()
    {
        certificate = new TestCertificate(directory, "inbox");
        options.CertificateFile = certificate.CertificateFile;
        options.CertificateKeyFile = certificate.KeyFile;
        inbox = new MailInbox(options, received, time, log);
        inbox.Start();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await inbox!.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Reply_reaches_the_inbox_with_its_sender_words_and_delivery()
    {
        await using var client = await ConnectAsync();

        Assert.Equal("250 2.0.0 Kept", await client.SendMailAsync("camille@chu.example", ReplyAddress, "From: camille@chu.example\r\n\r\n1 à l'abri\r\n"));

        var reply = Assert.Single(received.Replies);
        Assert.Equal((ChannelKind.Email, "camille@chu.example", "1 à l'abri", new DeliveryId(4711)), (reply.Channel, reply.From, reply.Text, reply.InReplyTo));
        Assert.Equal(time.GetUtcNow(), reply.At);
    }

    [Fact]
    public async Task Reply_that_could_not_be_kept_is_asked_for_again_and_taken_then()
    {
        await using var client = await ConnectAsync();
        received.FailNext(1);
        const string Mail = "From: camille@chu.example\r\nMessage-ID: <1@chu.example>\r\n\r\n1\r\n";

        Assert.StartsWith("451", await client.SendMailAsync("camille@chu.example", ReplyAddress, Mail), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SendMailAsync("camille@chu.example", ReplyAddress, Mail), StringComparison.Ordinal);

        Assert.Equal(2, received.Replies.Count);
        Assert.Single(received.Replies.Select(reply => reply.DeduplicationKey).Distinct());
        Assert.Empty(log.Containing("camille"));
    }

    [Theory]
    [InlineData("someone@tocsin.example")]
    [InlineData("reponse@tocsin.example")]
    [InlineData("reponse+r3mv-aaaaaaaaaaaaaaaa@tocsin.example")]
    [InlineData("postmaster@elsewhere.example")]
    public async Task Recipient_that_we_did_not_give_out_is_refused(string recipient)
    {
        await using var client = await ConnectAsync();
        await client.AskAsync("MAIL FROM:<camille@chu.example>");

        Assert.Equal("550 5.1.1 No such mailbox", await client.AskAsync($"RCPT TO:<{recipient}>"));
        Assert.Equal("554 5.5.1 No recipient", await client.AskAsync("DATA"));
    }

    [Theory]
    [InlineData("MAIL FROM:<a@b.example> SIZE=99999999", "552")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=", "552")]
    [InlineData("MAIL FROM:<a@b.example> AUTH=<>", "555")]
    [InlineData("MAIL FROM:a@b.example", "501")]
    [InlineData("MAIL", "501")]
    [InlineData("RCPT TO:<a@b.example>", "503")]
    [InlineData("DATA", "503")]
    [InlineData("AUTH PLAIN AGEAYg==", "500")]
    [InlineData("EHLO", "501")]
    [InlineData("VRFY camille", "252")]
    [InlineData("EXPN all", "500")]
    [InlineData("NOOP", "250")]
    [InlineData("HELP", "214")]
    [InlineData("GET / HTTP/1.1", "500")]
    [InlineData("NO\0OP", "500")]
    public async Task Every_command_has_its_answer(string command, string code)
    {
        await using var client = await ConnectAsync();

        Assert.StartsWith(code, await client.AskAsync(command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_that_are_sent_together_are_answered_in_order()
    {
        await using var client = await ConnectAsync();

        await client.WriteAsync($"MAIL FROM:<a@b.example>\r\nRCPT TO:<nobody@tocsin.example>\r\nRCPT TO:<{ReplyAddress}>\r\nDATA\r\n");

        Assert.Equal(["250", "550", "250", "354"], [await client.CodeAsync(), await client.CodeAsync(), await client.CodeAsync(), await client.CodeAsync()]);
    }

    [Fact]
    public async Task Mail_that_is_too_large_is_refused_after_its_end_and_the_session_goes_on()
    {
        await using var client = await ConnectAsync();

        Assert.StartsWith("552", await client.SendMailAsync("a@b.example", ReplyAddress, $"\r\n{new string('x', 900)}\r\n{string.Concat(Enumerable.Repeat($"{new string('y', 900)}\r\n", 20))}"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.SendMailAsync("a@b.example", ReplyAddress, "From: a@b.example\r\n\r\n1\r\n"), StringComparison.Ordinal);

        Assert.Single(received.Replies);
    }

    [Fact]
    public async Task Client_that_only_makes_mistakes_is_closed_out()
    {
        await using var client = await ConnectAsync();

        for (var i = 0; i < 10; i++)
            Assert.StartsWith("500", await client.AskAsync("NONSENSE"), StringComparison.Ordinal);

        Assert.StartsWith("421", await client.AskAsync("NONSENSE"), StringComparison.Ordinal);
        Assert.Null(await client.ReadLineAsync());
    }

    [Fact]
    public async Task Line_without_end_is_closed_out()
    {
        await using var client = await ConnectAsync();

        Assert.StartsWith("500 5.5.6", await client.AskAsync(new string('x', 5000)), StringComparison.Ordinal);
        Assert.Null(await client.ReadLineAsync());
    }

    [Fact]
    public async Task Client_that_trickles_is_cut_like_one_that_is_silent()
    {
        await using var client = await ConnectAsync();

        await client.WriteAsync("NO");
        var closed = client.ReadLineAsync();
        await time.AdvanceUntilAsync(() => closed.IsCompleted, TimeSpan.FromSeconds(20), "the session is cut");

        Assert.Null(await closed);
    }

    [Fact]
    public async Task One_host_can_not_take_every_place()
    {
        var clients = new List<MailClient>();
        for (var i = 0; i < 4; i++)
            clients.Add(await ConnectAsync());

        await using (var refused = await MailClient.OpenAsync(inbox!.EndPoint!))
            Assert.Null(await refused.ReadLineAsync());

        await clients[0].DisposeAsync();
        await Eventually.HoldsAsync(async () =>
        {
            await using var next = await MailClient.OpenAsync(inbox.EndPoint!);
            return await next.ReadLineAsync() is not null;
        });
        foreach (var client in clients)
            await client.DisposeAsync();
    }

    [Fact]
    public async Task Tls_is_offered_and_what_was_said_before_it_does_not_count()
    {
        await using var client = await ConnectAsync();
        Assert.Contains("STARTTLS", client.Capabilities);
        await client.AskAsync("MAIL FROM:<a@b.example>");

        Assert.StartsWith("220", await client.AskAsync("STARTTLS"), StringComparison.Ordinal);
        await client.EncryptAsync(certificate!.PublicKeySha256);

        Assert.StartsWith("503", await client.AskAsync("MAIL FROM:<a@b.example>"), StringComparison.Ordinal);
        Assert.DoesNotContain("STARTTLS", await client.GreetAsync());
        Assert.StartsWith("250", await client.SendMailAsync("a@b.example", ReplyAddress, "From: a@b.example\r\n\r\n1\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_smuggled_in_behind_starttls_ends_the_session()
    {
        await using var client = await ConnectAsync();

        await client.WriteAsync("STARTTLS\r\nMAIL FROM:<a@b.example>\r\n");

        Assert.Null(await client.ReadLineAsync());
    }

    [Fact]
    public async Task Noise_ends_in_a_closed_session_and_never_in_a_defect()
    {
        var random = TestSeed.Random();
        string[] pieces = ["EHLO x", "MAIL FROM:<", "a@b.example", ">", "RCPT TO:<", ReplyAddress, "DATA", "\r\n", "\n", "\r", ".", " ", "\0", "STARTTLS", "RSET", "é", new string('z', 3000), "QUIT"];
        for (var round = 0; round < 60; round++)
        {
            await using var client = await MailClient.OpenAsync(inbox!.EndPoint!);
            await client.WriteAsync(string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => pieces[random.Next(pieces.Length)])));
            await client.EndAsync();
        }

        Assert.DoesNotContain(log.Lines, line => line.Contains("defect", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inbox_that_is_not_configured_listens_nowhere()
    {
        await using var off = new MailInbox(new MailInboxOptions(), received, time, log);

        off.Start();

        Assert.Null(off.EndPoint);
    }

    private async Task<MailClient> ConnectAsync()
    {
        var client = await MailClient.OpenAsync(inbox!.EndPoint!);
        Assert.Equal("220 tocsin.example ESMTP", await client.ReadLineAsync());
        await client.GreetAsync();
        return client;
    }

    /// <summary>A client that says what the test wants, right or wrong.</summary>
    private sealed class MailClient : IAsyncDisposable
    {
        private readonly TcpClient socket;
        private Stream stream;
        private StreamReader reader;

        private MailClient(TcpClient socket)
        {
            this.socket = socket;
            stream = socket.GetStream();
            reader = new StreamReader(stream, Encoding.UTF8);
        }

        public IReadOnlyList<string> Capabilities { get; private set; } = [];

        public static async Task<MailClient> OpenAsync(IPEndPoint endPoint)
        {
            var opened = new TcpClient();
            await opened.ConnectAsync(endPoint);
            return new MailClient(opened);
        }

        public async Task<IReadOnlyList<string>> GreetAsync()
        {
            await WriteAsync("EHLO client.example\r\n");
            var lines = new List<string>();
            do
                lines.Add((await ReadLineAsync())!);
            while (lines[^1][3] == '-');
            return Capabilities = [.. lines.Skip(1).Select(line => line[4..])];
        }

        public async Task<string> SendMailAsync(string sender, string recipient, string content)
        {
            Assert.StartsWith("250", await AskAsync($"MAIL FROM:<{sender}>"), StringComparison.Ordinal);
            Assert.StartsWith("250", await AskAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
            Assert.StartsWith("354", await AskAsync("DATA"), StringComparison.Ordinal);
            return await AskAsync($"{content}.");
        }

        public async Task<string> AskAsync(string command)
        {
            await WriteAsync($"{command}\r\n");
            return await ReadLineAsync() ?? "";
        }

        public async Task<string> CodeAsync() => (await ReadLineAsync())![..3];

        public async Task WriteAsync(string text)
        {
            try
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
            }
            catch (IOException)
            {
                // Cut by the inbox, which the test looks for in what it reads.
            }
        }

        /// <summary>Null once the inbox has closed.</summary>
        public async Task<string?> ReadLineAsync()
        {
            try
            {
                return await Eventually.CompletesAsync(reader.ReadLineAsync());
            }
            catch (IOException)
            {
                return null;
            }
        }

        public async Task EncryptAsync(string publicKeySha256)
        {
            var encrypted = new SslStream(stream);
            await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", RemoteCertificateValidationCallback = (_, shown, _, _) => PublicKeySha256(shown) == publicKeySha256 });
            stream = encrypted;
            reader = new StreamReader(stream, Encoding.UTF8);
        }

        private static string PublicKeySha256(X509Certificate? shown) =>
            Convert.ToHexStringLower(SHA256.HashData(((X509Certificate2)shown!).PublicKey.ExportSubjectPublicKeyInfo()));

        /// <summary>Says no more, and hears the inbox out.</summary>
        public async Task EndAsync()
        {
            try
            {
                socket.Client.Shutdown(SocketShutdown.Send);
                await Eventually.CompletesAsync(reader.ReadToEndAsync());
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                // Cut, which is an end too.
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            reader.Dispose();
            socket.Dispose();
        }
    }
}
