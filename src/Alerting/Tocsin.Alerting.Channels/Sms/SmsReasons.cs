namespace Tocsin.Alerting.Channels.Sms;

/// <summary>Why a carrier cannot be used: stable codes for the readiness page and the logs.</summary>
internal static class SmsReasons
{
    public const string NotConfigured = "not-configured";
    public const string Connecting = "connecting";
    public const string BindRefused = "bind-refused";
    public const string ConnectionLost = "connection-lost";
    public const string ConnectionRefused = "connection-refused";
    public const string HostUnknown = "host-unknown";
    public const string TlsFailed = "tls-failed";
    public const string NoAnswer = "no-answer";
    public const string ProtocolViolated = "protocol-violated";
    public const string Unbound = "unbound-by-carrier";
    public const string Stopped = "stopped";
    public const string Throttled = "throttled";
    public const string SomeProvidersDown = "some-providers-down";
}
