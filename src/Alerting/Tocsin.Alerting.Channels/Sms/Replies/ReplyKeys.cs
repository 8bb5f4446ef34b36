using System.Globalization;

namespace Tocsin.Alerting.Channels.Sms.Replies;

/// <summary>Names each reply, and gives the same name again to a reply that the carrier brings a second time.</summary>
/// <remarks>
/// SMPP has no id for what phones send, so a repetition is told from a person who writes the same again ("1" to one alert, "1" to the next) by whether the carrier
/// had a reason to repeat: the same words as the sender's last, of which no acknowledgement is known to have reached it. Kept in memory: after a restart
/// a repetition gets a name of its own, and an answer given twice counts once.
/// </remarks>
internal sealed class ReplyKeys(TimeProvider time)
{
    /// <summary>Senders remembered; the oldest are forgotten first. About 200 octets each.</summary>
    private const int MostSenders = 20_000;

    /// <summary>An acknowledgement later than this may have found that the carrier had given up waiting.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(5);

    /// <summary>Carriers that repeat do so within this time.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> lastBySender = new(StringComparer.Ordinal);
    private readonly Queue<Entry> oldest = new();

    /// <param name="session">What the reply came over: an acknowledgement given to a session that has ended since may have been lost.</param>
    public Entry For(string sender, string text, long session)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var hash = text.GetHashCode(StringComparison.Ordinal);
            if (lastBySender.TryGetValue(sender, out var last) && last.TextHash == hash && now - last.At < Memory && (!last.AcknowledgedPromptly || last.Session != session))
            {
                last.Session = session;
                return last;
            }

            var entry = new Entry(sender, hash, now, Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture)) { Session = session };
            lastBySender[sender] = entry;
            oldest.Enqueue(entry);
            while (oldest.Count > MostSenders)
            {
                var forgotten = oldest.Dequeue();
                if (lastBySender.TryGetValue(forgotten.Sender, out var held) && held == forgotten)
                    lastBySender.Remove(forgotten.Sender);
            }

            return entry;
        }
    }

    /// <summary>The reply is kept and its acknowledgement is about to be written.</summary>
    public void Acknowledge(Entry entry)
    {
        lock (gate)
            entry.AcknowledgedPromptly |= time.GetUtcNow() - entry.At < Prompt;
    }

    /// <summary>A sender's last reply. Guarded by the lock of <see cref="ReplyKeys"/>.</summary>
    internal sealed class Entry(string sender, int textHash, DateTimeOffset at, string key)
    {
        public string Sender { get; } = sender;

        public int TextHash { get; } = textHash;

        public DateTimeOffset At { get; } = at;

        public string Key { get; } = key;

        public bool AcknowledgedPromptly { get; set; }

        public long Session { get; set; }
    }
}
