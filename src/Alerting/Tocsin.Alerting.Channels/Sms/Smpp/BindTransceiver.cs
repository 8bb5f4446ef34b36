namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>bind_transceiver: who we are.</summary>
/// <remarks>SMPP 3.4 section 4.1.5. system_id (16), password (9), system_type (13), interface_version, addr_ton, addr_npi, address_range (41).</remarks>
internal readonly ref struct BindTransceiver
{
    public const byte Version34 = 0x34;

    public ReadOnlySpan<byte> SystemId { get; init; }

    public ReadOnlySpan<byte> Password { get; init; }

    public ReadOnlySpan<byte> SystemType { get; init; }

    public byte InterfaceVersion { get; init; }

    public byte AddressTon { get; init; }

    public byte AddressNpi { get; init; }

    public ReadOnlySpan<byte> AddressRange { get; init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out BindTransceiver bind)
    {
        var reader = new BodyReader(body);
        bind = new BindTransceiver
        {
            SystemId = reader.Text(16),
            Password = reader.Text(9),
            SystemType = reader.Text(13),
            InterfaceVersion = reader.Octet(),
            AddressTon = reader.Octet(),
            AddressNpi = reader.Octet(),
            AddressRange = reader.Text(41),
        };
        return !reader.Failed && OptionalParameters.TryParse(reader.Rest, out _);
    }

    public bool TryWrite(Span<byte> destination, uint sequence, out int written)
    {
        var writer = new BodyWriter(destination);
        writer.Text(SystemId, 16);
        writer.Text(Password, 9);
        writer.Text(SystemType, 13);
        writer.Octet(InterfaceVersion);
        writer.Octet(AddressTon);
        writer.Octet(AddressNpi);
        writer.Text(AddressRange, 41);
        return writer.TryFinish(CommandId.BindTransceiver, CommandStatus.Ok, sequence, out written);
    }
}
