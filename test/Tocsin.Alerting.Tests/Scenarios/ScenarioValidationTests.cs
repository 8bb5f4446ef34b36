using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Escalation;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Scenarios;

namespace Tocsin.Alerting.Tests.Scenarios;

public sealed class ScenarioValidationTests
{
    private static readonly ScenarioDefinition Valid = new()
    {
        Name = new("Essai", "Test"),
        Category = ScenarioCategory.Other,
        Icon = "bell",
        Severity = Severity.Advisory,
        Content = new() { Title = new("Titre", "Title"), Body = new("Corps", "Body") },
    };

    private static readonly EscalationRule Rule = new()
    {
        Key = "one",
        Minimum = new(Count: 1),
        Within = TimeSpan.FromMinutes(5),
        Then = new EscalationAction.Remind(),
    };

    [Fact]
    public void A_plain_scenario_with_the_standard_answers_is_valid() => Assert.Empty(ScenarioValidation.Validate(Valid));

    [Fact]
    public void All_violations_are_told_at_once() => Assert.Equal(
        [new("icon-invalid", "icon"), new("title-too-long", "content.title.fr"), new("steps-missing", "plan.steps")],
        ScenarioValidation.Validate(Valid with
        {
            Icon = "Bell!",
            Content = Valid.Content with { Title = new(new('x', 121), "Title") },
            Plan = new() { Steps = [] },
        }));

    public static TheoryData<string, string, ScenarioDefinition> Refused => new()
    {
        { "format-unknown", "format", Valid with { Format = 2 } },
        { "name-missing", "name", Valid with { Name = new(null, null) } },
        { "title-missing", "content.title.fr", WithContent(new(" ", "Title"), new("Corps", "Body")) },
        { "title-has-control-characters", "content.title.fr", WithContent(new("a\nb", "Title"), new("Corps", "Body")) },
        { "body-too-long", "content.body.fr", WithContent(new("Titre", "Title"), new(new('x', 4_001), "Body")) },
        { "body-has-control-characters", "content.body.en", WithContent(new("Titre", "Title"), new("Corps", "Body\u0007")) },
        { "body-has-control-characters", "content.body.en", WithContent(new("Titre", "Title"), new("Corps", "Body\uD83D")) },
        { "language-incomplete", "content.body.en", WithContent(new("Titre", "Title"), new("Corps", null)) },
        { "brace-unclosed", "content.body.fr", WithContent(new("Titre", "Title"), new("Corps {", "Body")) },
        { "brace-unopened", "content.body.fr", WithContent(new("Titre", "Title"), new("Corps }", "Body")) },
        { "variable-unknown", "content.body.en", WithContent(new("Titre", "Title"), new("Corps", "Body {place}")) },
        { "key-twice", "answers[1].key", Valid with { Answers = [StandardAnswers.Safe, StandardAnswers.Safe] } },
        { "answers-too-many", "answers", Valid with { Answers = [.. Enumerable.Repeat(StandardAnswers.Safe, 10)] } },
        { "audience-excludes-everyone", "audience.exclude.everyone", Valid with { Audience = new() { Exclude = new() { Everyone = true } } } },
        { "channel-twice", "plan.steps[1].channels", WithSteps(Step(0, ChannelKind.Sms), Step(1, ChannelKind.Sms)) },
        { "step-out-of-order", "plan.steps[1].after", WithSteps(Step(5, ChannelKind.Sms), Step(1, ChannelKind.Email)) },
        { "expiry-out-of-range", "plan.expiry", Valid with { Plan = ChannelPlan.AllAtOnce with { Expiry = TimeSpan.FromDays(8) } } },
        { "repeat-times-out-of-range", "plan.repeat.times", Valid with { Plan = ChannelPlan.AllAtOnce with { Repeat = new(TimeSpan.FromMinutes(5), 0) } } },
        { "answer-unknown", "escalation[0].answers", Valid with { Escalation = [Rule with { Answers = ["maybe"] }] } },
        { "minimum-invalid", "escalation[0].minimum", Valid with { Escalation = [Rule with { Minimum = new(1, 50) }] } },
        { "escalation-order-invalid", "escalation[0].after", Valid with { Escalation = [Rule with { After = "one" }] } },
        { "escalation-without-answers", "escalation", Valid with { Answers = [], Escalation = [Rule] } },
        {
            "audience-empty", "escalation[0].then.audience",
            Valid with { Escalation = [Rule with { Then = new EscalationAction.Notify(AudienceExpression.Nobody) }] }
        },
        { "link-invalid", "attachment.url", Valid with { Attachment = new Attachment.Link(new Uri("javascript:alert(1)")) } },
        { "link-invalid", "attachment.url", Valid with { Attachment = new Attachment.Link(new Uri("/room", UriKind.Relative)) } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_kept_is_refused_with_a_stable_code_and_its_place(string code, string path, ScenarioDefinition scenario) =>
        Assert.Equal([new RuleViolation(code, path)], ScenarioValidation.Validate(scenario));

    private static ScenarioDefinition WithContent(LocalizedText title, LocalizedText body) => Valid with { Content = new() { Title = title, Body = body } };

    private static ScenarioDefinition WithSteps(params PlanStep[] steps) => Valid with { Plan = new() { Steps = steps } };

    private static PlanStep Step(int minutes, ChannelKind channel) => new() { Channels = [channel], After = TimeSpan.FromMinutes(minutes) };
}
