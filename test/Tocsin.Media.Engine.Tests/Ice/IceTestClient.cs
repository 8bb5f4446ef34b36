using System.Text;
using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Wire;
using Tocsin.Media.Wire.Stun;

namespace Tocsin.Media.Engine.Tests.Ice;

/// <summary>Writes connectivity checks as browsers do, and reads the answers.</summary>
internal sealed class IceTestClient(IceCredentials server, Random random)
{
    private readonly byte[] _transactionId = new byte[12];

    public IceCredentials Server { get; set; } = server;

    public static NetworkPath Path(int number, PathProtocol protocol = PathProtocol.Udp) =>
        new(TransportAddress.IPv4(0xC0000200 + (uint)number, (ushort)(50_000 + number)), protocol, number);

    public byte[] Check(
        bool nominates = false,
        uint priority = 1_853_824_767,
        bool isControlled = false,
        string? user = null,
        string? password = null,
        bool hasPriority = true,
        bool hasIntegrity = true,
        bool hasFingerprint = true)
    {
        random.NextBytes(_transactionId);
        var buffer = new byte[400];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, _transactionId);
        writer.AddUsername(Encoding.ASCII.GetBytes(user ?? Server.UsernameFragment + ":peer"));
        // GOOG-NETWORK-INFO, which Chromium adds: one that need not be understood.
        writer.Add((StunAttributeType)0xC057, [0, 1, 0, 10]);
        if (isControlled) writer.AddIceControlled(7);
        else writer.AddIceControlling(7);
        if (nominates) writer.AddUseCandidate();
        if (hasPriority) writer.AddPriority(priority);
        if (hasIntegrity) writer.AddMessageIntegrity(Encoding.ASCII.GetBytes(password ?? Server.Password));
        if (hasFingerprint) writer.AddFingerprint();
        Assert.True(writer.TryFinish(out var written));
        return buffer[..written];
    }

    /// <summary>A check with an attribute that is not in any RFC and must be understood.</summary>
    public byte[] CheckWithUnknownAttribute(ushort type)
    {
        random.NextBytes(_transactionId);
        var buffer = new byte[400];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, _transactionId);
        writer.AddUsername(Encoding.ASCII.GetBytes(Server.UsernameFragment + ":peer"));
        writer.AddPriority(1);
        writer.Add((StunAttributeType)type, [1, 2, 3, 4]);
        writer.AddMessageIntegrity(Encoding.ASCII.GetBytes(Server.Password));
        writer.AddFingerprint();
        Assert.True(writer.TryFinish(out var written));
        return buffer[..written];
    }

    /// <summary>Whether this answers the last check, authentically; the address that it was seen from.</summary>
    public bool IsSuccess(ReadOnlySpan<byte> answer, out TransportAddress mapped)
    {
        mapped = default;
        return StunMessage.TryParse(answer, out var message)
            && message.Class == StunClass.SuccessResponse
            && message.TransactionId.SequenceEqual(_transactionId)
            && message.HasValidIntegrity(Encoding.ASCII.GetBytes(Server.Password))
            && message.HasValidFingerprint()
            && message.TryGetXorMappedAddress(out mapped);
    }

    public int ErrorCode(ReadOnlySpan<byte> answer)
    {
        Assert.True(StunMessage.TryParse(answer, out var message));
        Assert.True(message.TransactionId.SequenceEqual(_transactionId));
        Assert.True(message.HasValidIntegrity(Encoding.ASCII.GetBytes(Server.Password)));
        Assert.True(message.HasValidFingerprint());
        Assert.True(message.TryGetErrorCode(out var code, out _));
        return code;
    }
}
