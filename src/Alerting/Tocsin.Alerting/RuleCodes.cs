namespace Tocsin.Alerting;

/// <summary>Every code that a <see cref="RuleViolation"/> can have. They are stable: the interface has a sentence for each, scripts compare them.</summary>
public static class RuleCodes
{
    public const string NameMissing = "name-missing";
    public const string NameTooLong = "name-too-long";
    public const string NameHasControlCharacters = "name-has-control-characters";
    public const string TitleMissing = "title-missing";
    public const string TitleTooLong = "title-too-long";
    public const string TitleHasControlCharacters = "title-has-control-characters";
    public const string BodyMissing = "body-missing";
    public const string BodyTooLong = "body-too-long";
    public const string BodyHasControlCharacters = "body-has-control-characters";
    public const string LabelMissing = "label-missing";
    public const string LabelTooLong = "label-too-long";
    public const string LabelHasControlCharacters = "label-has-control-characters";

    public const string FormatUnknown = "format-unknown";
    public const string IconInvalid = "icon-invalid";
    public const string KeyInvalid = "key-invalid";
    public const string KeyTwice = "key-twice";
    public const string LinkInvalid = "link-invalid";
    public const string DateOutOfRange = "date-out-of-range";
    public const string TimeZoneUnknown = "time-zone-unknown";

    public const string LanguageIncomplete = "language-incomplete";
    public const string BraceUnclosed = "brace-unclosed";
    public const string BraceUnopened = "brace-unopened";

    public const string VariablesTooMany = "variables-too-many";
    public const string VariableNameInvalid = "variable-name-invalid";
    public const string VariableTwice = "variable-twice";
    public const string VariableUnknown = "variable-unknown";
    public const string VariableMissing = "variable-missing";
    public const string VariableTooLong = "variable-too-long";
    public const string VariableHasControlCharacters = "variable-has-control-characters";
    public const string VariableNotAChoice = "variable-not-a-choice";
    public const string VariableNotATime = "variable-not-a-time";

    public const string ChoicesMissing = "choices-missing";
    public const string ChoicesNotExpected = "choices-not-expected";
    public const string ChoicesTooMany = "choices-too-many";

    public const string AnswersTooMany = "answers-too-many";
    public const string AnswerUnknown = "answer-unknown";

    public const string AudienceEmpty = "audience-empty";
    public const string AudienceTooManyTerms = "audience-too-many-terms";
    public const string AudienceExcludesEveryone = "audience-excludes-everyone";

    public const string ExpiryOutOfRange = "expiry-out-of-range";
    public const string StepsMissing = "steps-missing";
    public const string StepsTooMany = "steps-too-many";
    public const string StepOutOfOrder = "step-out-of-order";
    public const string ChannelsMissing = "channels-missing";
    public const string ChannelTwice = "channel-twice";
    public const string AttemptsOutOfRange = "attempts-out-of-range";
    public const string RetryDelayOutOfRange = "retry-delay-out-of-range";
    public const string RepeatIntervalOutOfRange = "repeat-interval-out-of-range";
    public const string RepeatTimesOutOfRange = "repeat-times-out-of-range";
    public const string QuietHoursEmpty = "quiet-hours-empty";

    public const string EscalationTooManyRules = "escalation-too-many-rules";
    public const string EscalationWithoutAnswers = "escalation-without-answers";
    public const string EscalationOrderInvalid = "escalation-order-invalid";
    public const string MinimumInvalid = "minimum-invalid";
    public const string WithinOutOfRange = "within-out-of-range";

    public const string ShiftsTooMany = "shifts-too-many";
    public const string ShiftLengthInvalid = "shift-length-invalid";
    public const string DaysInvalid = "days-invalid";
    public const string TurnsMissing = "turns-missing";
    public const string TurnsTooMany = "turns-too-many";
    public const string TurnLengthOutOfRange = "turn-length-out-of-range";
    public const string OverridesTooMany = "overrides-too-many";
    public const string OverrideLengthInvalid = "override-length-invalid";
    public const string OverrideEmpty = "override-empty";

    public static IReadOnlyList<string> All { get; } =
    [
        NameMissing, NameTooLong, NameHasControlCharacters, TitleMissing, TitleTooLong, TitleHasControlCharacters, BodyMissing, BodyTooLong,
        BodyHasControlCharacters, LabelMissing, LabelTooLong, LabelHasControlCharacters,
        FormatUnknown, IconInvalid, KeyInvalid, KeyTwice, LinkInvalid, DateOutOfRange, TimeZoneUnknown,
        LanguageIncomplete, BraceUnclosed, BraceUnopened,
        VariablesTooMany, VariableNameInvalid, VariableTwice, VariableUnknown, VariableMissing, VariableTooLong, VariableHasControlCharacters,
        VariableNotAChoice, VariableNotATime,
        ChoicesMissing, ChoicesNotExpected, ChoicesTooMany,
        AnswersTooMany, AnswerUnknown,
        AudienceEmpty, AudienceTooManyTerms, AudienceExcludesEveryone,
        ExpiryOutOfRange, StepsMissing, StepsTooMany, StepOutOfOrder, ChannelsMissing, ChannelTwice, AttemptsOutOfRange, RetryDelayOutOfRange,
        RepeatIntervalOutOfRange, RepeatTimesOutOfRange, QuietHoursEmpty,
        EscalationTooManyRules, EscalationWithoutAnswers, EscalationOrderInvalid, MinimumInvalid, WithinOutOfRange,
        ShiftsTooMany, ShiftLengthInvalid, DaysInvalid, TurnsMissing, TurnsTooMany, TurnLengthOutOfRange, OverridesTooMany, OverrideLengthInvalid,
        OverrideEmpty,
    ];
}
