using Tocsin.Server.Features.Accounts.EmergencyCards;
using Tocsin.Storage.Model;

namespace Tocsin.Server.Tests.Accounts;

public sealed class EmergencyCodesTests
{
    private static readonly byte[] salt = new byte[EmergencyCodes.SaltLength];

    [Fact]
    public void A_code_has_twelve_characters_of_32_which_is_60_bits() => Assert.Matches("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$", EmergencyCodes.Create());

    [Theory]
    [InlineData("K701-M2HD-9WPA")]
    [InlineData("k701m2hd9wpa")]
    [InlineData(" K7OI m2hd 9wpa ")]
    [InlineData("K7ol.M2HD.9WPA")]
    public void A_code_is_found_however_it_is_typed(string typed) => Assert.NotNull(EmergencyCodes.Find([CardWith("K701-M2HD-9WPA")], typed));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("K701-M2HD-9WP")]
    [InlineData("K701-M2HD-9WPAA")]
    [InlineData("K701-M2HD-9WPB")]
    public void Another_code_is_not_found(string? typed) => Assert.Null(EmergencyCodes.Find([CardWith("K701-M2HD-9WPA")], typed));

    [Fact]
    public void A_used_code_is_not_found()
    {
        var card = CardWith("K701-M2HD-9WPA");
        card.Codes[0].UsedAt = DateTimeOffset.UnixEpoch;
        Assert.Null(EmergencyCodes.Find([card], "K701-M2HD-9WPA"));
    }

    private static EmergencyCard CardWith(string code)
    {
        var card = new EmergencyCard { Salt = salt };
        card.Codes.Add(new EmergencyCode { Number = 1, Hash = EmergencyCodes.HashOf(code, salt) });
        return card;
    }
}
