namespace Tocsin.Alerting.Channels;

/// <summary>A way to reach people. On the wire and in the database: <c>in-app</c>, <c>web-push</c>, <c>sms</c>, <c>email</c>.</summary>
public enum ChannelKind
{
    InApp,
    WebPush,
    Sms,
    Email,
}
