namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>Takes fields off the body of a PDU. Once a field does not fit, every later one is empty and <see cref="Failed"/> says so.</summary>
internal ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> rest = body;

    public bool Failed { get; private set; }

    public readonly ReadOnlySpan<byte> Rest => rest;

    public byte Octet()
    {
        if (rest.IsEmpty)
        {
            Fail();
            return 0;
        }

        var octet = rest[0];
        rest = rest[1..];
        return octet;
    }

    public ReadOnlySpan<byte> Octets(int count)
    {
        if (rest.Length < count)
            return Fail();
        var octets = rest[..count];
        rest = rest[count..];
        return octets;
    }

    /// <summary>A C-octet string: ended by a NUL, which <paramref name="size"/> counts. SMPP 3.4 section 3.1.</summary>
    public ReadOnlySpan<byte> Text(int size)
    {
        var end = rest[..Math.Min(size, rest.Length)].IndexOf((byte)0);
        if (end < 0)
            return Fail();
        var text = rest[..end];
        rest = rest[(end + 1)..];
        return text;
    }

    private ReadOnlySpan<byte> Fail()
    {
        Failed = true;
        rest = default;
        return default;
    }
}
