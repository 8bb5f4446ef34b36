using Tocsin.Server.Features.Accounts.Passwords;

namespace Tocsin.Server.Tests.Accounts;

public sealed class PasswordPolicyTests
{
    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("le chat dort sur la table")]
    [InlineData("Xk9$mw2Lp!4v")]
    [InlineData("ürgüp göreme nevşehir")]
    public void A_long_password_is_taken_whatever_its_characters(string password) => Assert.Null(PasswordPolicy.Check(password, "c.martin"));

    [Theory]
    [InlineData(null, "password-too-short")]
    [InlineData("", "password-too-short")]
    [InlineData("Xk9$mw2Lp!4", "password-too-short")]
    [InlineData("password1234", "password-too-common")]
    [InlineData("P4ssw0rd!2026", "password-too-common")]
    [InlineData("MotDePasse123", "password-too-common")]
    [InlineData("azertyuiop12", "password-too-common")]
    [InlineData("123456789012", "password-too-common")]
    [InlineData("210987654321", "password-too-common")]
    [InlineData("abcdefghijkl", "password-too-common")]
    [InlineData("aaaaaaaaaaaaaaa", "password-too-common")]
    [InlineData("abcabcabcabc", "password-too-common")]
    [InlineData("tocsintocsin", "password-too-common")]
    [InlineData("c.martin2026", "password-too-common")]
    [InlineData("------------", "password-too-common")]
    public void What_an_attacker_tries_first_is_refused(string? password, string code) => Assert.Equal(code, PasswordPolicy.Check(password, "c.martin")?.Code);

    [Fact]
    public void A_password_past_every_reason_is_refused_before_it_costs_a_hash() =>
        Assert.Equal("password-too-long", PasswordPolicy.Check(new string('x', 10_000_000), "c.martin")?.Code);
}
