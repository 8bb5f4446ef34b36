using Tocsin.Storage.Model;

namespace Tocsin.Server.Access;

/// <summary>How long a session lives: <paramref name="Idle"/> without being used, <paramref name="Absolute"/> in all.</summary>
internal readonly record struct SessionLifetime(TimeSpan Idle, TimeSpan Absolute)
{
    // Long, on purpose. Most people open Tocsin only in an exercise or a crisis, and a phone that has to sign in first is a phone that does not answer.
    // What a lost phone could do is bounded by revoking it, by its owner or an administrator, within a second.
    private static readonly SessionLifetime ordinary = new(TimeSpan.FromDays(60), TimeSpan.FromDays(365));

    // A card is used on a borrowed device: one shift, and not left open.
    private static readonly SessionLifetime card = new(TimeSpan.FromHours(2), TimeSpan.FromHours(12));

    public static SessionLifetime Of(SignInMethod method) => method == SignInMethod.EmergencyCard ? card : ordinary;
}
