namespace Tocsin.Media.Wire.Rtp;

/// <summary>Which id stands for which extension with one peer: every browser has its own. Made once when a session is set up, read for every packet.</summary>
/// <remarks>RFC 8285 section 5: an id stands for one extension, and an extension has one id.</remarks>
public sealed class HeaderExtensionMap
{
    private readonly HeaderExtensionKind[] _kinds = new HeaderExtensionKind[256];
    private readonly byte[] _ids = new byte[(int)HeaderExtensionKind.TransmissionOffset + 1];

    /// <summary>False where the id is 0 or 15, which mean other things, or id or kind already stands for something else.</summary>
    public bool TrySet(HeaderExtensionKind kind, byte id)
    {
        if (kind == HeaderExtensionKind.None || id is 0 or HeaderExtensions.OneByteStop)
            return false;
        var (knownId, knownKind) = (_ids[(int)kind], _kinds[id]);
        if ((knownId != 0 && knownId != id) || (knownKind != HeaderExtensionKind.None && knownKind != kind))
            return false;
        _ids[(int)kind] = id;
        _kinds[id] = kind;
        return true;
    }

    /// <summary>0 where it was not negotiated.</summary>
    public byte IdOf(HeaderExtensionKind kind) => _ids[(int)kind];

    public HeaderExtensionKind KindOf(byte id) => _kinds[id];

    /// <summary>The value of that extension in a packet of this peer.</summary>
    public bool TryFind(in HeaderExtensions extensions, HeaderExtensionKind kind, out ReadOnlySpan<byte> value)
    {
        value = default;
        var id = _ids[(int)kind];
        return id != 0 && extensions.TryFind(id, out value);
    }
}
