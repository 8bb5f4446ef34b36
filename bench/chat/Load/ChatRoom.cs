using System.Diagnostics;
using System.Text;

namespace Tocsin.Bench.Chat.Load;

/// <summary>What a room has, and how far each client has it: the first to get a message says what comes next, all others must get the same, and what comes must have been sent.</summary>
internal sealed class ChatRoom(int members, Delays delays)
{
    private readonly Lock padlock = new();
    private readonly Dictionary<string, long> underWay = new(StringComparer.Ordinal);
    private readonly List<(byte[] Text, long DueAt)> log = [];
    private readonly int[] positions = new int[members];

    private int sent;

    /// <summary>What was delivered, in order.</summary>
    public IReadOnlyList<byte[]> Texts => [.. log.Select(message => message.Text)];

    /// <summary>A message is about to be sent.</summary>
    /// <param name="dueAt">When it should have been: a server that keeps authors waiting delays their messages.</param>
    public void Send(string text, long dueAt)
    {
        lock (padlock)
        {
            underWay.Add(text, dueAt);
            sent++;
        }
    }

    /// <exception cref="InvalidDataException">It is not what comes next in this room.</exception>
    public void Deliver(int member, ReadOnlySpan<byte> text)
    {
        var now = Stopwatch.GetTimestamp();
        lock (padlock)
        {
            var position = positions[member]++;
            if (position == log.Count)
            {
                var key = Encoding.ASCII.GetString(text);
                if (!underWay.Remove(key, out var due)) throw new InvalidDataException("A message came that nobody sent, or that had come before.");
                log.Add((text.ToArray(), due));
            }

            var (expected, dueAt) = log[position];
            if (!text.SequenceEqual(expected)) throw new InvalidDataException("A client got another message than the others did, or in another order.");
            delays.Add(Stopwatch.GetElapsedTime(dueAt, now));
        }
    }

    /// <exception cref="InvalidDataException">Somebody is without a message.</exception>
    public void VerifyComplete()
    {
        lock (padlock)
        {
            if (log.Count != sent) throw new InvalidDataException($"{sent - log.Count} of {sent} messages of a room came to nobody.");
            if (positions.Count(position => position != sent) is var behind and > 0) throw new InvalidDataException($"{behind} clients did not get every message of their room.");
        }
    }
}
