using Tocsin.Server.Errors;

namespace Tocsin.Server.Features.Import;

/// <summary>What can be refused about imports. A file that cannot be read is <c>import-unreadable</c>, with the reason's own code and the line in the detail fields.</summary>
internal static class ImportRefusals
{
    public static readonly Refusal Unreadable = new("import-unreadable", 422, "This file cannot be imported.");
    public static readonly Refusal NotReady = new("import-not-ready", 409, "This import is over, or not yet ready.");
    public static readonly Refusal TooManyRemovals = new("removals-too-many", 409, "This would take out more people than is usual: confirm the number.");
}
