namespace Tocsin.Alerting.Channels.Sharing;

/// <summary>Keeps what was written for a message, for the next person who is sent the same.</summary>
/// <remarks>Any thread. A message that nobody else gets is written three times; one that 100,000 people get, three times too.</remarks>
internal sealed class SharedWriting<T>
    where T : class
{
    // Languages times purposes times lengths of token of the alerts that are going out at this moment. Looked through one by one.
    private const int MostKept = 16;

    private volatile Entry[] entries = [];

    /// <param name="make">Makes what is shared; null where nothing can be.</param>
    public T? Get(OutboundMessage message, Func<OutboundMessage, T?> make)
    {
        foreach (var entry in entries)
        {
            if (entry.IsFor(message))
                return entry.Written;
        }

        var made = new Entry(message, make(message));
        entries = [made, .. entries.Take(MostKept - 1)];
        return made.Written;
    }

    /// <param name="Written">Null is kept too: what cannot be shared is not tried for each person again.</param>
    private sealed record Entry(OutboundMessage Message, T? Written)
    {
        private readonly int linkLength = Message.AnswerLink?.OriginalString.Length ?? -1;
        private readonly int tokenLength = LinkedOctets.TokenOf(Message.AnswerLink).Length;

        /// <summary>All that a channel writes of a message, but for whom it is to and their token. Texts are nearly always the same object: then this is quick.</summary>
        public bool IsFor(OutboundMessage other) =>
            Message.AlertId == other.AlertId
            && Message.Language == other.Language
            && Message.Purpose == other.Purpose
            && Message.Mode == other.Mode
            && Message.Severity == other.Severity
            && Message.AlertNumber == other.AlertNumber
            && Message.RaisedAt.EqualsExact(other.RaisedAt)
            && Message.Title == other.Title
            && Message.Body == other.Body
            && Message.Organisation == other.Organisation
            && (ReferenceEquals(Message.Answers, other.Answers) || Message.Answers.SequenceEqual(other.Answers))
            && HasLinkLike(other.AnswerLink);

        private bool HasLinkLike(Uri? link)
        {
            if (link is null || linkLength < 0)
                return link is null && linkLength < 0;
            return link.OriginalString.Length == linkLength
                && LinkedOctets.TokenOf(link).Length == tokenLength
                && tokenLength > 0
                && link.OriginalString.AsSpan(0, linkLength - tokenLength).SequenceEqual(Message.AnswerLink!.OriginalString.AsSpan(0, linkLength - tokenLength));
        }
    }
}
