using Tocsin.Alerting.Deliveries;

namespace Tocsin.Alerting.Plans;

public static class StepConditions
{
    /// <summary>Whether a step still goes to somebody who has got this far. If not, its deliveries are withdrawn.</summary>
    public static bool Holds(this StepCondition condition, RecipientState recipient) => condition switch
    {
        StepCondition.Always => true,
        StepCondition.UnlessDelivered => recipient is not (RecipientState.Delivered or RecipientState.Read or RecipientState.Answered),
        StepCondition.UnlessAnswered => recipient != RecipientState.Answered,
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };
}
