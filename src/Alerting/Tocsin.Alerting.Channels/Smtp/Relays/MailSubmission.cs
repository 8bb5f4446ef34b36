namespace Tocsin.Alerting.Channels.Smtp.Relays;

/// <summary>One mail on its way to one relay.</summary>
/// <param name="write">Writes the message. Called once a connection is free for it, so that what waits costs little memory.</param>
internal sealed class MailSubmission(Mailbox recipient, string envelopeSender, string envelopeId, Func<ReadOnlyMemory<byte>> write)
{
    private readonly TaskCompletionSource<RelayAnswer> resolution = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReadOnlyMemory<byte> content;

    public Mailbox Recipient { get; } = recipient;

    public string EnvelopeSender { get; } = envelopeSender;

    /// <summary>Our name for the envelope (RFC 3461 ENVID), which a report brings back.</summary>
    public string EnvelopeId { get; } = envelopeId;

    /// <summary>RFC 5322, lines ended by CRLF, none beginning with a dot.</summary>
    public ReadOnlyMemory<byte> Content => content.IsEmpty ? content = write() : content;

    public Task<RelayAnswer> Answer => resolution.Task;

    /// <summary>Nobody waits for the answer any more. Set by the sender's thread, read by a connection's.</summary>
    public bool IsAbandoned => Volatile.Read(ref abandoned);

    private bool abandoned;

    /// <summary>How often it was taken up again after a connection broke before it could have arrived. The owning connection only.</summary>
    public int Restarts { get; set; }

    public void Abandon() => Volatile.Write(ref abandoned, true);

    public void Resolve(RelayAnswer answer) => resolution.TrySetResult(answer);
}
