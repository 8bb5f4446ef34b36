using Microsoft.AspNetCore.Http.HttpResults;
using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Channels.Sms.Text;
using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Server.Errors;
using Tocsin.Server.Features.Alerts.Dispatch;
using Tocsin.Server.Features.Settings;
using Tocsin.Server.Hosting;

namespace Tocsin.Server.Features.AlertsApi.Preview;

/// <summary>A message as each channel would write it, before anything leaves: what an SMS costs, and which letters make it cost more.</summary>
internal static class PreviewEndpoint
{
    // What a carrier joins without trouble; the channel's own limit may be lower.
    private const int MostParts = 10;

    // As long as a real one.
    private const string SampleToken = "0123456789abcdefghij";

    public static async Task<Results<Ok<AlertPreview>, ProblemHttpResult>> PreviewAsync(
        RuleBody<PreviewRequest> body, OrganisationName organisation, OrganisationTimeZone zone, ServerAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Refused is { } refused) return refused;
        var request = body.Value;
        if (Check(request) is { Count: > 0 } violations) return violations.ToProblem();
        var sender = await organisation.GetAsync(cancellationToken);
        var now = (await zone.GetAsync(cancellationToken)).WallTimeOf(time.GetUtcNow());
        var link = new Uri(address.Public, AnswerLinks.Path + SampleToken);
        var previews = Enum.GetValues<ContentLanguage>()
            .Where(language => Written(request.Title, language) is not null || Written(request.Body, language) is not null)
            .Select(language => In(language, request, sender, link, now));
        return TypedResults.Ok(new AlertPreview([.. previews]));
    }

    private static List<RuleViolation> Check(PreviewRequest request)
    {
        var violations = new List<RuleViolation>();
        void Bound(LocalizedText text, int longest, string code, string path)
        {
            if (text.Fr?.Length > longest) violations.Add(new RuleViolation(code, path + ".fr"));
            if (text.En?.Length > longest) violations.Add(new RuleViolation(code, path + ".en"));
        }

        Bound(request.Title, ContentBounds.Title, RuleCodes.TitleTooLong, "title");
        Bound(request.Body, ContentBounds.Body, RuleCodes.BodyTooLong, "body");
        if (request.Answers?.Count > ContentBounds.Answers) violations.Add(new RuleViolation(RuleCodes.AnswersTooMany, "answers"));
        foreach (var (answer, index) in (request.Answers ?? []).Select((answer, index) => (answer, index)))
            Bound(answer.Label, ContentBounds.AnswerLabel, RuleCodes.LabelTooLong, $"answers[{index}].label");
        return violations;
    }

    private static LanguagePreview In(ContentLanguage language, PreviewRequest request, string sender, Uri link, DateTimeOffset now)
    {
        var message = new OutboundMessage(
            default,
            1,
            "preview",
            default,
            1,
            "",
            sender,
            language,
            MessagePurpose.Alert,
            request.Mode,
            request.Severity,
            request.Title.In(language),
            request.Body.In(language),
            [.. (request.Answers ?? []).Select(answer => new OfferedAnswer(answer.Key, answer.Label.In(language)))],
            link,
            now,
            now + ChannelPlan.AllAtOnce.Expiry);
        var mark = request.Mode == AlertMode.Exercise ? ExerciseMark.In(language) + " — " : "";
        var mail = MailPreview.Of(message);
        return new LanguagePreview(language, Sms(message), new MailText(mail.Subject, mail.Text), new PushText(mark + message.Title, message.Body));
    }

    private static SmsPreview Sms(OutboundMessage message)
    {
        var measure = SmsText.Measure(message, MostParts);
        var plain = message with { Title = PlainLetters.Of(message.Title), Body = PlainLetters.Of(message.Body) };
        var plainMeasure = SmsText.Measure(plain, MostParts);
        var offer = plainMeasure.Parts < measure.Parts ? new PlainOffer(plain.Title, plain.Body, plainMeasure.Parts) : null;
        return new SmsPreview(
            SmsText.Compose(message, MostParts), measure.Encoding, measure.Parts, measure.Units, measure.UnitsPerPart, measure.CharactersForcingUcs2, offer);
    }

    private static string? Written(LocalizedText text, ContentLanguage language) => language == ContentLanguage.En ? text.En : text.Fr;
}

/// <summary>Words as they will read: variables filled in.</summary>
internal sealed record PreviewRequest(
    AlertMode Mode, Severity Severity, LocalizedText Title, LocalizedText Body, IReadOnlyList<AnswerChoice>? Answers = null);

internal sealed record AlertPreview(IReadOnlyList<LanguagePreview> Languages);

internal sealed record LanguagePreview(ContentLanguage Language, SmsPreview Sms, MailText Email, PushText WebPush);

/// <param name="Units">Septets for <c>gsm7</c>, UTF-16 units for <c>ucs2</c>.</param>
/// <param name="CharactersForcingUcs2">Each once, in order of appearance.</param>
/// <param name="Plain">The same words in letters that cost less; absent where that saves nothing.</param>
internal sealed record SmsPreview(
    string Text, SmsEncoding Encoding, int Parts, int Units, int UnitsPerPart, IReadOnlyList<string> CharactersForcingUcs2, PlainOffer? Plain);

internal sealed record PlainOffer(string Title, string Body, int Parts);

internal sealed record MailText(string Subject, string Text);

internal sealed record PushText(string Title, string Body);
