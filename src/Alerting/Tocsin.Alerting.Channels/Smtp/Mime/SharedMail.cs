using System.Buffers;
using System.Text;
using Tocsin.Alerting.Channels.Sharing;

namespace Tocsin.Alerting.Channels.Smtp.Mime;

/// <summary>What of an alert's mail is the same for everyone. Some 9 of its 10 kB, and nearly all of the work of writing it.</summary>
internal sealed class SharedMail
{
    private readonly LinkedOctets rest;

    private SharedMail(byte[] sender, LinkedOctets rest) => (Sender, this.rest) = (sender, rest);

    /// <summary>As <see cref="AlertMail.WriteSender"/> writes it.</summary>
    public byte[] Sender { get; }

    /// <summary>About how long a whole mail is, its personal fields included.</summary>
    public int Length => rest.Length + 1024;

    /// <returns>Null where nothing can be shared.</returns>
    public static SharedMail? Of(OutboundMessage message, MailIdentity identity)
    {
        var linked = LinkedOctets.TryMake(message.AnswerLink, link => Written(output => AlertMail.WriteRest(output, message with { AnswerLink = link }, identity)), Encoding.ASCII.GetBytes);
        return linked is null ? null : new SharedMail(Written(output => AlertMail.WriteSender(output, message, identity)), linked);
    }

    /// <summary>As <see cref="AlertMail.WriteRest"/> writes it.</summary>
    public void WriteRest(IBufferWriter<byte> output, OutboundMessage message)
    {
        var characters = LinkedOctets.TokenOf(message.AnswerLink);
        Span<byte> token = stackalloc byte[characters.Length];
        Encoding.ASCII.GetBytes(characters, token);
        rest.Fill(output.GetSpan(rest.Length), token);
        output.Advance(rest.Length);
    }

    private static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>(16 * 1024);
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
