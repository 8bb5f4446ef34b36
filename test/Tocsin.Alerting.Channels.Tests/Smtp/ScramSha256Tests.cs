using Tocsin.Alerting.Channels.Smtp.Relays;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>RFC 5802, RFC 7677.</summary>
public sealed class ScramSha256Tests
{
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    /// <summary>RFC 7677 section 3.</summary>
    [Fact]
    public void Example_of_rfc_7677_is_reproduced()
    {
        var scram = new ScramSha256("user", "pencil", Nonce);

        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", scram.ClientFirst);
        Assert.True(scram.TryAnswer(ServerFirst, out var clientFinal));
        Assert.Equal("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", clientFinal);
        Assert.True(scram.Verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        Assert.False(scram.Verify("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    }

    [Theory]
    [InlineData("")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=another,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=*,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000")]
    [InlineData("m=ext,r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    public void Challenge_that_is_wrong_or_meant_to_exhaust_is_refused(string serverFirst) =>
        Assert.False(new ScramSha256("user", "pencil", Nonce).TryAnswer(serverFirst, out _));

    [Fact]
    public void Relay_that_skips_the_challenge_is_not_believed() =>
        Assert.False(new ScramSha256("user", "pencil", Nonce).Verify("v="));

    [Fact]
    public void Name_with_reserved_characters_is_escaped() =>
        Assert.Equal("n,,n=a=2Cb=3Dc,r=rOprNGfwEbeRWgbNEkqO", new ScramSha256("a,b=c", "pencil", Nonce).ClientFirst);
}
