// Real mail servers are started in namespaces and with file modes that only Linux has.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
