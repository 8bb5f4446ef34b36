using Tocsin.Alerting.Channels.Sms.Smpp;

namespace Tocsin.Alerting.Channels.Tests.Sms.Smpp;

/// <summary>A short message with random fields, all of which the protocol allows.</summary>
internal sealed record RandomMessage(byte[] ServiceType, byte[] Source, byte[] Destination, byte[] Octets, byte[] Validity, byte[] UserData, byte[] Optional)
{
    public static RandomMessage Make(Random random) => new(
        Text(random, 5),
        Text(random, 20),
        Text(random, 20),
        Any(random, 11),
        Text(random, 16),
        Any(random, random.Next(ShortMessage.LongestUserData + 1)),
        Parameters(random));

    public static byte[] Text(Random random, int longest) => [.. Enumerable.Range(0, random.Next(longest + 1)).Select(_ => (byte)random.Next(1, 256))];

    public ShortMessage AsPdu()
    {
        Assert.True(OptionalParameters.TryParse(Optional, out var optional));
        return new ShortMessage
        {
            ServiceType = ServiceType,
            Source = new SmppAddress { Ton = Octets[0], Npi = Octets[1], Value = Source },
            Destination = new SmppAddress { Ton = Octets[2], Npi = Octets[3], Value = Destination },
            EsmClass = (EsmClass)Octets[4],
            ProtocolId = Octets[5],
            Priority = Octets[6],
            ScheduleDeliveryTime = Validity,
            ValidityPeriod = Validity,
            RegisteredDelivery = Octets[7],
            ReplaceIfPresent = Octets[8],
            DataCoding = Octets[9],
            DefaultMessageId = Octets[10],
            UserData = UserData,
            Optional = optional,
        };
    }

    public void AssertEqual(in ShortMessage read)
    {
        Assert.Equal(ServiceType, read.ServiceType.ToArray());
        Assert.Equal(Source, read.Source.Value.ToArray());
        Assert.Equal(Destination, read.Destination.Value.ToArray());
        byte[] octets =
        [
            read.Source.Ton, read.Source.Npi, read.Destination.Ton, read.Destination.Npi, (byte)read.EsmClass, read.ProtocolId, read.Priority,
            read.RegisteredDelivery, read.ReplaceIfPresent, read.DataCoding, read.DefaultMessageId,
        ];
        Assert.Equal(Octets, octets);
        Assert.Equal(Validity, read.ScheduleDeliveryTime.ToArray());
        Assert.Equal(Validity, read.ValidityPeriod.ToArray());
        Assert.Equal(UserData, read.UserData.ToArray());
        Assert.Equal(Optional, read.Optional.Octets.ToArray());
    }

    private static byte[] Parameters(Random random)
    {
        var octets = new List<byte>();
        for (var count = random.Next(4); count > 0; count--)
        {
            var value = Any(random, random.Next(40));
            octets.AddRange([0x04, (byte)random.Next(256), 0, (byte)value.Length, .. value]);
        }

        return [.. octets];
    }

    private static byte[] Any(Random random, int length)
    {
        var octets = new byte[length];
        random.NextBytes(octets);
        return octets;
    }
}
