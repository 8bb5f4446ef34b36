using System.Text;
using Tocsin.Server.Features.Accounts.Passwords;

namespace Tocsin.Server.Tests.Accounts;

public sealed class OneTimeCodeTests
{
    private static readonly byte[] key = "12345678901234567890"u8.ToArray();

    // RFC 6238, appendix B, the SHA-1 rows; the last six of their eight digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_RFC_6238(long unixSeconds, string code) =>
        Assert.Equal(code, OneTimeCode.At(key, OneTimeCode.StepAt(DateTimeOffset.FromUnixTimeSeconds(unixSeconds))));

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_code_is_taken_one_step_early_or_late(int offsetSeconds, bool isTaken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_010);
        var code = OneTimeCode.At(key, OneTimeCode.StepAt(now.AddSeconds(offsetSeconds)));
        Assert.Equal(isTaken ? OneTimeCode.StepAt(now.AddSeconds(offsetSeconds)) : null, OneTimeCode.FindStep(key, code, now));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("１２３４５６")]
    [InlineData("not a number at all, and much too long for one")]
    public void Anything_else_is_no_code(string? text) => Assert.Null(OneTimeCode.FindStep(key, text, DateTimeOffset.FromUnixTimeSeconds(1_700_000_010)));

    [Fact]
    public void A_code_may_be_typed_with_the_space_that_apps_show()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(59);
        Assert.NotNull(OneTimeCode.FindStep(key, "287 082", now));
    }

    // RFC 4648, section 10, without padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Keys_are_written_in_the_base32_of_RFC_4648(string bytes, string text) => Assert.Equal(text, Base32.Encode(Encoding.ASCII.GetBytes(bytes)));
}
