using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>A real OpenSMTPD on loopback, with a queue and a control socket of its own, that delivers to a directory of the test's.</summary>
/// <remarks>
/// Its queue and socket have fixed places, so it runs in a mount namespace in which those are empty. That needs root, as the daemon itself does.
/// Mail for chu.example is delivered; the program that should take mail for gone.example says that there is no such user, so it comes back as a report.
/// It speaks without TLS: in Debian 12 its TLS does not work with that system's OpenSSL 3 (OpenSMTPD issue 1171); <see cref="SmtpTlsTests"/> have another server.
/// </remarks>
internal sealed class OpenSmtpd : IAsyncDisposable
{
    private readonly ScratchDirectory directory = new();
    private ChildProcess? process;

    private OpenSmtpd() => MailDirectory = directory.File("mail");

    public int Port { get; } = LoopbackPort.Free();

    private string MailDirectory { get; }

    /// <param name="inboxPort">Where reports for tocsin.example go.</param>
    public static async Task<OpenSmtpd> StartAsync(int inboxPort)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "OpenSMTPD runs as root only.");
        var relay = new OpenSmtpd();
        await relay.BeginAsync(inboxPort);
        return relay;
    }

    /// <summary>Waits for so many mails and gives them as they were written.</summary>
    public async Task<IReadOnlyList<byte[]>> DeliveredAsync(int count)
    {
        var arrived = Path.Combine(MailDirectory, "new");
        await Eventually.HoldsAsync(() => Directory.Exists(arrived) && Directory.GetFiles(arrived).Length >= count, $"{count} mails are delivered");
        return [.. Directory.GetFiles(arrived).Select(File.ReadAllBytes)];
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        directory.Dispose();
    }

    private async Task BeginAsync(int inboxPort)
    {
        // The daemon delivers as an unprivileged user, who must get through the scratch directory and write below it.
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(MailDirectory);
        File.SetUnixFileMode(MailDirectory, Owner | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(directory.Path, Owner | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await File.WriteAllTextAsync(directory.File("users"), "@ nobody\n");
        await File.WriteAllTextAsync(directory.File("smtpd.conf"), Configuration(inboxPort));
        const string Isolated = "mount -t tmpfs tmpfs /run && mkdir -p /var/spool && mount -t tmpfs -o mode=755 tmpfs /var/spool && exec smtpd -d -f \"$0\"";
        process = ChildProcess.Start("unshare", ["--mount", "sh", "-c", Isolated, directory.File("smtpd.conf")], directory.Path, SystemPath());
        await process.WaitForLineAsync("OpenSMTPD .* starting");
        await Eventually.HoldsAsync(AcceptsAsync, "OpenSMTPD accepts connections");
    }

    private async ValueTask<bool> AcceptsAsync()
    {
        using var probe = new System.Net.Sockets.TcpClient();
        try
        {
            await probe.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private string Configuration(int inboxPort) =>
        $$"""
        table users file:{{directory.File("users")}}
        listen on 127.0.0.1 port {{Port}}
        action "deliver" maildir "{{MailDirectory}}" virtual <users>
        action "no-such-user" mda "exit 67" virtual <users>
        action "back" relay host smtp://127.0.0.1:{{inboxPort}}
        match from any for domain "gone.example" action "no-such-user"
        match from any for domain "chu.example" action "deliver"
        match from any for domain "tocsin.example" action "back"

        """;

    /// <summary>Daemons are in sbin, which is not on everybody's path.</summary>
    private static Dictionary<string, string> SystemPath() => new(StringComparer.Ordinal) { ["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin" };
}
