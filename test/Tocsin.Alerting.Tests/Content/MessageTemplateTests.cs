using FsCheck;
using FsCheck.Fluent;
using Tocsin.Alerting.Content;

namespace Tocsin.Alerting.Tests.Content;

public sealed class MessageTemplateTests
{
    [Fact]
    public void Variables_are_replaced_by_their_values()
    {
        Assert.Equal("Évacuez le bâtiment B par le nord.", Fill("Évacuez {building} par {exit}.", "building=le bâtiment B", "exit=le nord"));
        Assert.Equal("xx", Fill("{a}{a}", "a=x"));
    }

    [Fact]
    public void A_doubled_brace_is_a_brace() => Assert.Equal("{a} } x", Fill("{{a}} }} {a}", "a=x"));

    [Fact]
    public void A_brace_in_a_value_opens_nothing() => Assert.Equal("{b} {{", Fill("{a}", "a={b} {{", "b=no"));

    [Theory]
    [InlineData("Évacuez {building", TemplateError.UnclosedBrace, 8)]
    [InlineData("{", TemplateError.UnclosedBrace, 0)]
    [InlineData("a } b", TemplateError.UnopenedBrace, 2)]
    [InlineData("{}", TemplateError.InvalidName, 0)]
    [InlineData("{ a }", TemplateError.InvalidName, 0)]
    [InlineData("{Lieu}", TemplateError.InvalidName, 0)]
    [InlineData("{9a}", TemplateError.InvalidName, 0)]
    [InlineData("{a{b}", TemplateError.InvalidName, 0)]
    [InlineData("{a-very-long-name-of-more-than-32-characters}", TemplateError.InvalidName, 0)]
    public void A_text_that_cannot_be_read_says_why_and_where(string text, TemplateError expected, int expectedAt)
    {
        Assert.False(MessageTemplate.TryParse(text, out _, out var error, out var at));
        Assert.Equal(expected, error);
        Assert.Equal(expectedAt, at);
    }

    [Fact]
    public void A_variable_without_a_value_is_named()
    {
        Assert.True(MessageTemplate.TryParse("{a} {b}", out var template, out _, out _));
        Assert.False(template.TryFill(name => name == "a" ? "x" : null, out _, out var unknown));
        Assert.Equal("b", unknown);
    }

    [Fact]
    public void The_variables_are_listed_once_in_order_of_appearance()
    {
        Assert.True(MessageTemplate.TryParse("{b} {a} {{c}} {b}", out var template, out _, out _));
        Assert.Equal(["b", "a"], template.Variables);
    }

    [Fact]
    public void Any_text_whose_braces_are_doubled_comes_out_as_it_was() =>
        Property.HoldsFor(ArbMap.Default.GeneratorFor<string>().Where(text => text is not null), text =>
            Assert.Equal(text, Fill(MessageTemplate.Escape(text))));

    [Fact]
    public void Whatever_can_be_read_is_written_back_so_that_it_reads_the_same() =>
        Property.HoldsFor(Gen.ArrayOf(Gen.Elements("{", "}", "{{", "}}", "a", "{a}", "é", " ")), bits =>
        {
            if (!MessageTemplate.TryParse(string.Concat(bits), out var template, out _, out _))
                return;
            Assert.True(MessageTemplate.TryParse(template.ToString(), out var again, out _, out _));
            Assert.True(template.TryFill(name => "<" + name + ">", out var expected, out _));
            Assert.True(again.TryFill(name => "<" + name + ">", out var actual, out _));
            Assert.Equal(expected, actual);
        }, cases: 1_000);

    private static string Fill(string text, params string[] values)
    {
        var byName = values.ToDictionary(value => value.Split('=', 2)[0], value => value.Split('=', 2)[1], StringComparer.Ordinal);
        Assert.True(MessageTemplate.TryParse(text, out var template, out var error, out _), error.ToString());
        Assert.True(template.TryFill(byName.GetValueOrDefault, out var filled, out var unknown), unknown);
        return filled;
    }
}
