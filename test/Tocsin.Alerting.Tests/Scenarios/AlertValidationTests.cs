using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;
using Tocsin.Alerting.Plans;
using Tocsin.Alerting.Scenarios;

namespace Tocsin.Alerting.Tests.Scenarios;

public sealed class AlertValidationTests
{
    private static readonly AlertText Text = new(new("Fuite {gaz}", "Leak {gas}"), new("Sortez.", "Leave."));

    [Fact]
    public void A_text_written_freely_may_have_braces() => Assert.Empty(Validate(Text, AudienceExpression.Everyone));

    [Fact]
    public void An_alert_for_nobody_is_refused() =>
        Assert.Equal([new(RuleCodes.AudienceEmpty, "audience.include")], Validate(Text, AudienceExpression.Nobody));

    [Fact]
    public void A_missing_text_is_refused_with_its_place() => Assert.Equal(
        [new(RuleCodes.TitleMissing, "title.fr"), new(RuleCodes.LanguageIncomplete, "body.en")],
        Validate(new(new("", "Leak"), new("Sortez.", null)), AudienceExpression.Everyone));

    [Fact]
    public void Every_code_is_listed_once_and_is_kebab_case()
    {
        Assert.Distinct(RuleCodes.All);
        Assert.Equal(typeof(RuleCodes).GetFields().Select(field => field.GetRawConstantValue()).Order(), RuleCodes.All.Order(StringComparer.Ordinal));
        Assert.All(RuleCodes.All, code => Assert.Matches("^[a-z]+(-[a-z]+)+$", code));
    }

    private static IReadOnlyList<RuleViolation> Validate(AlertText text, AudienceExpression audience) =>
        AlertValidation.Validate(text, audience, ChannelPlan.AllAtOnce, StandardAnswers.All, [], null);
}
