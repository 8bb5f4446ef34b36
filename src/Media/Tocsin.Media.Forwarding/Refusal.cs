namespace Tocsin.Media.Forwarding;

/// <summary>Why an operation was refused. Expected: the server tells the client a code that is as stable as these names.</summary>
public enum Refusal
{
    None,

    /// <summary>The meeting, transport, producer or consumer has been closed.</summary>
    Closed,

    /// <summary>The meeting has as many participants as its options allow.</summary>
    TooManyParticipants,

    /// <summary>The participant has as many transports as one may have.</summary>
    TooManyTransports,

    /// <summary>The transport has as many producers as one may have.</summary>
    TooManyProducers,

    /// <summary>The transport has as many consumers as one may have.</summary>
    TooManyConsumers,

    /// <summary>A list that is too long, a name that is no token, a number out of range: nothing that a browser would say.</summary>
    MalformedParameters,

    /// <summary>The track has no codec that the router passes on, or none in common with the device.</summary>
    UnsupportedCodec,

    /// <summary>No encoding, more than the router selects from, or SSRCs and RIDs mixed or doubled.</summary>
    UnsupportedEncodings,

    /// <summary>The MID or an SSRC is another producer's of the same transport.</summary>
    StreamInUse,

    /// <summary>An id stands for another extension in this transport already.</summary>
    HeaderExtensionConflict,

    /// <summary>The producer is of another meeting, or the participant's own.</summary>
    WrongProducer,

    /// <summary>The participant consumes this track on this transport already.</summary>
    AlreadyConsumed,
}
