namespace Tocsin.Alerting.Plans;

public static class RepeatSchedule
{
    /// <summary>When somebody who has not answered is reminded next; null if no more.</summary>
    /// <param name="lastToldAt">The raising, or the last reminder. Counting from there, and not from the raising, a server that was down sends one reminder and not all it missed.</param>
    /// <param name="remindersSent">0 before the first.</param>
    public static DateTimeOffset? NextReminder(this RepeatPolicy policy, DateTimeOffset lastToldAt, int remindersSent, DateTimeOffset expiresAt)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var next = lastToldAt + policy.Every;
        return remindersSent < policy.Times && next < expiresAt ? next : null;
    }
}
