namespace Tocsin.Alerting.Channels.Sms.Replies;

/// <summary>One short message from a person, before it is joined with its other parts.</summary>
internal sealed record ReplyPart(string From, string To, byte DataCoding, byte[] Octets, PartNumber? Part);

/// <summary>Joins replies that were written in several short messages.</summary>
/// <remarks>Any thread. Bounded in texts, in parts of each, and in time; what cannot be joined goes on as it is: half an answer beats none.</remarks>
internal sealed class ReplyAssembly(TimeProvider time)
{
    /// <summary>Texts waiting at once. Each holds at most <see cref="MostParts"/> times 140 octets: 1.4 MB in all. Past that, parts go on one by one.</summary>
    private const int MostTexts = 1_000;

    private const int MostParts = 10;

    /// <summary>How long a missing part is waited for. Phones send the parts of one text within seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Lock gate = new();
    private readonly Dictionary<ReplyIdentity, JoinedReply> waiting = [];

    /// <summary>Puts a part where it belongs.</summary>
    /// <returns>The text that it is of; whole where this was the last part, or the only one.</returns>
    public JoinedReply Add(string providerId, ReplyPart part)
    {
        var now = time.GetUtcNow();
        if (part.Part is not { IsSound: true, Total: <= MostParts } number)
            return JoinedReply.Alone(providerId, part, now);

        lock (gate)
        {
            var identity = new ReplyIdentity(providerId, part.From, part.To, number.Reference, number.Total);
            if (!waiting.TryGetValue(identity, out var text))
            {
                if (waiting.Count >= MostTexts)
                    return JoinedReply.Alone(providerId, part, now);
                waiting.Add(identity, text = new JoinedReply(identity, now));
            }

            text.Put(part, number.Number);
            return text;
        }
    }

    /// <summary>The text is kept: its reference may come again for another.</summary>
    public void Remove(JoinedReply text)
    {
        lock (gate)
        {
            if (waiting.TryGetValue(text.Identity, out var held) && held == text)
                waiting.Remove(text.Identity);
        }
    }

    /// <summary>Texts whose missing parts are no longer waited for. They stay until they are removed.</summary>
    public IReadOnlyList<JoinedReply> Overdue() => SinceBefore(time.GetUtcNow() - Patience);

    /// <summary>All texts that wait.</summary>
    public IReadOnlyList<JoinedReply> All() => SinceBefore(DateTimeOffset.MaxValue);

    private List<JoinedReply> SinceBefore(DateTimeOffset moment)
    {
        lock (gate)
            return waiting.Count == 0 ? [] : [.. waiting.Values.Where(text => text.Since <= moment)];
    }
}

/// <summary>What the parts of one text have in common.</summary>
internal sealed record ReplyIdentity(string ProviderId, string From, string To, int Reference, byte Total);

/// <summary>A reply in one or several parts. Parts are put under the lock of its assembly.</summary>
internal sealed class JoinedReply(ReplyIdentity identity, DateTimeOffset since)
{
    private readonly ReplyPart?[] parts = new ReplyPart?[identity.Total];

    public ReplyIdentity Identity => identity;

    public DateTimeOffset Since => since;

    public bool IsWhole => Array.TrueForAll(parts, part => part is not null);

    /// <summary>Set once the text is kept, by the handler of its last part: the handlers of the others wait for it before they acknowledge theirs.</summary>
    public TaskCompletionSource Kept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The words. Parts are joined before they are read, because phones cut emoji in two; where a part is missing, "[...]" stands.</summary>
    public string Text
    {
        get
        {
            if (IsWhole)
                return ReplyText.Decode(parts[0]!.DataCoding, parts.SelectMany(part => part!.Octets).ToArray());
            return string.Concat(parts.Select(part => part is null ? "[...]" : ReplyText.Decode(part.DataCoding, part.Octets)));
        }
    }

    public static JoinedReply Alone(string providerId, ReplyPart part, DateTimeOffset since)
    {
        var text = new JoinedReply(new ReplyIdentity(providerId, part.From, part.To, Reference: -1, Total: 1), since);
        text.Put(part, 1);
        return text;
    }

    public void Put(ReplyPart part, byte number) => parts[number - 1] = part;
}
