namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>What a PDU asks or answers; an answer is its request with the top bit set.</summary>
/// <remarks>SMPP 3.4 section 5.1.2.1. Only what a transceiver meets.</remarks>
internal enum CommandId : uint
{
    BindTransceiver = 0x0000_0009,
    SubmitSm = 0x0000_0004,
    DeliverSm = 0x0000_0005,
    Unbind = 0x0000_0006,
    EnquireLink = 0x0000_0015,
    AlertNotification = 0x0000_0102,

    Response = 0x8000_0000,

    GenericNack = Response,
    BindTransceiverResponse = Response | BindTransceiver,
    SubmitSmResponse = Response | SubmitSm,
    DeliverSmResponse = Response | DeliverSm,
    UnbindResponse = Response | Unbind,
    EnquireLinkResponse = Response | EnquireLink,
}
