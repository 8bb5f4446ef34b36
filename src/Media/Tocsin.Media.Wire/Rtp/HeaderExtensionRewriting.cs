namespace Tocsin.Media.Wire.Rtp;

/// <summary>Which extensions are taken over from one peer's packet into another's; the others are left out or written anew.</summary>
public readonly record struct HeaderExtensionSet(uint Bits)
{
    public static HeaderExtensionSet Of(params ReadOnlySpan<HeaderExtensionKind> kinds)
    {
        var bits = 0u;
        foreach (var kind in kinds)
            bits |= 1u << (int)kind;
        return new HeaderExtensionSet(bits);
    }

    public bool Contains(HeaderExtensionKind kind) => kind != HeaderExtensionKind.None && (Bits & (1u << (int)kind)) != 0;
}

/// <summary>Extensions of one peer in the ids of another. Passed through with the ids of the sender, audio would vanish without a trace.</summary>
public static class HeaderExtensionRewriting
{
    /// <summary>Writes every element of <paramref name="taken"/> that both peers negotiated, in the order of the source.</summary>
    /// <param name="writer">Fails where its form cannot carry one: ask <see cref="FormFor"/> first.</param>
    /// <remarks>RFC 8285 section 4.1.2. Does not allocate.</remarks>
    public static void CopyTo(in HeaderExtensions source, HeaderExtensionMap from, HeaderExtensionMap to, HeaderExtensionSet taken, ref RtpPacketWriter writer)
    {
        foreach (var extension in source)
        {
            if (TryMap(extension, from, to, taken, out var id))
                writer.AddExtension(id, extension.Value);
        }
    }

    /// <summary>The smaller form that carries all that <see cref="CopyTo"/> would write.</summary>
    public static HeaderExtensionForm FormFor(in HeaderExtensions source, HeaderExtensionMap from, HeaderExtensionMap to, HeaderExtensionSet taken)
    {
        foreach (var extension in source)
        {
            if (TryMap(extension, from, to, taken, out var id) && !HeaderExtensionForms.CanCarry(HeaderExtensionForm.OneByte, id, extension.Value.Length))
                return HeaderExtensionForm.TwoByte;
        }

        return HeaderExtensionForm.OneByte;
    }

    private static bool TryMap(in HeaderExtension extension, HeaderExtensionMap from, HeaderExtensionMap to, HeaderExtensionSet taken, out byte id)
    {
        var kind = from.KindOf(extension.Id);
        id = to.IdOf(kind);
        return id != 0 && taken.Contains(kind);
    }
}
