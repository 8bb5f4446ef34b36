using Tocsin.Media.Engine;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Accounts.SignIn;
using Tocsin.Server.Features.Meetings.Media;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.Meetings;
using MeetingOptions = Tocsin.Media.Forwarding.Meetings.MeetingOptions;
using RtpCapabilities = Tocsin.Media.Forwarding.Parameters.RtpCapabilities;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>Calls of one, before a meeting: what somebody sends comes back to them, so that they see which ways lead to the server's media port and how much these carry.</summary>
/// <remarks>
/// Such a call is of no meeting, stands in no list and is written down nowhere. Bounded: each ends by itself, few go on at once, and nobody begins one after the other without end. Any thread.
/// </remarks>
internal sealed partial class MediaChecks(MediaService media, CallRegistry calls, TimeProvider time, ILogger<MediaChecks> logger)
{
    /// <summary>Long enough for one way to be found or not, and its rate to rise.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>On this server: each sends and receives 2.5 Mbit/s.</summary>
    public const int MostAtOnce = 20;

    // A check page makes two, over UDP and over TCP: it may be tried again at once, and then twice a minute.
    private const int ChecksInARow = 8;
    private static readonly TimeSpan refill = TimeSpan.FromSeconds(15);

    // Some 200 bytes each.
    private const int MostRemembered = 10_000;

    // What it tells is "enough for a good picture" or less: more would only cost others their share.
    private static readonly MeetingOptions options = new() { MaximumParticipants = 1, LoopsBack = true, HighestBitRate = BitRate.FromMegabits(5) };

    private readonly Lock padlock = new();
    private readonly RecentlyUsedTable<string, TokenBucket> taken = new(MostRemembered);
    private int current;

    /// <summary>A call that is over with its stream: <see cref="EndAsync(Seat)"/>.</summary>
    public async Task<(Seat? Seat, Refusal? Refused)> BeginAsync(Visitor visitor, RtpCapabilities? device)
    {
        if (media.Host is not { } host) return (null, MeetingRefusals.MediaUnavailable);
        if (!TryTake(visitor.Person is { } person ? $"person:{person}" : visitor.ForAudit.Origin ?? "")) return (null, CommonRefusals.TooManyRequests);
        var call = new Call(new Meeting { Id = new(visitor.Id) }, new CallMedia(host, media, options));
        try
        {
            var attendee = new Attendee(visitor, time.GetUtcNow()) { Device = device };
            using (await call.EnterAsync())
            {
                var added = await call.Media.AddAsync(attendee.Id, device, attendee.Tell);
                attendee.Media = added!.Media;
                call.Add(attendee);
                var outbox = new EventOutbox();
                outbox.Add(new Joined(
                    attendee.Id, "", false, false, call.View, RtpWriting.Router, added.Transports.Send, added.Transports.Receive, call.ParticipantViews, added.Consumers, [], [], null, added.VideoCodec));
                attendee.Attach(outbox);
                attendee.Grace = time.CreateTimer(_ => _ = EndAsync(call), null, Longest, Timeout.InfiniteTimeSpan);
                return (new Seat(call, attendee, outbox), null);
            }
        }
        catch
        {
            call.Media.Close();
            GiveBack();
            throw;
        }
    }

    /// <summary>Its stream is no longer read.</summary>
    public async Task EndAsync(Seat seat)
    {
        await EndAsync(seat.Call);
        GiveBack();
    }

    private async Task EndAsync(Call call)
    {
        try
        {
            using (await call.EnterAsync()) calls.End(call);
        }
        catch (Exception exception)
        {
            NotEnded(logger, exception.GetType().Name);
        }
    }

    private bool TryTake(string whose)
    {
        lock (padlock)
        {
            // An account's limit is its own; guests behind one address share theirs.
            if (current >= MostAtOnce || taken.GetOrAdd(whose, () => new TokenBucket()).TryTake(time.GetUtcNow(), ChecksInARow, refill) > TimeSpan.Zero) return false;
            current++;
            return true;
        }
    }

    private void GiveBack()
    {
        lock (padlock) current--;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A check of somebody's way to the media port could not be ended: {Kind}.")]
    private static partial void NotEnded(ILogger logger, string kind);
}
