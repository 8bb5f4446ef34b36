using System.Globalization;
using FsCheck.Fluent;
using Tocsin.Alerting.Phones;
using Tocsin.Testing;

namespace Tocsin.Alerting.Tests.Phones;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("01 23 45 67 89", "+33123456789")]
    [InlineData("0123456789", "+33123456789")]
    [InlineData("06.12.34.56.78", "+33612345678")]
    [InlineData("06-12-34-56-78", "+33612345678")]
    [InlineData("06/12/34/56/78", "+33612345678")]
    [InlineData("06\u00A012\u00A034\u00A056\u00A078", "+33612345678")]
    [InlineData("06\u202F12\u202F34\u202F56\u202F78", "+33612345678")]
    [InlineData("06\u201012\u201034\u201056\u201078", "+33612345678")]
    [InlineData("\u202A06 12 34 56 78\u202C", "+33612345678")]
    [InlineData("tel:+33612345678", "+33612345678")]
    [InlineData("0033 6 12 34 56 78", "+33612345678")]
    [InlineData("+33 6 12 34 56 78", "+33612345678")]
    [InlineData("+33 (0)6 12 34 56 78", "+33612345678")]
    [InlineData("0033 (0) 6 12 34 56 78", "+33612345678")]
    [InlineData("+33 06 12 34 56 78", "+33612345678")]
    [InlineData("(01) 23 45 67 89", "+33123456789")]
    [InlineData("07 81 23 45 67", "+33781234567")]
    [InlineData("09 70 12 34 56", "+33970123456")]
    public void French_numbers_are_read_as_people_write_them(string text, string expected) => Assert.Equal(expected, Parse(text, "FR").E164);

    [Theory]
    [InlineData("612345678", "+33612345678")]
    [InlineData("123456789", "+33123456789")]
    [InlineData("33612345678", "+33612345678")]
    [InlineData("262692123456", "+262692123456")]
    public void What_a_spreadsheet_dropped_from_a_french_number_is_restored(string text, string expected) =>
        Assert.Equal(expected, Parse(text, "FR").E164);

    [Theory]
    [InlineData("0692 12 34 56", "+262692123456")]
    [InlineData("0693 12 34 56", "+262693123456")]
    [InlineData("0262 12 34 56", "+262262123456")]
    [InlineData("0269 60 00 00", "+262269600000")]
    [InlineData("0639 12 34 56", "+262639123456")]
    [InlineData("0690 12 34 56", "+590690123456")]
    [InlineData("0590 12 34 56", "+590590123456")]
    [InlineData("0694 12 34 56", "+594694123456")]
    [InlineData("0594 12 34 56", "+594594123456")]
    [InlineData("0696 12 34 56", "+596696123456")]
    [InlineData("0596 12 34 56", "+596596123456")]
    [InlineData("0508 41 23 45", "+508412345")]
    [InlineData("+262 (0)692 12 34 56", "+262692123456")]
    [InlineData("+33 692 12 34 56", "+262692123456")]
    public void Numbers_overseas_get_the_calling_code_of_their_territory(string text, string expected)
    {
        Assert.Equal(expected, Parse(text, "FR").E164);
        Assert.Equal(expected, Parse(text, "RE").E164);
    }

    [Theory]
    [InlineData("15", PhoneNumberError.SpecialNumber)]
    [InlineData("112", PhoneNumberError.SpecialNumber)]
    [InlineData("3900", PhoneNumberError.SpecialNumber)]
    [InlineData("118 218", PhoneNumberError.SpecialNumber)]
    [InlineData("0800 123 456", PhoneNumberError.SpecialNumber)]
    [InlineData("08 99 12 34 56", PhoneNumberError.SpecialNumber)]
    [InlineData("+33 899 12 34 56", PhoneNumberError.SpecialNumber)]
    [InlineData("07 00 01 23 45 67 89", PhoneNumberError.SpecialNumber)]
    [InlineData("+800 12345678", PhoneNumberError.SpecialNumber)]
    [InlineData("06 12 34 56", PhoneNumberError.TooShort)]
    [InlineData("06 12 34 56 78 9", PhoneNumberError.TooLong)]
    [InlineData("+33 6 12 34 56 78 90", PhoneNumberError.TooLong)]
    [InlineData("+44 79", PhoneNumberError.TooShort)]
    [InlineData("00 000 000", PhoneNumberError.UnknownCountry)]
    [InlineData("+999 123 456", PhoneNumberError.UnknownCountry)]
    [InlineData("+0 123 456 789", PhoneNumberError.UnknownCountry)]
    [InlineData("", PhoneNumberError.Empty)]
    [InlineData("  ", PhoneNumberError.Empty)]
    [InlineData("+", PhoneNumberError.Empty)]
    [InlineData(null, PhoneNumberError.Empty)]
    [InlineData("06 12 34 56 7x", PhoneNumberError.InvalidCharacter)]
    [InlineData("0612345678 poste 12", PhoneNumberError.InvalidCharacter)]
    [InlineData("06 12 34 +56 78", PhoneNumberError.InvalidCharacter)]
    [InlineData("٠٦١٢٣٤٥٦٧٨", PhoneNumberError.InvalidCharacter)]
    [InlineData("06 12 34 56 78 ou 06 98 76 54 32 le soir seulement", PhoneNumberError.TooLong)]
    public void What_cannot_be_alerted_is_refused_with_the_reason(string? text, PhoneNumberError expected)
    {
        Assert.False(PhoneNumber.TryParse(text, "FR", out _, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("+32 471 23 45 67", "FR", "+32471234567")]
    [InlineData("0471 23 45 67", "BE", "+32471234567")]
    [InlineData("079 123 45 67", "CH", "+41791234567")]
    [InlineData("+44 (0)20 7946 0018", "FR", "+442079460018")]
    [InlineData("020 7946 0018", "GB", "+442079460018")]
    [InlineData("+39 06 1234 5678", "FR", "+390612345678")]
    [InlineData("621 123 456", "LU", "+352621123456")]
    [InlineData("+1 (202) 555-0143", "FR", "+12025550143")]
    [InlineData("00225 01 23 45 67 89", "FR", "+2250123456789")]
    [InlineData("+881 6 1234 5678", "FR", "+881612345678")]
    public void Foreign_numbers_are_read_by_their_calling_code_or_the_default_countrys_plan(string text, string country, string expected) =>
        Assert.Equal(expected, Parse(text, country).E164);

    [Fact]
    public void A_national_number_of_a_country_whose_plan_is_unknown_is_refused()
    {
        Assert.False(PhoneNumber.TryParse("0123 456789", "ZZ", out _, out var error));
        Assert.Equal(PhoneNumberError.UnknownCountry, error);
    }

    [Theory]
    [InlineData("0612345678", PhoneLineKind.Mobile)]
    [InlineData("0712345678", PhoneLineKind.Mobile)]
    [InlineData("0123456789", PhoneLineKind.Landline)]
    [InlineData("0970123456", PhoneLineKind.Landline)]
    [InlineData("0692123456", PhoneLineKind.Mobile)]
    [InlineData("0262123456", PhoneLineKind.Landline)]
    [InlineData("+32471234567", PhoneLineKind.Mobile)]
    [InlineData("+12025550143", PhoneLineKind.Unknown)]
    public void What_kind_of_line_it_is_is_guessed(string text, PhoneLineKind expected) => Assert.Equal(expected, Parse(text, "FR").Kind);

    [Theory]
    [InlineData("+33612345678", "06 12 34 56 78")]
    [InlineData("+262692123456", "0692 12 34 56")]
    [InlineData("+32471234567", "+32 471 23 45 67")]
    [InlineData("+12025550143", "+1 20 25 55 01 43")]
    public void Numbers_are_shown_as_people_read_them(string text, string expected) =>
        Assert.Equal(expected.Replace(' ', '\u00A0'), Parse(text, "FR").ToDisplay());

    [Fact]
    public void Every_french_number_survives_every_way_of_writing_it() =>
        Property.HoldsFor(Gen.Zip(Gen.Choose(1, 7), Gen.Choose(0, 99_999_999)), parts =>
        {
            var national = string.Create(CultureInfo.InvariantCulture, $"0{parts.Item1}{parts.Item2:D8}");
            if (!PhoneNumber.TryParse(national, "FR", out var number, out _))
                return;
            Assert.Equal(number, Parse(number.ToDisplay(), "FR"));
            Assert.Equal(number, Parse(number.E164, "FR"));
            Assert.Equal(number, Parse("00" + number.E164[1..], "BE"));
            Assert.Equal(number, Parse("+33 (0)" + national[1..], "FR"));
            Assert.Equal(number, Parse(string.Join('.', national.Chunk(2).Select(pair => new string(pair))), "FR"));
            Assert.True(PhoneNumber.TryParseE164(number.E164, out var stored));
            Assert.Equal(number, stored);
        }, cases: 1_000);

    [Fact]
    public void Whatever_is_accepted_is_e164_and_reads_back_as_itself()
    {
        var random = TestSeed.Random();
        const string alphabet = "0123456789012345678901234567890123456789+ ().-/x\u00A0é\0";
        string[] countries = ["FR", "RE", "BE", "CH", "IT", "LU", "GB", "PM", "ZZ", ""];
        for (var i = 0; i < 50_000; i++)
        {
            var text = new char[random.Next(24)];
            for (var j = 0; j < text.Length; j++)
                text[j] = alphabet[random.Next(alphabet.Length)];
            if (!PhoneNumber.TryParse(new string(text), countries[random.Next(countries.Length)], out var number, out var error))
            {
                Assert.NotEqual(PhoneNumberError.None, error);
                continue;
            }

            Assert.Matches("^\\+[1-9][0-9]{4,14}$", number.E164);
            Assert.True(PhoneNumber.TryParse(number.E164, "FR", out var again, out _), number.E164);
            Assert.Equal(number, again);
            Assert.NotEmpty(number.ToDisplay());
        }
    }

    [Fact]
    public void A_number_written_to_a_log_by_mistake_gives_nothing_away() =>
        Assert.DoesNotContain("612", Parse("0612345678", "FR").ToString(), StringComparison.Ordinal);

    private static PhoneNumber Parse(string text, string country) =>
        PhoneNumber.TryParse(text, country, out var number, out var error) ? number : throw new Xunit.Sdk.XunitException("refused: " + error);
}
