namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>How a request went, in the standard's names. Carriers send many more; any value can arrive.</summary>
/// <remarks>SMPP 3.4 section 5.1.3.</remarks>
internal enum CommandStatus : uint
{
    Ok = 0x00,
    InvalidMessageLength = 0x01,
    InvalidCommandLength = 0x02,
    InvalidCommandId = 0x03,
    IncorrectBindStatus = 0x04,
    AlreadyBound = 0x05,
    SystemError = 0x08,
    InvalidSourceAddress = 0x0A,
    InvalidDestinationAddress = 0x0B,
    BindFailed = 0x0D,
    InvalidPassword = 0x0E,
    InvalidSystemId = 0x0F,
    MessageQueueFull = 0x14,
    SubmitFailed = 0x45,
    InvalidSourceTon = 0x48,
    InvalidSourceNpi = 0x49,
    InvalidDestinationTon = 0x50,
    InvalidDestinationNpi = 0x51,
    Throttled = 0x58,
    TemporaryApplicationError = 0x64,
    UnknownError = 0xFF,

    /// <summary>First and last of the values that each carrier gives its own meaning to.</summary>
    FirstCarrierSpecific = 0x400,
    LastCarrierSpecific = 0x4FF,
}
