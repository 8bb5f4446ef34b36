using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Tocsin.Storage.Meetings;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>That somebody was let into a meeting, sealed by the server for them to show when they come back: after a broken connection, or a restart of the server.</summary>
/// <remarks>It is no right by itself: an account must still be one that may join, a guest must still hold a link that works, and nobody must have put them out.</remarks>
internal sealed record ResumeTicket(Guid Meeting, Guid Visit, string Subject, DateTimeOffset ExpiresAt);

/// <summary>Seals and opens <see cref="ResumeTicket"/>s with the server's own keys.</summary>
internal sealed class ResumeTickets(IDataProtectionProvider protection, TimeProvider time)
{
    // Some 300 characters are sealed; a longer text is none of ours and is not even opened.
    private const int LongestSealed = 1_024;

    // The longest that a meeting is likely to last without anybody joining anew.
    private static readonly TimeSpan life = TimeSpan.FromHours(24);

    private readonly IDataProtector protector = protection.CreateProtector("Tocsin.Meetings.Resume");

    public string Seal(MeetingId meeting, Visitor visitor) =>
        protector.Protect(JsonSerializer.Serialize(new ResumeTicket(meeting.Value, visitor.Id, visitor.Subject, time.GetUtcNow() + life)));

    /// <returns>Null where it is none, too old, or of another meeting.</returns>
    public ResumeTicket? TryOpen(string? text, MeetingId meeting)
    {
        if (text is not { Length: > 0 and <= LongestSealed }) return null;
        try
        {
            var ticket = JsonSerializer.Deserialize<ResumeTicket>(protector.Unprotect(text));
            return ticket is not null && ticket.Meeting == meeting.Value && ticket.ExpiresAt > time.GetUtcNow() ? ticket : null;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException or FormatException)
        {
            return null;
        }
    }
}
