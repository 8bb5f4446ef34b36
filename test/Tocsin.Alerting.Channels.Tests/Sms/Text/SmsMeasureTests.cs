using Tocsin.Alerting.Channels.Sms.Text;

namespace Tocsin.Alerting.Channels.Tests.Sms.Text;

public sealed class SmsMeasureTests
{
    [Theory]
    [InlineData("é è à ù ì ò É Ç Ä Ö Ü ä ö ü ñ ß £ ¥ § ¿ ¡ @ $ _")]
    [InlineData("Évacuez à 8 h par l'été où l'accès est ouvert")]
    public void Letters_of_the_default_alphabet_cost_one_unit(string text)
    {
        var measure = SmsMeasure.Of(text);
        Assert.Equal((SmsEncoding.Gsm7, text.Length, 1), (measure.Encoding, measure.Units, measure.Parts));
        Assert.Empty(measure.CharactersForcingUcs2);
    }

    [Theory]
    [InlineData("ê")]
    [InlineData("ç")]
    [InlineData("œ")]
    [InlineData("â")]
    [InlineData("î")]
    [InlineData("ô")]
    [InlineData("û")]
    [InlineData("ë")]
    [InlineData("ï")]
    [InlineData("À")]
    [InlineData("È")]
    [InlineData("Ê")]
    [InlineData("Œ")]
    [InlineData("🔥")]
    [InlineData("日")]
    public void Letters_outside_of_it_force_the_costly_encoding_and_are_named(string letter)
    {
        var measure = SmsMeasure.Of($"Attention {letter} et encore {letter}");
        Assert.Equal(SmsEncoding.Ucs2, measure.Encoding);
        Assert.Equal([letter], measure.CharactersForcingUcs2);
    }

    [Theory]
    [InlineData('^')]
    [InlineData('{')]
    [InlineData('}')]
    [InlineData('\\')]
    [InlineData('[')]
    [InlineData('~')]
    [InlineData(']')]
    [InlineData('|')]
    [InlineData('€')]
    public void Extension_table_counts_double(char character)
    {
        var measure = SmsMeasure.Of($"a{character}b");
        Assert.Equal((SmsEncoding.Gsm7, 4), (measure.Encoding, measure.Units));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(160, 1)]
    [InlineData(161, 2)]
    [InlineData(306, 2)]
    [InlineData(307, 3)]
    [InlineData(1224, 8)]
    [InlineData(1225, 9)]
    public void Parts_of_plain_text_hold_160_units_alone_and_153_together(int units, int parts) => Assert.Equal(parts, SmsMeasure.Of(new string('a', units)).Parts);

    [Theory]
    [InlineData(70, 1)]
    [InlineData(71, 2)]
    [InlineData(134, 2)]
    [InlineData(135, 3)]
    public void Parts_of_ucs2_text_hold_70_units_alone_and_67_together(int units, int parts) => Assert.Equal(parts, SmsMeasure.Of(new string('ê', units)).Parts);

    [Fact]
    public void Euro_sign_at_the_end_of_a_part_goes_whole_into_the_next()
    {
        // 152 units and one of two: the first part stays one short, and what follows needs a third part.
        var text = new string('a', 152) + "€" + new string('b', 152);
        Assert.Equal((306, 3), (SmsMeasure.Of(text).Units, SmsMeasure.Of(text).Parts));
    }

    [Fact]
    public void Typographic_punctuation_costs_nothing()
    {
        var measure = SmsMeasure.Of("« L’accès est fermé » – suite à 8\u202Fh…");
        Assert.Equal(SmsEncoding.Gsm7, measure.Encoding);
    }

    [Fact]
    public void Letter_written_as_letter_and_accent_is_the_letter() => Assert.Equal(SmsEncoding.Gsm7, SmsMeasure.Of("e\u0301vacuation").Encoding);

    [Fact]
    public void Half_of_a_surrogate_pair_breaks_nothing() => Assert.Equal(["\uFFFD"], SmsMeasure.Of("a\uD83D").CharactersForcingUcs2);

    [Theory]
    [InlineData("Cœur, tête, reçu, Âge, À l'hôpital, Noël", "Coeur, tete, recu, Age, A l'hopital, Noel")]
    [InlineData("été à Évry", "été à Évry")]
    [InlineData("Œuvre 🔥 日", "OEuvre 🔥 日")]
    [InlineData("25 °C", "25 oC")]
    public void Plain_letters_are_offered_where_there_are_any(string text, string plain) => Assert.Equal(plain, PlainLetters.Of(text));
}
