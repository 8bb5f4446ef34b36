using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Directory;

/// <summary>What can be refused about the directory.</summary>
internal static class DirectoryRefusals
{
    public static readonly Refusal NameTaken = new("name-taken", 409, "There is one of this name already.");
    public static readonly Refusal ExternalIdTaken = new("external-id-taken", 409, "Somebody or something else has this external id.");
    public static readonly Refusal PersonCanSignIn = new("person-can-sign-in", 409, "This person can still sign in: disable the account first.");
    public static readonly Refusal PersonInactive = new("person-inactive", 409, "This person is no longer active.");
    public static readonly Refusal GroupCircle = new("group-circle", 409, "A group cannot be inside itself, directly or through others.");
    public static readonly Refusal SiteInUse = new("site-in-use", 409, "There are people at this site: move them first.");
    public static readonly Refusal ContactPointTaken = new("contact-point-twice", 409, "This person has this contact point already.");
    public static readonly Refusal ContactPointsTooMany = new("contact-points-too-many", 409, "This person has as many contact points as is possible.");
    public static readonly Refusal TooManyMembers = new("members-too-many", 400, "At most 1,000 people can be put in or taken out at once.");

    /// <summary>Two commands met in the database; neither of them is at fault.</summary>
    public static readonly Refusal ChangedMeanwhile = new("changed-meanwhile", 409, "Somebody else changed this at the same moment: look again, then repeat.");
}
