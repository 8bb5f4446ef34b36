using System.Runtime.InteropServices;

namespace Tocsin.Alerting.Channels.Sms.Smpp;

/// <summary>How a submission ended.</summary>
internal enum SubmitEnd
{
    /// <summary>It never left: another carrier may be tried at once.</summary>
    NotSent,

    /// <summary>The carrier answered; the status says what.</summary>
    Answered,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The connection ended before the answer.</summary>
    ConnectionLost,
}

/// <param name="MessageId">Empty where the carrier gave none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SubmitResult(SubmitEnd End, CommandStatus Status, string MessageId)
{
    public static readonly SubmitResult NotSent = new(SubmitEnd.NotSent, CommandStatus.Ok, "");

    public bool IsAccepted => End == SubmitEnd.Answered && Status == CommandStatus.Ok;
}
