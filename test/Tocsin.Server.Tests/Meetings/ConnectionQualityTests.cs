using Tocsin.Server.Features.Meetings.Calls;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Meetings;

public sealed class ConnectionQualityTests
{
    [Theory]
    [InlineData(0, 20, Quality.Good)]
    [InlineData(0.029, 249, Quality.Good)]
    [InlineData(0.03, 20, Quality.Fair)]
    [InlineData(0, 250, Quality.Fair)]
    [InlineData(0.10, 20, Quality.Poor)]
    [InlineData(0, 500, Quality.Poor)]
    internal void The_worse_of_loss_and_delay_counts(double loss, int roundTripMilliseconds, Quality expected) =>
        Assert.Equal(expected, ConnectionQuality.Of(loss, TimeSpan.FromMilliseconds(roundTripMilliseconds)));

    [Fact]
    public async Task Those_whose_connection_is_good_are_not_spoken_of()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerUnderTest.StartAsync(time: time);
        await using var claire = await MeetingPerson.WithRolesAsync(server, Roles.CrisisDirector);
        await claire.JoinAsync(await claire.OpenMeetingAsync());
        for (var i = 0; i < 3; i++) time.Advance(QualityWatch.Interval);
        await claire.DoAsync("ApplyToGroup", new { keyPackage = "S0VZ" });
        Assert.Equal("group-application", MeetingPerson.KindOf(await claire.NextAsync()));
    }
}
