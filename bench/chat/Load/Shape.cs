namespace Tocsin.Bench.Chat.Load;

/// <summary>So many clients, in rooms as large as a room of ours may be, with some in each who write.</summary>
internal sealed record Shape(int Clients)
{
    public const int RoomSize = 200;

    /// <summary>One person may write four entries a second for long.</summary>
    public const int AuthorsInRoom = 20;

    /// <summary>An entry of ours with a text of two lines, in base64: 102 bytes of header, 3 of length, 256 of padded text, 16 of seal, 64 of signature. XMPP carries as many bytes.</summary>
    public const int EntryLength = 441;

    public int Rooms => Clients / RoomSize;
}
