using System.Text.Json.Serialization;

namespace Tocsin.Server.Features.Meetings.Signalling;

// What is said about a call's MLS group. Bytes are base64; docs/protocol/calls.md says what stands in them.

/// <param name="After">The number of the last change that the author knows; 0 before the first.</param>
/// <param name="Commit">Null: another group begins, of its author alone.</param>
/// <param name="GroupInfo">Of the group after this change.</param>
/// <param name="Epoch">What tells the group after this change from every other, also from one that another server put in order under the same number.</param>
/// <param name="Welcomed">Participants for whom <paramref name="Welcome"/> is.</param>
internal sealed record ChangeCallGroupRequest(string? GroupId, int After, string? Commit, string? GroupInfo, string? Epoch, string? Welcome, IReadOnlyList<string>? Welcomed);

internal sealed record ApplyRequest(string? KeyPackage);

/// <param name="After">The number of the change whose keys sealed it.</param>
internal sealed record CallMessageRequest(int After, string? Message);

internal sealed record CallGroupView(string Id, int Number, string Epoch);

/// <param name="Group">Null before somebody began one.</param>
internal sealed record CallGroupReading(int Number, CallGroupInfo? Group);

internal sealed record CallGroupInfo(string Id, string GroupInfo, string Epoch);

internal sealed record CallGroupChange(int Number);

/// <summary>The next change in order.</summary>
/// <param name="Commit">Null: another group began, or that of before a restart goes on.</param>
internal sealed record CallGroupChanged(string GroupId, int Number, string Epoch, string ParticipantId, string? Commit) : MeetingEvent
{
    [JsonIgnore]
    public override int Weight => Commit?.Length ?? 0;
}

/// <summary>To those who were added, after the change that added them.</summary>
internal sealed record CallGroupWelcome(string GroupId, int Number, string Welcome) : MeetingEvent
{
    [JsonIgnore]
    public override int Weight => Welcome.Length;
}

/// <summary>To accounts: somebody asks to be added.</summary>
internal sealed record CallGroupApplication(string ParticipantId, string KeyPackage) : MeetingEvent
{
    [JsonIgnore]
    public override int Weight => KeyPackage.Length;
}

/// <summary>What a participant sealed for everybody, in its place among what others say.</summary>
internal sealed record CallMessage(string ParticipantId, string Message) : MeetingEvent
{
    [JsonIgnore]
    public override int Weight => Message.Length;
}
