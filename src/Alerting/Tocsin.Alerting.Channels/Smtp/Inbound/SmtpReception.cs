using System.Globalization;
using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Inbound;

/// <summary>What the connection does after it has sent the reply to a command.</summary>
internal enum AfterReply
{
    ReadCommand,
    ReadContent,
    BeginTls,
    Close,
}

/// <summary>The server's side of one SMTP session as pure rules: command lines in, replies out. It knows neither socket nor clock.</summary>
/// <remarks>RFC 5321 section 4.1. One session's loop at a time. Never throws for anything that a client sends.</remarks>
internal sealed class SmtpReception(string hostName, int maximumMessageOctets, bool offersTls, Func<string, TaggedRecipient?> findRecipient)
{
    /// <summary>RFC 5321 section 4.5.3.1.4 asks for 512 octets, and each extension for some more.</summary>
    public const int MaximumLineOctets = 2048;

    /// <summary>A report or a reply is for one delivery; a list of them is somebody who guesses.</summary>
    private const int MaximumRecipients = 10;

    /// <summary>A client that makes more mistakes is none, or probes for addresses.</summary>
    private const int MaximumErrors = 10;

    private readonly List<TaggedRecipient> recipients = [];
    private bool greeted;
    private bool hasSender;
    private bool isTls;
    private int errors;

    /// <summary>Empty for a report (RFC 5321 section 4.5.5).</summary>
    public string Sender { get; private set; } = "";

    public IReadOnlyList<TaggedRecipient> Recipients => recipients;

    public string Greeting => $"220 {hostName} ESMTP\r\n";

    public (string Reply, AfterReply After) HandleLine(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > MaximumLineOctets)
            return ("500 5.5.6 Line too long\r\n", AfterReply.Close);
        var line = Encoding.UTF8.GetString(octets);
        if (line.AsSpan().ContainsAnyInRange('\0', '\x1F'))
            return Error("500 5.5.2 Control character");
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var verb = (space < 0 ? line : line[..space]).ToUpperInvariant();
        var rest = space < 0 ? "" : line[(space + 1)..].Trim(' ');
        return verb switch
        {
            "EHLO" => Greet(rest, extended: true),
            "HELO" => Greet(rest, extended: false),
            "MAIL" => TakeSender(rest),
            "RCPT" => TakeRecipient(rest),
            "DATA" => BeginContent(rest),
            "RSET" => Reset("250 2.0.0 OK"),
            "NOOP" => Say("250 2.0.0 OK"),
            "VRFY" => Say("252 2.5.0 Send some mail to find out"),
            "HELP" => Say("214 2.0.0 RFC 5321"),
            "QUIT" => ("221 2.0.0 Bye\r\n", AfterReply.Close),
            "STARTTLS" => BeginTls(rest),
            _ => Error("500 5.5.1 Unknown command"),
        };
    }

    /// <summary>The content is dealt with: the next transaction may begin.</summary>
    public void EndTransaction() => Reset("");

    /// <summary>RFC 3207 section 4.2: what was said before TLS does not count.</summary>
    public void TlsBegan()
    {
        isTls = true;
        greeted = false;
        Reset("");
    }

    private (string Reply, AfterReply After) Greet(string name, bool extended)
    {
        if (name.Length == 0)
            return Error("501 5.5.4 Name missing");
        greeted = true;
        Reset("");
        if (!extended)
            return Say($"250 {hostName}");
        var tls = offersTls && !isTls ? "250-STARTTLS\r\n" : "";
        return ($"250-{hostName}\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n{tls}250 SIZE {maximumMessageOctets}\r\n", AfterReply.ReadCommand);
    }

    private (string Reply, AfterReply After) TakeSender(string argument)
    {
        if (!greeted)
            return Error("503 5.5.1 EHLO first");
        if (hasSender)
            return Error("503 5.5.1 One sender at a time");
        if (!TryReadPath(argument, "FROM:", out var path, out var parameters))
            return Error("501 5.1.7 Sender not understood");
        foreach (var parameter in parameters)
        {
            var name = parameter.Split('=', 2)[0].ToUpperInvariant();
            if (name is not ("SIZE" or "BODY" or "SMTPUTF8"))
                return Error("555 5.5.4 Unknown parameter");
            if (name == "SIZE" && (!long.TryParse(parameter.AsSpan(Math.Min(5, parameter.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size > maximumMessageOctets))
                return Error("552 5.3.4 Message too large");
        }
        Sender = path;
        hasSender = true;
        return Say("250 2.1.0 OK");
    }

    private (string Reply, AfterReply After) TakeRecipient(string argument)
    {
        if (!hasSender)
            return Error("503 5.5.1 MAIL first");
        if (!TryReadPath(argument, "TO:", out var path, out var parameters) || path.Length == 0)
            return Error("501 5.1.3 Recipient not understood");
        if (parameters.Count > 0)
            return Error("555 5.5.4 Unknown parameter");
        if (recipients.Count == MaximumRecipients)
            return Error("452 4.5.3 Too many recipients");
        if (findRecipient(path) is not { } recipient)
            return Error("550 5.1.1 No such mailbox");
        recipients.Add(recipient);
        return Say("250 2.1.5 OK");
    }

    private (string Reply, AfterReply After) BeginContent(string argument)
    {
        if (argument.Length > 0)
            return Error("501 5.5.4 DATA has no argument");
        if (!hasSender)
            return Error("503 5.5.1 MAIL first");
        return recipients.Count == 0 ? Error("554 5.5.1 No recipient") : ("354 End with a dot on a line of its own\r\n", AfterReply.ReadContent);
    }

    private (string Reply, AfterReply After) BeginTls(string argument)
    {
        if (!offersTls || isTls)
            return Error("502 5.5.1 Not offered");
        return argument.Length > 0 ? Error("501 5.5.4 STARTTLS has no argument") : ("220 2.0.0 Begin\r\n", AfterReply.BeginTls);
    }

    private (string Reply, AfterReply After) Reset(string reply)
    {
        Sender = "";
        hasSender = false;
        recipients.Clear();
        return Say(reply);
    }

    private (string Reply, AfterReply After) Error(string reply) =>
        ++errors > MaximumErrors ? ("421 4.7.0 Too many errors\r\n", AfterReply.Close) : Say(reply);

    private static (string Reply, AfterReply After) Say(string reply) => ($"{reply}\r\n", AfterReply.ReadCommand);

    /// <summary>The first '>' that no quoted local part holds; -1 where there is none.</summary>
    private static int PathEnd(string text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted)
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == '>' && !quoted)
                return i;
        }
        return -1;
    }

    /// <summary><c>FROM:&lt;a@b.example&gt; SIZE=7</c>. An old source route (<c>@relay:a@b</c>) is passed over, as RFC 5321 appendix C asks.</summary>
    private static bool TryReadPath(string argument, string keyword, out string path, out IReadOnlyList<string> parameters)
    {
        path = "";
        parameters = [];
        if (!argument.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
            return false;
        var rest = argument[keyword.Length..].TrimStart(' ');
        var end = PathEnd(rest);
        if (rest.Length < 2 || rest[0] != '<' || end < 1 || (end + 1 < rest.Length && rest[end + 1] != ' '))
            return false;
        path = rest[1..end];
        if (path.Length > 0 && path[0] == '@')
            path = path[(path.IndexOf(':', StringComparison.Ordinal) + 1)..];
        parameters = rest[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return path.Length <= 254;
    }
}
