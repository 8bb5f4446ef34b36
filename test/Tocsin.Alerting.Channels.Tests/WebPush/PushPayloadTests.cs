using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Channels.WebPush;
using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Channels.Tests.WebPush;

public sealed class PushPayloadTests
{
    [Fact]
    public void Payload_has_what_the_service_worker_shows()
    {
        Assert.True(PushPayload.TryWrite(Messages.French with { Severity = Severity.Extreme, Purpose = MessagePurpose.AllClear }, out var payload));

        Assert.Equal(
            """{"alertId":"01957a10-0000-7000-8000-000000000042","number":42,"mode":"real","severity":"extreme","title":"Incendie au bloc opératoire B","body":"Quittez le bloc par la sortie nord.\n\nN’utilisez pas les ascenseurs.","language":"fr","purpose":"all-clear","answers":[{"key":"safe","label":"Je suis en sécurité"},{"key":"need-help","label":"J’ai besoin d’aide"}],"link":"https://tocsin.example/a/kqzv7w3m"}""",
            Encoding.UTF8.GetString(payload));
    }

    [Fact]
    public void A_push_that_tries_a_channel_is_marked_in_the_title_itself()
    {
        Assert.True(PushPayload.TryWrite(Messages.French with { Purpose = MessagePurpose.Test, Title = "Ceci n’est pas une alerte" }, out var payload));
        using var json = JsonDocument.Parse(payload);
        Assert.Equal("TEST — Ceci n’est pas une alerte", json.RootElement.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData(ContentLanguage.Fr, "EXERCICE — Incendie")]
    [InlineData(ContentLanguage.En, "EXERCISE — Incendie")]
    public void Exercise_is_marked_in_the_title_itself(ContentLanguage language, string expected)
    {
        Assert.True(PushPayload.TryWrite(Messages.French with { Language = language, Mode = AlertMode.Exercise, Title = "Incendie" }, out var payload));

        Assert.Equal(expected, JsonElement.Parse(payload).GetProperty("title").GetString());
    }

    [Fact]
    public void Whatever_the_body_it_fits_in_one_push_and_keeps_its_beginning_and_its_link() => Property.HoldsFor(
        Bodies(),
        body =>
        {
            Assert.True(PushPayload.TryWrite(Messages.French with { Body = body }, out var payload));

            Assert.True(payload.Length <= PushEncryption.MaximumPlaintextLength);
            var shown = JsonElement.Parse(payload);
            Assert.Equal("https://tocsin.example/a/kqzv7w3m", shown.GetProperty("link").GetString());
            var kept = shown.GetProperty("body").GetString()!;
            if (kept != Readable(body))
            {
                Assert.EndsWith("…", kept, StringComparison.Ordinal);
                Assert.StartsWith(kept[..^1], Readable(body), StringComparison.Ordinal);
                // No more was cut than had to be: the longest escape is that of a surrogate pair.
                Assert.True(payload.Length > PushEncryption.MaximumPlaintextLength - 12, $"{payload.Length}");
            }
        });

    [Fact]
    public void Message_that_does_not_fit_without_its_body_is_refused()
    {
        Assert.False(PushPayload.TryWrite(Messages.French with { AnswerLink = new Uri($"https://tocsin.example/{new string('x', 4000)}") }, out _));
    }

    private static string Readable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Up to 4,000 characters of every width and of those that JSON escapes.</summary>
    private static Gen<string> Bodies() => Gen.Elements("a", "é", "’", "🔥", "\n", "\"", "\\", "\u0001", " ", "<", "\uD800")
        .ListOf()
        .Select(pieces => string.Concat(pieces))
        .SelectMany(text => Gen.Choose(1, 400).Select(times => string.Concat(Enumerable.Repeat(text, times))))
        .Select(text => text.Length > 4000 ? text[..4000] : text);
}
