using Tocsin.Storage.Directory;
using Tocsin.Testing;

namespace Tocsin.Storage.Tests.Directory;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("Élodie", "elodie")]
    [InlineData("D'Œuvre-Lagarde", "d oeuvre lagarde")]
    [InlineData("  ÅNGSTRÖM  Straße ", "angstrom strasse")]
    [InlineData("Łukasz Đặng", "lukasz dang")]
    [InlineData("İbrahim ﬁn ①", "ibrahim fin 1")]
    [InlineData("Παπαδόπουλος", "παπαδοπουλος")]
    [InlineData("Йорж", "иорж")]
    [InlineData("O\u2019Neil\u00ADson", "o neilson")]
    [InlineData("𝔍ean 田中", "jean 田中")]
    [InlineData("<script>alert(1)</script>", "script alert 1 script")]
    [InlineData("' OR 1=1 --", "or 1 1")]
    [InlineData("\uD800half", "half")]
    [InlineData("non\uFFFEcharacter\uFDD0", "noncharacter")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Names_are_folded_to_plain_words(string? text, string folded) => Assert.Equal(folded, string.Join(' ', SearchText.Words(text)));

    [Fact]
    public void Each_word_is_kept_once_after_a_space() => Assert.Equal(" martin jean 4711", SearchText.Of("Martin", "Jean", "Jean MARTIN", null, "4711"));

    [Fact]
    public void Any_text_folds_to_bounded_words_that_fold_to_themselves()
    {
        var random = TestSeed.Random();
        for (var i = 0; i < 3_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(120)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 0x250 : 0x10000))]);
            foreach (var word in SearchText.Words(text))
            {
                Assert.InRange(word.Length, 1, SearchText.LongestWord);
                Assert.DoesNotContain(' ', word);
                Assert.Equal(word, string.Concat(SearchText.Words(word)));
            }
        }
    }
}
