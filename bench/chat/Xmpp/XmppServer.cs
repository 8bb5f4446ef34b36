using System.Globalization;
using Tocsin.Bench.Chat.Load;
using Tocsin.Testing;

namespace Tocsin.Bench.Chat.Xmpp;

/// <summary>A Debian package's server, with a configuration of the bench's own: clear text and anonymous users, as ours is spoken to here; nothing on that is not measured.</summary>
internal abstract class XmppServer
{
    /// <summary>As Debian names the package.</summary>
    public abstract string Package { get; }

    /// <summary>Starts it, to listen on this port of the loopback interface alone.</summary>
    public abstract Task<TiedProcess> StartAsync(ScratchDirectory data, int port);
}

/// <summary>Prosody, as its documentation says for many connections.</summary>
internal sealed class Prosody : XmppServer
{
    public override string Package => "prosody";

    public override Task<TiedProcess> StartAsync(ScratchDirectory data, int port)
    {
        var configuration = data.File("prosody.cfg.lua");
        File.WriteAllText(configuration, $$"""
            run_as_root = true
            daemonize = false
            pidfile = "{{data.File("prosody.pid")}}"
            data_path = "{{data.Path}}"
            storage = "memory"
            log = { warn = "*console" }
            network_backend = "epoll"
            modules_enabled = { "saslauth", "disco" }
            modules_disabled = { "s2s", "offline", "tls" }
            interfaces = { "127.0.0.1" }
            c2s_ports = { {{port.ToString(CultureInfo.InvariantCulture)}} }
            c2s_direct_tls_ports = { }
            s2s_ports = { }
            http_ports = { }
            https_ports = { }
            c2s_require_encryption = false
            VirtualHost "localhost"
              authentication = "anonymous"
            Component "conference.localhost" "muc"
              muc_room_locking = false
              muc_room_default_presence_broadcast = { visitor = false; participant = false; moderator = false }
            """);
        return ServerCore.StartAsync("prosody", ["-F", "--config", configuration]);
    }
}

/// <summary>ejabberd without its control script, which would run it as another user and start a daemon that outlives it.</summary>
internal sealed class Ejabberd : XmppServer
{
    public override string Package => "ejabberd";

    public override Task<TiedProcess> StartAsync(ScratchDirectory data, int port)
    {
        var configuration = data.File("ejabberd.yml");
        File.WriteAllText(configuration, $$"""
            hosts: ["localhost"]
            loglevel: error
            auth_method: [anonymous]
            anonymous_protocol: sasl_anon
            allow_multiple_connections: true
            listen:
              - port: {{port.ToString(CultureInfo.InvariantCulture)}}
                ip: "127.0.0.1"
                module: ejabberd_c2s
            modules:
              mod_muc:
                host: "conference.localhost"
                max_users: 1000
                default_room_options:
                  presence_broadcast: []
                  max_users: 1000
            """);

        // As ejabberdctl has it, on one scheduler for one core, without the name that makes it part of a cluster.
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["EJABBERD_CONFIG_PATH"] = configuration,
            ["ERL_LIBS"] = "/usr/lib/x86_64-linux-gnu",
            ["ERL_MAX_PORTS"] = "32000",
            ["ERL_CRASH_DUMP"] = data.File("erl_crash.dump"),
            ["EJABBERD_LOG_PATH"] = data.File("ejabberd.log"),
            ["HOME"] = data.Path,
        };
        string[] arguments = ["-noinput", "+K", "true", "+P", "250000", "+S", "1", "-mnesia", "dir", $"\"{data.Path}\"", "-s", "ejabberd"];
        return ServerCore.StartAsync("erl", arguments, environment, data.Path);
    }
}
