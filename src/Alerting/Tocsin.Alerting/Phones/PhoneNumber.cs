namespace Tocsin.Alerting.Phones;

/// <summary>Why a text is no telephone number that can be alerted.</summary>
public enum PhoneNumberError
{
    None,
    Empty,

    /// <summary>Something that is no digit, space or usual separator.</summary>
    InvalidCharacter,
    TooShort,
    TooLong,

    /// <summary>An international number whose country calling code is not assigned.</summary>
    UnknownCountry,

    /// <summary>A short, premium or machine number (15, 3900, 08 99 ...), which can't be reached from everywhere.</summary>
    SpecialNumber,

    /// <summary>The right length, but no such number exists in that country's plan.</summary>
    NotInNumberingPlan,
}

/// <summary>What a number probably is. Portability and foreign plans make it a guess.</summary>
public enum PhoneLineKind
{
    Unknown,
    Mobile,
    Landline,
}

/// <summary>A telephone number in the form of ITU-T E.164. Personal data: never logged.</summary>
public readonly partial record struct PhoneNumber
{
    private readonly string? e164;

    private PhoneNumber(string e164) => this.e164 = e164;

    /// <summary>With '+', digits only: <c>+33612345678</c>.</summary>
    public string E164 => e164 ?? throw new InvalidOperationException("A default PhoneNumber has no number.");

    /// <summary>Hides the number, so that one that slips into a log says nothing.</summary>
    public override string ToString() => "telephone number";
}
