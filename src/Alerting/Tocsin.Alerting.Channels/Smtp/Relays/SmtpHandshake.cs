using System.Text;

namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>From a connected socket to a session that mail may be sent in: greeting, EHLO, TLS, authentication.</summary>
internal sealed class SmtpHandshake(SmtpWire wire, SmtpRelayOptions relay, SmtpChannelOptions channel, string heloName, TimeProvider time)
{
    public async Task<SmtpCapabilities> RunAsync()
    {
        await wire.ConnectAsync(relay.Host, relay.Port, channel.ConnectTimeout);
        if (relay.Security == SmtpSecurity.Implicit)
            await wire.EncryptAsync(ServerCertificateRule.For(relay, time), channel.ConnectTimeout);
        var greeting = await wire.ReadReplyAsync(channel.ConnectTimeout);
        if (greeting.Code != 220)
            throw RelayFaultException.Refused("greeting-refused", greeting);
        var capabilities = await GreetAsync();
        if (relay.Security is SmtpSecurity.StartTls or SmtpSecurity.Opportunistic)
            capabilities = await StartTlsAsync(capabilities);
        if (relay.UserName.Length > 0)
            await AuthenticateAsync(capabilities);
        return capabilities;
    }

    private async Task<SmtpCapabilities> GreetAsync()
    {
        var reply = await AskAsync($"EHLO {heloName}", keepText: true);
        if (reply.IsPositive)
            return SmtpCapabilities.Read(reply);
        // RFC 5321 section 3.2: a relay that knows no EHLO knows no extension either.
        if (reply.IsTransient)
            throw RelayFaultException.Refused("greeting-refused", reply);
        reply = await AskAsync($"HELO {heloName}");
        return reply.IsPositive ? SmtpCapabilities.None : throw RelayFaultException.Refused("greeting-refused", reply);
    }

    private async Task<SmtpCapabilities> StartTlsAsync(SmtpCapabilities capabilities)
    {
        if (capabilities.StartTls)
        {
            var reply = await AskAsync("STARTTLS");
            if (reply.Code == 220)
            {
                // What came in clear behind the 220 was put there by somebody on the path, to be taken for the relay's own words after TLS has begun.
                if (wire.HasUnreadInput)
                    throw new RelayFaultException("tls-refused", new(FailureCodes.CarrierUnavailable, "data before TLS"));
                await wire.EncryptAsync(ServerCertificateRule.For(relay, time), channel.ConnectTimeout);
                // RFC 3207 section 4.2: what was learnt before is forgotten.
                return await GreetAsync();
            }
        }
        return relay.Security == SmtpSecurity.Opportunistic ? capabilities : throw new RelayFaultException("tls-not-offered", new(FailureCodes.CarrierUnavailable, "no STARTTLS"));
    }

    private async Task AuthenticateAsync(SmtpCapabilities capabilities)
    {
        if (!wire.IsEncrypted && !relay.AllowAuthenticationWithoutTls)
            throw new RelayFaultException("tls-not-offered", new(FailureCodes.CarrierUnavailable, "no TLS for AUTH"));
        var reply = capabilities.Authentication switch
        {
            var offered when offered.Contains("SCRAM-SHA-256", StringComparer.Ordinal) => await ScramAsync(),
            var offered when offered.Contains("PLAIN", StringComparer.Ordinal) => await AskAsync($"AUTH PLAIN {Base64($"\0{relay.UserName}\0{relay.Password}")}"),
            var offered when offered.Contains("LOGIN", StringComparer.Ordinal) => await LoginAsync(),
            _ => throw new RelayFaultException("authentication-not-offered", new(FailureCodes.CarrierUnavailable, "no AUTH")),
        };
        if (reply.Code != 235)
            throw RelayFaultException.Refused("authentication-refused", reply);
    }

    private async Task<SmtpReply> LoginAsync()
    {
        var reply = await AskAsync("AUTH LOGIN");
        if (reply.Code == 334)
            reply = await AskAsync(Base64(relay.UserName));
        return reply.Code == 334 ? await AskAsync(Base64(relay.Password)) : reply;
    }

    private async Task<SmtpReply> ScramAsync()
    {
        var scram = new ScramSha256(relay.UserName, relay.Password);
        var reply = await AskAsync($"AUTH SCRAM-SHA-256 {Base64(scram.ClientFirst)}", keepText: true);
        if (reply.Code != 334)
            return reply;
        if (!TryReadBase64(reply, out var serverFirst) || !scram.TryAnswer(serverFirst, out var clientFinal))
            throw new RelayFaultException("authentication-refused", new(FailureCodes.CarrierUnavailable, "SCRAM"));
        reply = await AskAsync(Base64(clientFinal), keepText: true);
        if (reply.Code != 334)
            return reply;
        // A relay that can't prove that it knows the password is not the one that we were told of.
        if (!TryReadBase64(reply, out var serverFinal) || !scram.Verify(serverFinal))
            throw new RelayFaultException("authentication-refused", new(FailureCodes.CarrierUnavailable, "SCRAM"));
        return await AskAsync("");
    }

    private async Task<SmtpReply> AskAsync(string command, bool keepText = false)
    {
        wire.Write(command);
        wire.Write("\r\n"u8);
        await wire.FlushAsync(channel.ReplyTimeout);
        return await wire.ReadReplyAsync(channel.ReplyTimeout, keepText);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static bool TryReadBase64(SmtpReply reply, out string text)
    {
        var encoded = reply.Lines.Count > 0 ? reply.Lines[^1] : "";
        var valid = System.Buffers.Text.Base64.IsValid(encoded);
        text = valid ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : "";
        return valid;
    }
}
