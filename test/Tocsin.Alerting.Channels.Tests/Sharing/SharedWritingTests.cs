using System.Buffers;
using System.Security.Cryptography;
using Tocsin.Alerting.Answers;
using Tocsin.Alerting.Channels.Sharing;
using Tocsin.Alerting.Channels.Smtp;
using Tocsin.Alerting.Channels.Smtp.Mime;
using Tocsin.Alerting.Channels.Sms.Text;
using Tocsin.Alerting.Content;
using Tocsin.Testing;

namespace Tocsin.Alerting.Channels.Tests.Sharing;

/// <summary>What is written once for everyone is, octet for octet, what would have been written for each person alone.</summary>
public sealed class SharedWritingTests
{
    private const int MostParts = 8;

    private static readonly byte[] secret = RandomNumberGenerator.GetBytes(32);
    private static readonly Mailbox from = Parsed("alerte@chu.example");

    public static TheoryData<string, string> Words => new()
    {
        { "plain", "Quittez le bloc par la sortie nord." },
        { "accents", "Évacuez à gauche : prévenez vos collègues [zone A], même s’il pleut." },
        { "long", string.Join("\n\n", Enumerable.Repeat("Restez chez vous, fermez les fenêtres = portes ; n'appelez pas.", 20)) },
        { "equals signs", new string('=', 200) },
        { "dots", ".\n..\n." },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void Mail_of_each_person_is_the_one_that_would_be_written_for_them_alone(string name, string body)
    {
        Assert.NotEmpty(name);
        var first = Messages.French with { Body = body, AnswerLink = Link(1_000) };
        var shared = SharedMail.Of(first, Identity);
        Assert.NotNull(shared);

        for (var recipient = 1_001; recipient < 1_200; recipient++)
        {
            var message = first with { AnswerLink = Link(recipient), IdempotencyKey = $"key-{recipient}" };
            var to = Parsed($"person{recipient}@chu.example");
            Assert.Equal(Mail(message, to, shared: null), Mail(message, to, shared));
        }
    }

    [Theory]
    [InlineData(SmsEncoding.Gsm7, "Evacuez le bloc par la sortie nord.")]
    [InlineData(SmsEncoding.Ucs2, "Évacuez le bloc, fenêtres fermées, et même les caves : le feu gagne l’étage.")]
    public void Sms_of_each_person_is_the_one_that_would_be_written_for_them_alone(SmsEncoding encoding, string body)
    {
        var first = Messages.French with { Title = "Incendie", Organisation = "CHU", Body = body, Answers = [], AnswerLink = Link(1_000) };
        var shared = SharedSms.Of(first, MostParts);
        Assert.NotNull(shared);
        Assert.Equal(encoding == SmsEncoding.Gsm7 ? SmsParts.Gsm7DataCoding : SmsParts.Ucs2DataCoding, shared.DataCoding);

        for (var recipient = 1_001; recipient < 1_300; recipient++)
        {
            var message = first with { AnswerLink = Link(recipient), DeliveryId = new DeliveryId(recipient) };
            var (alone, _) = SharedSms.Cut(message, MostParts);
            var together = shared.PartsFor(message);
            Assert.Equal(alone.Select(part => (part.HasHeader, Convert.ToHexString(part.UserData))), together.Select(part => (part.HasHeader, Convert.ToHexString(part.UserData))));
        }
    }

    [Fact]
    public void Text_that_goes_as_base64_is_written_for_each_person()
    {
        var greek = Messages.French with { Body = string.Concat(Enumerable.Repeat("Εγκαταλείψτε το κτίριο. ", 100)), AnswerLink = Link(1_000) };

        Assert.Null(SharedMail.Of(greek, Identity));
    }

    [Fact]
    public void Link_without_a_token_is_not_taken_for_one() =>
        Assert.Null(SharedMail.Of(Messages.French with { AnswerLink = new Uri("https://tocsin.example/a/x?y=z") }, Identity));

    [Fact]
    public void What_is_kept_for_one_message_is_not_given_to_another()
    {
        var kept = new SharedWriting<string>();
        var message = Messages.French with { AnswerLink = Link(1_000) };
        string Made(OutboundMessage asked) => kept.Get(asked, made => $"{made.Title}|{made.Body}|{made.Language}|{made.Purpose}|{made.Mode}|{made.Severity}|{made.Organisation}|{made.AlertNumber}")!;
        var first = Made(message);

        Assert.Same(first, Made(message with { AnswerLink = Link(1_001), Address = "other@chu.example", Answers = [.. message.Answers] }));
        OutboundMessage[] others =
        [
            message with { Title = "x" }, message with { Body = "x" }, message with { Language = ContentLanguage.En }, message with { Purpose = MessagePurpose.AllClear },
            message with { Mode = AlertMode.Exercise }, message with { Severity = Severity.Info }, message with { Organisation = "x" }, message with { AlertNumber = 43 },
        ];
        foreach (var other in others) Assert.NotEqual(first, Made(other));
        Assert.NotSame(first, Made(message with { Answers = [new OfferedAnswer("safe", "x")] }));
        Assert.NotSame(first, Made(message with { AnswerLink = null }));
        Assert.NotSame(first, Made(message with { AnswerLink = new Uri("https://other.example/a/" + LinkedOctets.TokenOf(Link(1_000)).ToString()) }));
    }

    private static MailIdentity Identity => new(from, null);

    private static Uri Link(long recipient) =>
        new("https://tocsin.example/a/" + AnswerToken.Issue(secret, Messages.French.AlertId, new RecipientId(recipient), 0).Encode());

    private static byte[] Mail(OutboundMessage message, Mailbox to, SharedMail? shared)
    {
        var output = new ArrayBufferWriter<byte>();
        AlertMail.Write(output, message, to, Identity, ManualTimeProvider.DefaultStart, shared);
        return output.WrittenSpan.ToArray();
    }

    private static Mailbox Parsed(string address) => Mailbox.TryParse(address, out var mailbox) ? mailbox : throw new InvalidOperationException(address);
}
