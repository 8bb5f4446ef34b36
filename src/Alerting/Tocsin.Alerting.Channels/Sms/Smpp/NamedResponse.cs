namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>The answers that are one name and optional parameters: bind_transceiver_resp (system_id), submit_sm_resp and deliver_sm_resp (message_id).</summary>
/// <remarks>
/// SMPP 3.4 sections 4.1.6, 4.4.2, 4.6.2. The body is not sent where the status is an error; carriers also leave it out, or leave out the NUL, where it is not,
/// and an acceptance must not be taken for a failure because of that: so both are read.
/// </remarks>
internal readonly ref struct NamedResponse
{
    /// <summary>The longest name, its NUL not counted.</summary>
    public const int LongestName = 64;

    /// <summary>Empty where there was none.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out NamedResponse response)
    {
        response = default;
        if (body.IndexOf((byte)0) < 0)
        {
            response = new NamedResponse { Name = body };
            return body.Length <= LongestName;
        }

        var reader = new BodyReader(body);
        response = new NamedResponse { Name = reader.Text(LongestName + 1) };
        return !reader.Failed && OptionalParameters.TryParse(reader.Rest, out _);
    }

    public bool TryWrite(Span<byte> destination, CommandId command, CommandStatus status, uint sequence, out int written)
    {
        var writer = new BodyWriter(destination);
        writer.Text(Name, LongestName + 1);
        return writer.TryFinish(command, status, sequence, out written);
    }
}
