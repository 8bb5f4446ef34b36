using System.Collections.Concurrent;
using System.Net;
using Tocsin.Media.Engine;
using Tocsin.Media.Engine.Dtls;
using Tocsin.Media.Forwarding.Meetings;
using Tocsin.Media.Forwarding.Publishing;
using Tocsin.Media.Forwarding.Subscribing;

namespace Tocsin.Media.Host.Tests;

/// <summary>Where meetings go.</summary>
public sealed class MediaHostTests : IMeetingEvents
{
    private readonly ConcurrentQueue<Exception> _faults = new();

    [Fact]
    public async Task Meetings_are_spread_over_the_threads_and_a_closed_one_makes_room()
    {
        using var host = MediaHost.Start(DtlsCertificate.Create(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), IPAddress.Loopback, 0, 0, _faults.Enqueue, threads: 3);
        Assert.Equal(3, host.Loops.Count);
        Assert.All(host.Loops, loop => Assert.Equal(host.UdpEndPoint, loop.LocalEndPoint));
        var meetings = Enumerable.Range(0, 9).Select(_ => host.OpenMeeting(new MeetingOptions(), this)).ToArray();
        // A thread that has had something to do meanwhile may have got one less.
        Assert.All(host.Loops, loop => Assert.InRange(loop.MeetingCount, 1, 7));
        Assert.Equal(9, host.Loops.Sum(loop => loop.MeetingCount));
        foreach (var meeting in meetings)
        {
            meeting.Close();
            meeting.Close();
            await meeting.AskAsync(_ => 0);
        }
        Assert.All(host.Loops, loop => Assert.Equal(0, loop.MeetingCount));
        Assert.Empty(_faults);
    }

    [Fact]
    public void There_is_a_thread_for_each_core_unless_told_otherwise()
    {
        using var host = MediaHost.Start(DtlsCertificate.Create(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), IPAddress.Loopback, 0, null, _faults.Enqueue);
        Assert.Equal(Math.Min(Environment.ProcessorCount, MediaHost.MaximumThreads), host.Loops.Count);
        Assert.Null(host.TcpEndPoint);
    }

    void IMeetingEvents.OnConsumerClosed(Instant now, Consumer consumer)
    {
    }

    void IMeetingEvents.OnLayersChanged(Instant now, Consumer consumer)
    {
    }

    void IMeetingEvents.OnDemandChanged(Instant now, Producer producer)
    {
    }

    void IMeetingEvents.OnActiveSpeakersChanged(Instant now, Meeting meeting)
    {
    }
}
