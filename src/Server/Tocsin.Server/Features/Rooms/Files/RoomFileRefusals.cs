using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Rooms.Files;

/// <summary>What can be refused about files of rooms.</summary>
internal static class RoomFileRefusals
{
    public static readonly Refusal TooLarge = new("room-file-too-large", 409, "This file is larger than files here may be.");
    public static readonly Refusal PersonFull = new("room-files-person-full", 409, "All that one person may keep in files is used up.");
    public static readonly Refusal RoomFull = new("room-files-room-full", 409, "All that one room may keep in files is used up.");
    public static readonly Refusal Full = new("room-files-full", 409, "All that this server keeps in files is used up.");
    public static readonly Refusal TooManyUploads = new("room-file-too-many-uploads", 409, "Too many uploads have begun and not ended: end one, or give one up.");
    public static readonly Refusal Differs = new("room-file-differs", 409, "Another file, or another part of it, is here under this name already.");
    public static readonly Refusal Malformed = new("room-file-part-malformed", 400, "This is no part of the file: its number or its length is wrong.");
    public static readonly Refusal Incomplete = new("room-file-incomplete", 409, "A file that this entry carries has not arrived whole.");
}
