using System.Buffers.Text;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Meetings.Signalling;

namespace Tocsin.Server.Features.Meetings.Calls;

/// <summary>The order of a call's MLS group: which commit comes after which, and what whoever comes in needs. The server reads none of it.</summary>
/// <remarks>
/// Lives as long as the call, in memory only. Within the call's turn. Nothing of earlier epochs is kept: whoever missed a commit comes in anew. Guests change nothing of the group: they ask to be
/// added. After a restart the devices bring the group that they are in (decision 78). docs/protocol/calls.md.
/// </remarks>
internal sealed class CallGroup
{
    // Base64. With X-Wing a group of 200 has about 560 kB of public keys, and the largest commit, after 200 came in one by one, 250 kB.
    public const int LongestCommit = 512 * 1024;
    public const int LongestGroupInfo = 1024 * 1024;
    public const int LongestWelcome = 1024 * 1024;
    public const int LongestKeyPackage = 16 * 1024;
    public const int LongestMessage = 12 * 1024;
    private const int LongestId = 64;
    private const int LongestEpoch = 128;

    /// <summary>A group that goes on is said to have had no more: one change a second for thirty years, and numbers that never overflow.</summary>
    private const int MostChanges = 1 << 30;

    private string? id;
    private string groupInfo = "";
    private string epoch = "";

    /// <summary>How many changes were put in order, of this group and of those before it, also by the server before it was restarted.</summary>
    private int number;

    public CallGroupView? View => id is null ? null : new(id, number, epoch);

    public HubAnswer<CallGroupReading> Read(Attendee reader) =>
        reader.Visitor.Kind == ParticipantKind.Guest ? CommonRefusals.NotAllowed : new CallGroupReading(number, id is null ? null : new(id, groupInfo, epoch));

    /// <summary>One change after each number: the first that comes. Everybody hears of it in this order, whoever made it too.</summary>
    public HubAnswer<CallGroupChange> Change(Call call, Attendee author, ChangeCallGroupRequest request, DateTimeOffset now)
    {
        if (author.Visitor.Kind == ParticipantKind.Guest) return CommonRefusals.NotAllowed;
        if (!IsText(request.GroupId, LongestId) || !IsText(request.GroupInfo, LongestGroupInfo) || !IsText(request.Epoch, LongestEpoch)) return CommonRefusals.InvalidInput;
        if (request.Commit is not null && !IsText(request.Commit, LongestCommit)) return CommonRefusals.InvalidInput;
        if (request.Welcome is not null && !IsText(request.Welcome, LongestWelcome)) return CommonRefusals.InvalidInput;
        if (request.Welcomed is { Count: > Call.MostParticipants }) return CommonRefusals.InvalidInput;
        var goesOn = GoesOn(request);
        // Without a commit it is another group, of its author alone: the first, or one in place of a group that nobody can come into any more.
        if (!goesOn && (request.After != number || (request.Commit is null) == (request.GroupId == id))) return MeetingRefusals.GroupMoved;
        if (!author.TryChangeGroup(now)) return CommonRefusals.TooManyRequests;
        (id, groupInfo, epoch, number) = (request.GroupId, request.GroupInfo!, request.Epoch!, goesOn ? request.After : number + 1);
        call.Broadcast(new CallGroupChanged(id!, number, epoch, author.Id, request.Commit));
        foreach (var welcomed in request.Welcomed ?? [])
        {
            if (request.Welcome is null || call.Find(welcomed) is not { IsIn: true } newcomer) continue;
            newcomer.KeyPackage = null;
            newcomer.Tell(new CallGroupWelcome(id!, number, request.Welcome));
        }

        return new CallGroupChange(number);
    }

    /// <summary>Somebody asks to be added by those who may: their last word counts.</summary>
    public static HubAnswer<bool> Apply(Call call, Attendee applicant, string? keyPackage, DateTimeOffset now)
    {
        if (!IsText(keyPackage, LongestKeyPackage)) return CommonRefusals.InvalidInput;
        if (!applicant.TryChangeGroup(now)) return CommonRefusals.TooManyRequests;
        applicant.KeyPackage = keyPackage;
        foreach (var account in call.Participants.Where(one => one.Visitor.Kind == ParticipantKind.Account)) account.Tell(new CallGroupApplication(applicant.Id, keyPackage!));
        return true;
    }

    /// <summary>Sealed by its sender with the keys of now: everybody in the group can open what comes after that change and before the next. Its sender hears it too, in its place.</summary>
    public HubAnswer<bool> Send(Call call, Attendee sender, CallMessageRequest request, DateTimeOffset now)
    {
        if (!IsText(request.Message, LongestMessage)) return CommonRefusals.InvalidInput;
        if (id is null || request.After != number) return MeetingRefusals.GroupMoved;
        if (!sender.TrySend(now)) return CommonRefusals.TooManyRequests;
        call.Broadcast(new CallMessage(sender.Id, request.Message!));
        return true;
    }

    /// <summary>For who comes in, or back: those who still wait to be added.</summary>
    public static IEnumerable<CallGroupApplication> ApplicationsFor(Call call, Attendee attendee) => attendee.Visitor.Kind == ParticipantKind.Guest
        ? []
        : call.Participants.Where(one => one.KeyPackage is not null).Select(one => new CallGroupApplication(one.Id, one.KeyPackage!));

    /// <summary>The group of before a restart, at the number that it had: nothing of it is changed, and whoever knows that number is in it still.</summary>
    private bool GoesOn(ChangeCallGroupRequest request) => id is null && request is { Commit: null, Welcome: null, After: > 0 and <= MostChanges };

    /// <summary>Base64 and nothing between: white space would be taken as well, and be carried to everybody.</summary>
    private static bool IsText(string? text, int longest) =>
        text is { Length: > 0 } && text.Length <= longest && Base64.IsValid(text, out var octets) && text.Length == (octets + 2) / 3 * 4;
}
