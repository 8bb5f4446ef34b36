using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests;

/// <summary>A message to change with <c>with</c>.</summary>
internal static class Messages
{
    public static OutboundMessage French { get; } = new(
        new DeliveryId(4711),
        Attempt: 1,
        IdempotencyKey: "delivery-4711",
        new AlertId(new Guid("01957a10-0000-7000-8000-000000000042")),
        AlertNumber: 42,
        Address: "camille.garnier@chu.example",
        Organisation: "CHU de Saint-Énogat",
        ContentLanguage.Fr,
        MessagePurpose.Alert,
        AlertMode.Real,
        Severity.Severe,
        Title: "Incendie au bloc opératoire B",
        Body: "Quittez le bloc par la sortie nord.\n\nN’utilisez pas les ascenseurs.",
        [new OfferedAnswer("safe", "Je suis en sécurité"), new OfferedAnswer("need-help", "J’ai besoin d’aide")],
        new Uri("https://tocsin.example/a/kqzv7w3m"),
        RaisedAt: ManualTimeProvider.DefaultStart,
        ExpiresAt: ManualTimeProvider.DefaultStart.AddHours(12));
}
