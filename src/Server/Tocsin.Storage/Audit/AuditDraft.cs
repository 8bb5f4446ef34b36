namespace Tocsin.Storage.Audit;

/// <summary>Who acts, for the audit trail.</summary>
/// <param name="Id"><c>account:UUID</c>, <c>token:UUID</c>, <c>recipient:NUMBER</c> or <c>system</c>.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Origin">Network address, or null for the system itself.</param>
public sealed record AuditActor(string Id, string Name, string? Origin)
{
    public static AuditActor System { get; } = new("system", "Tocsin", null);
}

/// <summary>One record to be: <paramref name="Action"/> is <c>noun.verb-past</c>, <paramref name="Subject"/> <c>noun:id</c>, <paramref name="Detail"/> is serialised to JSON and holds no secret.</summary>
public sealed record AuditDraft(AuditActor Actor, string Action, string? Subject, object? Detail = null);
