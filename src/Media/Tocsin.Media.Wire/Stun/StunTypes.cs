namespace Tocsin.Media.Wire.Stun;

/// <remarks>RFC 8489 section 5: bits C1 and C0 of the message type.</remarks>
public enum StunClass
{
    Request = 0,
    Indication = 1,
    SuccessResponse = 2,
    ErrorResponse = 3,
}

public static class StunMethod
{
    /// <remarks>RFC 8489 section 3: the only method of ICE.</remarks>
    public const ushort Binding = 0x001;
}

/// <remarks>RFC 8489 section 14 and RFC 8445 section 16.1. Types below 0x8000 must be understood by the receiver, or the message is refused.</remarks>
public enum StunAttributeType
{
    MappedAddress = 0x0001,
    Username = 0x0006,
    MessageIntegrity = 0x0008,
    ErrorCode = 0x0009,
    UnknownAttributes = 0x000A,
    Realm = 0x0014,
    Nonce = 0x0015,
    MessageIntegritySha256 = 0x001C,
    XorMappedAddress = 0x0020,
    Priority = 0x0024,
    UseCandidate = 0x0025,
    Software = 0x8022,
    AlternateServer = 0x8023,
    Fingerprint = 0x8028,
    IceControlled = 0x8029,
    IceControlling = 0x802A,
}

/// <remarks>RFC 8489 section 14.8 and RFC 8445 section 7.3.1.1.</remarks>
public static class StunErrorCode
{
    public const int TryAlternate = 300;
    public const int BadRequest = 400;
    public const int Unauthenticated = 401;
    public const int UnknownAttribute = 420;
    public const int StaleNonce = 438;
    public const int RoleConflict = 487;
    public const int ServerError = 500;
}
