namespace Tocsin.Server.Features.Directory;

/// <summary>How long a number or mail address that somebody verified is taken to be right.</summary>
internal static class Verifications
{
    public const int UsualMonths = 12;
    public const int MostMonths = 36;

    /// <param name="months">1 to <see cref="MostMonths"/>, of the calendar.</param>
    public static DateTimeOffset Since(DateTimeOffset now, int months) => now.AddMonths(-months);
}
