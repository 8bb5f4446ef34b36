using System.Buffers;
using System.Text.Json;

namespace Tocsin.Alerting.Channels.WebPush;

/// <summary>What the service worker gets of a room: its id, a number and a word. docs/protocol/web-push.md.</summary>
internal static class RoomNotificationPayload
{
    public static byte[] Write(RoomNotification notification)
    {
        var output = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("roomId", notification.Room.Value);
            json.WriteNumber("seq", notification.Seq);
            json.WriteString("kind", JsonNamingPolicy.KebabCaseLower.ConvertName(notification.Kind.ToString()));
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
