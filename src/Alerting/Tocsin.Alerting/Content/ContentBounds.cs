namespace Tocsin.Alerting.Content;

/// <summary>How long things may be. Characters are UTF-16 units, as the browser and the database count them.</summary>
public static class ContentBounds
{
    /// <summary>A title is one line, so that it fits a lock screen, a mail's subject and the first SMS part.</summary>
    public const int Title = 120;

    public const int Body = 4_000;
    public const int AnswerLabel = 40;

    /// <summary>An SMS answers by one digit, so there are at most nine.</summary>
    public const int Answers = 9;

    public const int VariableName = 32;
    public const int VariableLabel = 80;
    public const int VariableValue = 200;
    public const int Variables = 20;
    public const int ChoicesPerVariable = 50;
    public const int ScenarioName = 80;
}
