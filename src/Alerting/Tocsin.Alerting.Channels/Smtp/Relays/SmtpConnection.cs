namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>One session with a relay: takes mails from the relay's queue and hands them over until there are none, or the session ends.</summary>
/// <remarks>
/// Where PIPELINING (RFC 2920) is offered, MAIL, RCPT and DATA leave in one packet, and the next mail's leave behind the final dot of the one before, so that
/// a mail costs one round trip. One loop owns a connection; nothing here is shared.
/// </remarks>
internal sealed class SmtpConnection(SmtpWire wire, SmtpCapabilities capabilities, SmtpRelayOptions relay, SmtpChannelOptions channel, SmtpRelay queue) : IDisposable
{
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    private MailSubmission? current;

    /// <summary>The mail after the current one, where its envelope has been sent already.</summary>
    private MailSubmission? ahead;

    private bool envelopeSent;

    /// <summary>A transaction was refused half-way: RSET must go before the next.</summary>
    private bool needsReset;

    private bool resetSent;

    /// <summary>From here on the relay may have the whole of the current mail.</summary>
    private bool dotSent;

    private int served;

    /// <summary>Returns when the session has ended, for whatever reason. Every mail taken is resolved or given back to the queue.</summary>
    public async Task ServeAsync()
    {
        try
        {
            while (served < relay.MaximumMessagesPerConnection && (current ??= await queue.TakeAsync(channel.IdleTimeout)) is { } mail)
                await TransactAsync(mail);
            await SayFarewellAsync();
        }
        catch (RelayFaultException fault)
        {
            GiveUp(fault);
        }
        catch (Exception unexpected)
        {
            // A defect of ours must not leave a sender waiting for ever, nor go round with its mail.
            var answer = new RelayAnswer(RelayVerdict.Unknown, new(FailureCodes.ConnectionLost));
            current?.Resolve(answer);
            ahead?.Resolve(answer);
            throw new InvalidOperationException("A mail connection ended by a defect.", unexpected);
        }
    }

    /// <summary>Cuts the session where nobody waits for its mail any more. For the relay as it closes, from its thread.</summary>
    public void EndIfAbandoned()
    {
        if (Volatile.Read(ref current) is { IsAbandoned: true })
            wire.Dispose();
    }

    public void Dispose() => wire.Dispose();

    private async ValueTask TransactAsync(MailSubmission mail)
    {
        if (!envelopeSent && !await SendEnvelopeAsync(mail))
        {
            current = null;
            return;
        }
        envelopeSent = false;
        if (await OpenAsync(mail) is { } refusal)
        {
            Resolve(mail, refusal);
            return;
        }
        wire.Write(mail.Content.Span);
        wire.Write(".\r\n"u8);
        WriteAhead();
        dotSent = true;
        var reply = await AwaitAcceptanceAsync();
        dotSent = false;
        served++;
        Resolve(mail, RelayAnswers.ToContent(reply));
        ThrowIfClosing(reply);
        (current, ahead, envelopeSent) = (ahead, null, ahead is not null);
    }

    private async ValueTask<SmtpReply> AwaitAcceptanceAsync()
    {
        var sentAt = queue.Clock.GetTimestamp();
        var patience = queue.Patience;
        try
        {
            await wire.FlushAsync(patience.Now);
            var reply = await wire.ReadReplyAsync(patience.Now);
            patience.Answered(queue.Clock.GetElapsedTime(sentAt));
            return reply;
        }
        catch (RelayFaultException fault) when (fault.IsTimeout)
        {
            patience.FellSilent();
            throw;
        }
    }

    /// <summary>Sends what may be sent before the first reply. False where the mail can't go to this relay at all: it is resolved.</summary>
    private async ValueTask<bool> SendEnvelopeAsync(MailSubmission mail)
    {
        if (Unsendable(mail) is { } answer)
        {
            mail.Resolve(answer);
            return false;
        }
        WriteReset();
        if (capabilities.Pipelining)
        {
            WriteEnvelope(mail);
            await wire.FlushAsync(channel.ReplyTimeout);
        }
        return true;
    }

    private RelayAnswer? Unsendable(MailSubmission mail)
    {
        if (mail.Recipient.NeedsSmtpUtf8 && !capabilities.SmtpUtf8)
            return new(RelayVerdict.RefusedByRelay, new(FailureCodes.AddressInvalid, "no SMTPUTF8"));
        return capabilities.MaximumMessageOctets < mail.Content.Length ? new(RelayVerdict.RefusedByRelay, new(FailureCodes.MessageTooLarge)) : null;
    }

    private async ValueTask<RelayAnswer?> OpenAsync(MailSubmission mail)
    {
        if (resetSent)
        {
            if (!capabilities.Pipelining)
                await wire.FlushAsync(channel.ReplyTimeout);
            ThrowIfClosing(await wire.ReadReplyAsync(channel.ReplyTimeout));
            resetSent = false;
        }
        return capabilities.Pipelining ? await ReadEnvelopeRepliesAsync() : await AskEnvelopeAsync(mail);
    }

