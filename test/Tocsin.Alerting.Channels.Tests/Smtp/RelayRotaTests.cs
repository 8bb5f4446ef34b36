using Tocsin.Alerting.Channels.Smtp.Relays;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

public sealed class RelayRotaTests
{
    [Fact]
    public void Relays_share_mail_by_weight_and_evenly_mixed()
    {
        var rota = new RelayRota([3, 1, 0]);

        var turns = Enumerable.Range(0, 8).Select(_ => rota.Order(_ => true)[0]).ToList();

        Assert.Equal([0, 0, 1, 0, 0, 0, 1, 0], turns);
    }

    [Fact]
    public void Every_relay_is_tried_once_those_that_seem_down_last()
    {
        var rota = new RelayRota([1, 5, 0]);

        Assert.Equal([0, 2, 1], rota.Order(relay => relay != 1));
    }

    [Fact]
    public void Relay_that_was_down_does_not_catch_up_in_one_rush()
    {
        var rota = new RelayRota([1, 1]);
        for (var i = 0; i < 100; i++)
            Assert.Equal(0, rota.Order(relay => relay == 0)[0]);

        var turns = Enumerable.Range(0, 10).Select(_ => rota.Order(_ => true)[0]).ToList();

        Assert.Equal(5, turns.Count(turn => turn == 1));
    }
}
