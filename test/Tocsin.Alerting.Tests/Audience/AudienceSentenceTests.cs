using Tocsin.Alerting.Audience;
using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Tests.Audience;

public sealed class AudienceSentenceTests
{
    private static readonly AudienceExpression Audience = new()
    {
        Include = new() { Sites = [new(Id(1))], Groups = [new(Id(2))], OnDuty = [new(Id(3))] },
        Exclude = new() { People = [new(Id(4))] },
    };

    [Fact]
    public void The_confirmation_says_how_many_and_who_in_french() => Assert.Equal(
        "312 personnes : site Nord, groupe Urgences, astreinte Technique, sauf Alice Martin".Replace(" :", "\u00A0:", StringComparison.Ordinal)
            .Replace("312 ", "312\u00A0", StringComparison.Ordinal),
        AudienceSentence.Describe(Audience, 312, new Names(), ContentLanguage.Fr));

    [Fact]
    public void The_confirmation_says_how_many_and_who_in_english() => Assert.Equal(
        "12,480 people: site Nord, group Urgences, on duty: Technique, except Alice Martin",
        AudienceSentence.Describe(Audience, 12_480, new Names(), ContentLanguage.En));

    [Theory]
    [InlineData(0, ContentLanguage.Fr, "Aucune personne\u00A0: tout le monde")]
    [InlineData(1, ContentLanguage.Fr, "1\u00A0personne\u00A0: tout le monde")]
    [InlineData(12_480, ContentLanguage.Fr, "12\u202F480\u00A0personnes\u00A0: tout le monde")]
    [InlineData(0, ContentLanguage.En, "Nobody: everyone")]
    [InlineData(1, ContentLanguage.En, "1 person: everyone")]
    public void Numbers_agree_with_their_nouns(int count, ContentLanguage language, string expected) =>
        Assert.Equal(expected, AudienceSentence.Describe(AudienceExpression.Everyone, count, new Names(), language));

    [Fact]
    public void A_long_choice_is_cut_with_the_number_of_the_rest()
    {
        var audience = new AudienceExpression { Include = new() { People = [.. Enumerable.Range(100, 14).Select(i => new PersonId(Id(i)))] } };

        Assert.Equal(
            "14 people: person, person, person, person, and 10 more people by name",
            AudienceSentence.Describe(audience, 14, new Names(), ContentLanguage.En));
    }

    [Fact]
    public void What_was_deleted_since_is_said_so()
    {
        var audience = new AudienceExpression { Include = new() { Lists = [new(Id(1))] } };

        Assert.Equal("Aucune personne\u00A0: liste supprimée", AudienceSentence.Describe(audience, 0, new Names(), ContentLanguage.Fr));
    }

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private sealed class Names : IAudienceNames
    {
        public string? NameOf(PersonId person) => person.Value == Id(4) ? "Alice Martin" : "person";

        public string? NameOf(GroupId group) => "Urgences";

        public string? NameOf(SiteId site) => "Nord";

        public string? NameOf(FunctionId function) => "Directeur";

        public string? NameOf(RotaId rota) => "Technique";

        public string? NameOf(ListId list) => null;
    }
}
