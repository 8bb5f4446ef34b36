using System.Text;
using Tocsin.Alerting.Channels.Sms.Receipts;
using Tocsin.Alerting.Channels.Sms.Smpp;

namespace Tocsin.Alerting.Channels.Tests.Sms.Receipts;

public sealed class CarrierReceiptTests
{
    [Theory]
    [InlineData("DELIVRD", ReceiptState.Delivered, null, null)]
    [InlineData("EXPIRED", ReceiptState.Expired, FailureCodes.Expired, "EXPIRED 12")]
    [InlineData("DELETED", ReceiptState.Failed, FailureCodes.Undeliverable, "DELETED 12")]
    [InlineData("UNDELIV", ReceiptState.Failed, FailureCodes.Undeliverable, "UNDELIV 12")]
    [InlineData("ACCEPTD", ReceiptState.Enroute, null, null)]
    [InlineData("UNKNOWN", ReceiptState.Failed, FailureCodes.Undeliverable, "UNKNOWN 12")]
    [InlineData("REJECTD", ReceiptState.Failed, FailureCodes.CarrierRefused, "REJECTD 12")]
    [InlineData("ENROUTE", ReceiptState.Enroute, null, null)]
    public void Every_state_of_the_standards_text_has_its_meaning(string state, ReceiptState meaning, string? code, string? carrierCode)
    {
        var receipt = Read($"id:0001 sub:001 dlvrd:000 submit date:2603020800 done date:2603020801 stat:{state} err:12 text:ALERTE CHU");

        Assert.NotNull(receipt);
        Assert.Equal("0001", receipt.MessageId);
        var (actual, reason) = ReceiptMeaning.Of(receipt);
        Assert.Equal((meaning, code, carrierCode), (actual, reason?.Code, reason?.CarrierCode));
    }

    [Theory]
    [InlineData("id:abc-1 sub:001 dlvrd:001 submit date:2603020800 done date:2603020801 stat:DELIVRD err:000 text:")]
    [InlineData("id:abc-1 sub:001 dlvrd:001 submit date:260302080000 done date:260302080100 stat:DELIVRD err:0 Text:id:9 stat:EXPIRED")]
    [InlineData("ID:abc-1 STAT:delivered")]
    [InlineData("id: abc-1 stat: DELIVERED err: 000")]
    [InlineData("stat:DELIVRD id:abc-1")]
    public void Variants_of_the_text_that_carriers_write_are_read(string text)
    {
        var receipt = Read(text);
        Assert.Equal(("abc-1", MessageState.Delivered, null), (receipt!.MessageId, receipt.State, receipt.Error));
    }

    [Theory]
    [InlineData("")]
    [InlineData("id:1")]
    [InlineData("stat:DELIVRD")]
    [InlineData("id: stat:DELIVRD")]
    [InlineData("id:1 stat:WHATEVER")]
    [InlineData("id:1 stat:DEL")]
    [InlineData("grid:1 thermostat:DELIVRD")]
    public void Text_that_says_too_little_is_no_receipt(string text) => Assert.Null(Read(text));

    [Theory]
    [InlineData(2, ReceiptState.Delivered)]
    [InlineData(3, ReceiptState.Expired)]
    [InlineData(4, ReceiptState.Failed)]
    [InlineData(5, ReceiptState.Failed)]
    [InlineData(6, ReceiptState.Enroute)]
    [InlineData(7, ReceiptState.Failed)]
    [InlineData(8, ReceiptState.Failed)]
    [InlineData(1, ReceiptState.Enroute)]
    public void Optional_parameters_count_more_than_the_text(byte state, ReceiptState meaning)
    {
        var receipt = Read(
            "id:other stat:ENROUTE err:000",
            [0x00, 0x1E, 0x00, 0x04, (byte)'a', (byte)'b', (byte)'c', 0x00, 0x04, 0x27, 0x00, 0x01, state]);
        Assert.Equal("abc", receipt!.MessageId);
        Assert.Equal(meaning, ReceiptMeaning.Of(receipt).State);
    }

    [Theory]
    [InlineData(3, 27, FailureCodes.AbsentSubscriber)]
    [InlineData(3, 1, FailureCodes.AddressUnknown)]
    [InlineData(3, 34, FailureCodes.Undeliverable)]
    [InlineData(1, 27, FailureCodes.Undeliverable)]
    public void Network_error_of_a_gsm_network_says_why(byte network, byte error, string code)
    {
        var receipt = Read("id:1 stat:UNDELIV", [0x04, 0x23, 0x00, 0x03, network, 0x00, error]);
        Assert.Equal(code, ReceiptMeaning.Of(receipt!).Reason?.Code);
    }

    [Fact]
    public void Reply_that_looks_like_a_receipt_is_a_reply()
    {
        var message = new ShortMessage { UserData = "id:1 stat:DELIVRD"u8 };
        Assert.Null(CarrierReceipt.TryRead(message));
    }

    [Fact]
    public void Error_that_is_not_letters_and_digits_goes_no_further() => Assert.Null(Read("id:1 stat:UNDELIV err:+33612345678")!.Error);

    private static CarrierReceipt? Read(string text, byte[]? optional = null)
    {
        Assert.True(OptionalParameters.TryParse(optional, out var parameters));
        return CarrierReceipt.TryRead(new ShortMessage { EsmClass = EsmClass.DeliveryReceipt, UserData = Encoding.ASCII.GetBytes(text), Optional = parameters });
    }
}
