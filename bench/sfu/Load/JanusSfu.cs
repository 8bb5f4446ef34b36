using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Tocsin.Bench.Sfu.Load;

/// <summary>Janus with its VideoRoom as Debian packages it, on the first core. Spoken to over HTTP; its configuration is of the bench's own, and has only what is measured.</summary>
internal sealed class JanusSfu : ISfu
{
    private const string Room = "room";

    private readonly Process process;
    private readonly DirectoryInfo directory;
    private readonly JanusSession session;
    private readonly Scenario scenario;

    /// <summary>Each peer connection has a handle of its own.</summary>
    private long firstHandle;

    private JanusSfu(Process process, DirectoryInfo directory, JanusSession session, Scenario scenario) =>
        (this.process, this.directory, this.session, this.scenario) = (process, directory, session, scenario);

    public int ProcessId => process.Id;

    public static async Task<ISfu> StartAsync(Scenario scenario)
    {
        var files = Directory.CreateTempSubdirectory("tocsin-bench-janus-");
        var port = FreePort();
        WriteConfiguration(files, port);
        var start = new ProcessStartInfo("taskset", ["-c", "0", "janus", "-F", files.FullName, "-o"]) { RedirectStandardOutput = true, UseShellExecute = false };
        var janus = Process.Start(start)!;
        // Unread, the pipe would fill up and stop it.
        janus.OutputDataReceived += (_, _) => { };
        janus.BeginOutputReadLine();
        return new JanusSfu(janus, files, await JanusSession.OpenAsync(new Uri($"http://127.0.0.1:{port}/janus")), scenario);
    }

    public async Task OpenMeetingsAsync(int count)
    {
        firstHandle = await session.AttachAsync();
        for (var meeting = 0; meeting < count; meeting++)
        {
            await session.AskAsync(firstHandle, new JsonObject
            {
                ["request"] = "create",
                [Room] = RoomOf(meeting),
                ["publishers"] = 1_000,
                ["bitrate"] = 0,
                ["videocodec"] = "vp8",
                ["audiocodec"] = "opus",
                ["notify_joining"] = false,
            });
        }
    }

    public async Task<Publication> PublishAsync(int meeting, Track track, ClientEnd client)
    {
        var handle = await session.AttachAsync();
        var request = new JsonObject { ["request"] = "joinandconfigure", [Room] = RoomOf(meeting), ["ptype"] = "publisher", ["record"] = false };
        var joined = await session.AskAsync(handle, request, "offer", SessionDescription.OfferOf(track, client));
        return new Publication((long)joined.Data["id"]!, SessionDescription.ReadServerEnd(joined.Description!));
    }

    public async Task<ServerEnd> SubscribeAsync(int meeting, IReadOnlyList<Publication> publications, ClientEnd client)
    {
        var handle = await session.AttachAsync();
        var streams = new JsonArray([.. publications.Select(publication => new JsonObject { ["feed"] = publication.Id })]);
        var attached = await session.AskAsync(handle, new JsonObject { ["request"] = "join", [Room] = RoomOf(meeting), ["ptype"] = "subscriber", ["streams"] = streams });
        var answer = SessionDescription.AnswerTo(attached.Description!, scenario.Kind, client);
        await session.AskAsync(handle, new JsonObject { ["request"] = "start", [Room] = RoomOf(meeting) }, "answer", answer);
        return SessionDescription.ReadServerEnd(attached.Description!);
    }

    public Task<IReadOnlyDictionary<string, long>> AskStatisticsAsync() => Task.FromResult<IReadOnlyDictionary<string, long>>(new Dictionary<string, long>());

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        directory.Delete(recursive: true);
    }

    private static long RoomOf(int meeting) => 1_000 + meeting;

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private static void WriteConfiguration(DirectoryInfo files, int port)
    {
        // ICE lite, as a server with an address of its own is run, and as ours is.
        Write("janus.jcfg", """
            general: { debug_level = 2  session_timeout = 0  log_to_stdout = true }
            media: { ipv6 = false }
            nat: { ice_lite = true  full_trickle = false }
            plugins: { disable = "libjanus_audiobridge.so,libjanus_echotest.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_nosip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so,libjanus_duktape.so,libjanus_lua.so" }
            transports: { disable = "libjanus_websockets.so,libjanus_rabbitmq.so,libjanus_pfunix.so,libjanus_mqtt.so,libjanus_nanomsg.so" }
            """);
        Write("janus.transport.http.jcfg", $$"""
            general: { json = "compact"  base_path = "/janus"  http = true  port = {{port}}  ip = "127.0.0.1"  https = false }
            admin: { admin_http = false }
            """);
        Write("janus.plugin.videoroom.jcfg", "general: { }\n");
        void Write(string name, string text) => File.WriteAllText(Path.Combine(files.FullName, name), text);
    }
}
