using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Peers;
using Tocsin.Server.Features.Meetings.Signalling;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>How well one participant's own connection carries, in words that others understand: not how good a picture it makes.</summary>
/// <remarks>The media thread only.</remarks>
internal sealed class ConnectionQuality
{
    // Speech is understood through 3 % of lost packets and not through 10 %; past a quarter of a second people begin to talk over each other, past half a second they cannot but.
    private const double FairLoss = 0.03;
    private const double PoorLoss = 0.10;
    private static readonly TimeSpan fairRoundTrip = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan poorRoundTrip = TimeSpan.FromMilliseconds(500);

    private long packets;
    private long lost;

    /// <summary>Since it was judged last, both ways; the worse counts.</summary>
    public Quality Judge(Instant now, AttendeeMedia media)
    {
        if (IsLost(media.Send.State) || IsLost(media.Receive.State)) return Quality.Lost;
        var path = media.Receive.Transport.Statistics;
        return Of(Math.Max(path.Loss, TakeLossOfWhatIsSent(now, media)), path.RoundTripTime);
    }

    /// <param name="loss">0 to 1.</param>
    public static Quality Of(double loss, TimeSpan roundTrip) =>
        loss >= PoorLoss || roundTrip >= poorRoundTrip ? Quality.Poor : loss >= FairLoss || roundTrip >= fairRoundTrip ? Quality.Fair : Quality.Good;

    private static bool IsLost(PeerState state) => state is PeerState.Disconnected or PeerState.Failed or PeerState.Closed;

    private double TakeLossOfWhatIsSent(Instant now, AttendeeMedia media)
    {
        long packetsNow = 0, lostNow = 0;
        foreach (var producer in media.Send.Transport.Producers)
        {
            foreach (var stream in producer.GetStatistics(now)) (packetsNow, lostNow) = (packetsNow + stream.Packets, lostNow + stream.Lost);
        }

        var (came, missing) = (packetsNow - packets, lostNow - lost);
        (packets, lost) = (packetsNow, lostNow);

        // A producer that was closed took its numbers with it: judged from the next time on.
        return came < 0 || missing < 0 || came + missing == 0 ? 0 : (double)missing / (came + missing);
    }
}
