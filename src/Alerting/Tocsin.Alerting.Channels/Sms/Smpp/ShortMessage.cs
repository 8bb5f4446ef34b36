namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>A telephone number or name with its type of number (TON) and numbering plan (NPI).</summary>
internal readonly ref struct SmppAddress
{
    public byte Ton { get; init; }

    public byte Npi { get; init; }

    /// <summary>At most twenty octets.</summary>
    public ReadOnlySpan<byte> Value { get; init; }
}

/// <summary>submit_sm and deliver_sm, which have one layout.</summary>
/// <remarks>
/// SMPP 3.4 sections 4.4.1 and 4.6.1. Octets, in order (Cn: a C-octet string of at most n with its NUL):
/// <code>
/// service_type C6 | source ton, npi, addr C21 | dest ton, npi, addr C21 | esm_class | protocol_id | priority_flag
/// | schedule_delivery_time C17 | validity_period C17 | registered_delivery | replace_if_present | data_coding | sm_default_msg_id
/// | sm_length | short_message (sm_length, at most 254) | optional parameters
/// </code>
/// </remarks>
internal readonly ref struct ShortMessage
{
    public const int LongestUserData = 254;

    /// <summary>Enough room for any short message without optional parameters.</summary>
    public const int LargestPlain = PduHeader.Size + 6 + 23 + 23 + 3 + 17 + 17 + 5 + LongestUserData;

    public ReadOnlySpan<byte> ServiceType { get; init; }

    public SmppAddress Source { get; init; }

    public SmppAddress Destination { get; init; }

    public EsmClass EsmClass { get; init; }

    public byte ProtocolId { get; init; }

    public byte Priority { get; init; }

    public ReadOnlySpan<byte> ScheduleDeliveryTime { get; init; }

    public ReadOnlySpan<byte> ValidityPeriod { get; init; }

    public byte RegisteredDelivery { get; init; }

    public byte ReplaceIfPresent { get; init; }

    public byte DataCoding { get; init; }

    public byte DefaultMessageId { get; init; }

    public ReadOnlySpan<byte> UserData { get; init; }

    public OptionalParameters Optional { get; init; }

    /// <summary>The words, wherever the sender put them: short_message, or message_payload where that is empty.</summary>
    public ReadOnlySpan<byte> Payload => UserData.IsEmpty && Optional.TryGet(OptionalTag.MessagePayload, out var payload) ? payload : UserData;

    public static bool TryParse(ReadOnlySpan<byte> body, out ShortMessage message)
    {
        var reader = new BodyReader(body);
        message = new ShortMessage
        {
            ServiceType = reader.Text(6),
            Source = Address(ref reader),
            Destination = Address(ref reader),
            EsmClass = (EsmClass)reader.Octet(),
            ProtocolId = reader.Octet(),
            Priority = reader.Octet(),
            ScheduleDeliveryTime = reader.Text(17),
            ValidityPeriod = reader.Text(17),
            RegisteredDelivery = reader.Octet(),
            ReplaceIfPresent = reader.Octet(),
            DataCoding = reader.Octet(),
            DefaultMessageId = reader.Octet(),
            UserData = reader.Octets(reader.Octet()),
        };
        if (reader.Failed || message.UserData.Length > LongestUserData || !OptionalParameters.TryParse(reader.Rest, out var optional))
        {
            message = default;
            return false;
        }

        message = message.With(optional);
        return true;
    }

    public bool TryWrite(Span<byte> destination, CommandId command, uint sequence, out int written)
    {
        written = 0;
        if (UserData.Length > LongestUserData)
            return false;
        var writer = new BodyWriter(destination);
        writer.Text(ServiceType, 6);
        Write(ref writer, Source);
        Write(ref writer, Destination);
        writer.Octet((byte)EsmClass);
        writer.Octet(ProtocolId);
        writer.Octet(Priority);
        writer.Text(ScheduleDeliveryTime, 17);
        writer.Text(ValidityPeriod, 17);
        writer.Octet(RegisteredDelivery);
        writer.Octet(ReplaceIfPresent);
        writer.Octet(DataCoding);
        writer.Octet(DefaultMessageId);
        writer.Octet((byte)UserData.Length);
        writer.Octets(UserData);
        writer.Octets(Optional.Octets);
        return writer.TryFinish(command, CommandStatus.Ok, sequence, out written);
    }

    private ShortMessage With(OptionalParameters optional) => new()
    {
        ServiceType = ServiceType,
        Source = Source,
        Destination = Destination,
        EsmClass = EsmClass,
        ProtocolId = ProtocolId,
        Priority = Priority,
        ScheduleDeliveryTime = ScheduleDeliveryTime,
        ValidityPeriod = ValidityPeriod,
        RegisteredDelivery = RegisteredDelivery,
        ReplaceIfPresent = ReplaceIfPresent,
        DataCoding = DataCoding,
        DefaultMessageId = DefaultMessageId,
        UserData = UserData,
        Optional = optional,
    };

    private static SmppAddress Address(scoped ref BodyReader reader) => new() { Ton = reader.Octet(), Npi = reader.Octet(), Value = reader.Text(21) };

    private static void Write(ref BodyWriter writer, SmppAddress address)
    {
        writer.Octet(address.Ton);
        writer.Octet(address.Npi);
        writer.Text(address.Value, 21);
    }
}

/// <summary>What kind of message it is, and whether its user data begins with a header.</summary>
/// <remarks>SMPP 3.4 section 5.2.12.</remarks>
[Flags]
internal enum EsmClass : byte
{
    Default = 0x00,

    /// <summary>deliver_sm: the carrier's word on a message that we sent.</summary>
    DeliveryReceipt = 0x04,

    /// <summary>deliver_sm: news on the way; not the last word.</summary>
    IntermediateNotification = 0x20,

    /// <summary>The user data begins with a user data header (UDHI).</summary>
    UserDataHeader = 0x40,
}
