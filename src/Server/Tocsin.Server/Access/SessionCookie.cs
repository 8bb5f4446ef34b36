using Tocsin.Server.Hosting;

namespace Tocsin.Server.Access;

/// <summary>The cookie that carries a session's token.</summary>
internal sealed class SessionCookie(TocsinOptions options) : AccessCookie(options, "tocsin");
