using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tocsin.Rooms;

/// <summary>Reads an archive record by record (docs/protocol/rooms.md, Export) and chains them. What its end's signature is over is <see cref="Hash"/>.</summary>
/// <remarks>web/src/e2ee/rooms/signed-records.ts writes them. Holds one record at a time.</remarks>
internal sealed class SignedRecords : IDisposable
{
    public const int LongestBody = 1 << 20;

    private const int HeaderLength = 5;

    private readonly Stream archive;
    private readonly byte[] chainLabel;
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(HeaderLength + LongestBody);
    private int length;

    /// <param name="archive">Read from where it is; not owned.</param>
    /// <param name="chainLabel">With its zero byte.</param>
    public SignedRecords(Stream archive, ReadOnlySpan<byte> chainLabel) => (this.archive, this.chainLabel) = (archive, chainLabel.ToArray());

    /// <summary>Over all records that were taken.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>Where the record begins that was read, or that should.</summary>
    public long Offset { get; private set; }

    public byte Type => buffer[0];

    /// <summary>Of the record that was read; good until the next is.</summary>
    public ReadOnlySpan<byte> Body => buffer.AsSpan(HeaderLength, length);

    public bool IsAtEnd => archive.ReadByte() < 0;

    /// <returns>False where it does not begin so.</returns>
    public bool TryBegin(ReadOnlySpan<byte> magic)
    {
        if (archive.ReadAtLeast(buffer.AsSpan(0, magic.Length), magic.Length, throwOnEndOfStream: false) < magic.Length || !buffer.AsSpan(0, magic.Length).SequenceEqual(magic)) return false;
        Hash = SHA256.HashData([.. chainLabel, .. magic]);
        Offset = magic.Length;
        return true;
    }

    /// <returns>What is wrong; null where a record was read.</returns>
    public RoomExportFault? Read()
    {
        if (archive.ReadAtLeast(buffer.AsSpan(0, HeaderLength), HeaderLength, throwOnEndOfStream: false) < HeaderLength) return Fault("export-cut", "the archive ends here without its signature");
        var declared = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(1));
        if (declared > LongestBody) return Fault("export-malformed", "a record is longer than any that is written");
        length = (int)declared;
        return archive.ReadAtLeast(buffer.AsSpan(HeaderLength, length), length, throwOnEndOfStream: false) < length ? Fault("export-cut", "the archive ends within a record") : null;
    }

    /// <summary>The record that was read stands where it may: the next is about to be read.</summary>
    public void Take()
    {
        Hash = SHA256.HashData([.. chainLabel, .. Hash, .. SHA256.HashData(buffer.AsSpan(0, HeaderLength + length))]);
        Offset += HeaderLength + length;
    }

    public RoomExportFault Fault(string code, string what) => new(code, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"At byte {Offset}: {what}."));

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
