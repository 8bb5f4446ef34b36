using System.Text;
using Tocsin.Alerting.Channels.Smtp.Relays;

namespace Tocsin.Alerting.Channels.Tests.Smtp;

/// <summary>Whose fault a refusal is decides whether the person is given up, tried later, or tried through another relay.</summary>
public sealed class RelayAnswersTests
{
    [Theory]
    [InlineData("450 4.2.0 Greylisted", "TryLater", FailureCodes.CarrierThrottled)]
    [InlineData("451 Local error", "TryLater", FailureCodes.CarrierThrottled)]
    [InlineData("452 4.2.2 Mailbox full", "TryLater", FailureCodes.CarrierThrottled)]
    [InlineData("552 Too many recipients", "TryLater", FailureCodes.CarrierThrottled)]
    [InlineData("550 5.1.1 Unknown", "Refused", FailureCodes.AddressUnknown)]
    [InlineData("550 No such user", "Refused", FailureCodes.AddressUnknown)]
    [InlineData("551 User not local", "Refused", FailureCodes.AddressUnknown)]
    [InlineData("553 5.1.3 Bad syntax", "Refused", FailureCodes.AddressInvalid)]
    [InlineData("501 Bad address", "Refused", FailureCodes.AddressInvalid)]
    [InlineData("550 5.2.1 Disabled", "Refused", FailureCodes.Undeliverable)]
    [InlineData("554 5.7.1 Relay access denied", "RefusedByRelay", FailureCodes.CarrierRefused)]
    [InlineData("530 5.7.0 Authenticate first", "RefusedByRelay", FailureCodes.CarrierRefused)]
    [InlineData("530 Authenticate first", "RefusedByRelay", FailureCodes.CarrierRefused)]
    public void Refused_recipient_is_read(string reply, string verdict, string code)
    {
        var answer = RelayAnswers.ToRecipient(Parse(reply))!.Value;

        Assert.Equal((verdict, code), (answer.Verdict.ToString(), answer.Reason.Code));
        Assert.StartsWith(answer.Reason.CarrierCode!, reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("552 5.3.4 Too big", "Refused", FailureCodes.MessageTooLarge)]
    [InlineData("451 4.3.0 Later", "RelayFailed", FailureCodes.CarrierThrottled)]
    [InlineData("550 5.7.1 Sender refused", "RefusedByRelay", FailureCodes.CarrierRefused)]
    [InlineData("530 Authenticate first", "RefusedByRelay", FailureCodes.CarrierRefused)]
    public void Refused_sender_is_between_us_and_the_relay(string reply, string verdict, string code)
    {
        var answer = RelayAnswers.ToSender(Parse(reply))!.Value;

        Assert.Equal((verdict, code), (answer.Verdict.ToString(), answer.Reason.Code));
    }

    [Theory]
    [InlineData("250 2.0.0 queued as 4711", "Accepted", null)]
    [InlineData("451 4.7.1 Come again", "TryLater", FailureCodes.CarrierThrottled)]
    [InlineData("554 5.6.0 Refused", "Refused", FailureCodes.CarrierRefused)]
    [InlineData("552 Too big", "Refused", FailureCodes.MessageTooLarge)]
    [InlineData("550 5.7.1 Policy", "RefusedByRelay", FailureCodes.CarrierRefused)]
    public void Answer_to_the_content_is_read(string reply, string verdict, string? code)
    {
        var answer = RelayAnswers.ToContent(Parse(reply));

        Assert.Equal((verdict, code), (answer.Verdict.ToString(), answer.Reason.Code));
    }

    [Fact]
    public void Text_of_a_reply_never_becomes_a_reason() =>
        Assert.Equal("550 5.1.1", RelayAnswers.ToRecipient(Parse("550 5.1.1 <camille@chu.example> unknown"))!.Value.Reason.CarrierCode);

    private static SmtpReply Parse(string line)
    {
        Assert.Equal(ReplyParse.Complete, SmtpReplyParser.TryParse(Encoding.ASCII.GetBytes($"{line}\r\n"), keepText: false, out _, out var reply));
        return reply;
    }
}
