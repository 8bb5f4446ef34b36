namespace Tocsin.Alerting.Content;

/// <summary>How bad it is, in four steps that have a word, a shape and a colour each. The order is the order of the values.</summary>
public enum Severity
{
    /// <summary>For information: nothing to do at once.</summary>
    Info,

    /// <summary>Be prepared; the activity may be disturbed.</summary>
    Advisory,

    /// <summary>Act: the activity or somebody's safety is threatened.</summary>
    Severe,

    /// <summary>Act now: danger to life. Takes over the whole screen, passes quiet hours and preferences.</summary>
    Extreme,
}

/// <summary>Whether it is the real thing. An exercise is marked in the first characters of everything that leaves.</summary>
public enum AlertMode
{
    Real,
    Exercise,
}

/// <summary>Languages that content is written in (ISO 639-1). French first: the first users are French.</summary>
public enum ContentLanguage
{
    Fr,
    En,
}