    private async ValueTask<RelayAnswer?> ReadEnvelopeRepliesAsync()
    {
        var sender = await wire.ReadReplyAsync(channel.ReplyTimeout);
        ThrowIfClosing(sender);
        var recipient = await wire.ReadReplyAsync(channel.ReplyTimeout);
        ThrowIfClosing(recipient);
        var data = await wire.ReadReplyAsync(channel.ReplyTimeout);
        var refusal = RelayAnswers.ToSender(sender) ?? RelayAnswers.ToRecipient(recipient) ?? RelayAnswers.ToData(data);
        if (refusal is not null && data.Code == 354)
        {
            // RFC 2920 section 3.1: a relay may answer 354 though it has no recipient. It gets an empty message, which it must refuse.
            wire.Write(".\r\n"u8);
            await wire.FlushAsync(channel.ReplyTimeout);
            data = await wire.ReadReplyAsync(channel.ReplyTimeout);
        }
        else
        {
            needsReset = refusal is not null;
        }
        ThrowIfClosing(data);
        return refusal;
    }

    private async ValueTask<RelayAnswer?> AskEnvelopeAsync(MailSubmission mail)
    {
        needsReset = true;
        WriteSender(mail);
        if (RelayAnswers.ToSender(await AskAsync()) is { } badSender)
            return badSender;
        WriteRecipient(mail);
        if (RelayAnswers.ToRecipient(await AskAsync()) is { } badRecipient)
            return badRecipient;
        wire.Write("DATA\r\n"u8);
        if (RelayAnswers.ToData(await AskAsync()) is { } refusal)
            return refusal;
        needsReset = false;
        return null;
    }

    private async ValueTask<SmtpReply> AskAsync()
    {
        await wire.FlushAsync(channel.ReplyTimeout);
        var reply = await wire.ReadReplyAsync(channel.ReplyTimeout);
        ThrowIfClosing(reply);
        return reply;
    }

    private void WriteAhead()
    {
        if (!capabilities.Pipelining || relay.EnvelopesAhead == 0 || served + 1 >= relay.MaximumMessagesPerConnection)
            return;
        ahead = queue.TryTake();
        if (ahead is not null && Unsendable(ahead) is { } answer)
        {
            ahead.Resolve(answer);
            ahead = null;
        }
        if (ahead is not null)
            WriteEnvelope(ahead);
    }

    private void WriteReset()
    {
        if (!needsReset)
            return;
        wire.Write("RSET\r\n"u8);
        needsReset = false;
        resetSent = true;
    }

    private void WriteEnvelope(MailSubmission mail)
    {
        WriteSender(mail);
        WriteRecipient(mail);
        wire.Write("DATA\r\n"u8);
    }

    private void WriteSender(MailSubmission mail)
    {
        wire.Write($"MAIL FROM:<{mail.EnvelopeSender}>");
        if (capabilities.Size)
            wire.Write($" SIZE={mail.Content.Length}");
        if (capabilities.DeliveryStatusNotifications)
            wire.Write($" RET=HDRS ENVID={mail.EnvelopeId}");
        if (mail.Recipient.NeedsSmtpUtf8)
            wire.Write(capabilities.EightBitMime ? " BODY=8BITMIME SMTPUTF8" : " SMTPUTF8");
        wire.Write("\r\n"u8);
    }

    private void WriteRecipient(MailSubmission mail)
    {
        wire.Write($"RCPT TO:<{mail.Recipient}>");
        if (capabilities.DeliveryStatusNotifications)
            wire.Write(" NOTIFY=FAILURE,DELAY");
        wire.Write("\r\n"u8);
    }

    private void Resolve(MailSubmission mail, RelayAnswer answer)
    {
        current = null;
        mail.Resolve(answer);
    }

    /// <summary>RFC 5321 section 3.8: 421 may answer any command, and the relay then closes.</summary>
    private static void ThrowIfClosing(SmtpReply reply)
    {
        if (reply.Code == 421)
            throw RelayFaultException.Refused("relay-closing", reply);
    }

    private async ValueTask SayFarewellAsync()
    {
        wire.Write("QUIT\r\n"u8);
        await wire.FlushAsync(FarewellTimeout);
        await wire.ReadReplyAsync(FarewellTimeout);
    }

    private void GiveUp(RelayFaultException fault)
    {
        if (current is { } mail)
        {
            if (dotSent)
                mail.Resolve(new(RelayVerdict.Unknown, fault.Reason));
            else if (fault.IsBreak && mail.Restarts++ == 0)
                queue.GiveBack(mail);
            else
                mail.Resolve(new(RelayVerdict.RelayFailed, fault.Reason));
        }
        if (ahead is not null)
            queue.GiveBack(ahead);
        (current, ahead) = (null, null);
    }
}
