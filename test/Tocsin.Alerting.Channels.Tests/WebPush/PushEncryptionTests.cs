using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tocsin.Alerting.Channels.WebPush;

namespace Tocsin.Alerting.Channels.Tests.WebPush;

public sealed class PushEncryptionTests
{
    private const string SubscriptionOfRfc8291 =
        """
        {"endpoint": "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
         "keys": {"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}}
        """;

    /// <summary>RFC 8291 section 5 and appendix A.</summary>
    [Fact]
    public void Example_of_rfc_8291_is_reproduced_octet_by_octet()
    {
        Assert.True(PushSubscription.TryParse(SubscriptionOfRfc8291, out var subscription));
        Assert.True(PushEncryption.TryReadPoint(Base64Url.DecodeFromChars("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"), out var parameters));
        parameters.D = Base64Url.DecodeFromChars("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        using var sender = ECDiffieHellman.Create(parameters);

        var message = PushEncryption.Encrypt(subscription, Encoding.UTF8.GetBytes("When I grow up, I want to be a watermelon"), sender, Base64Url.DecodeFromChars("DGv6ra1nlYgDCS1FRnbzlw"));

        Assert.Equal(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
            Base64Url.EncodeToString(message));
    }

    [Fact]
    public void Longest_plaintext_fills_what_a_push_service_must_take_and_one_octet_more_is_refused()
    {
        Assert.True(PushSubscription.TryParse(SubscriptionOfRfc8291, out var subscription));

        Assert.Equal(3993, PushEncryption.MaximumPlaintextLength);
        Assert.Equal(4096, PushEncryption.Encrypt(subscription, new byte[3993]).Length);
        Assert.ThrowsAny<ArgumentException>(() => PushEncryption.Encrypt(subscription, new byte[3994]));
    }

    [Fact]
    public void Same_plaintext_never_looks_the_same()
    {
        Assert.True(PushSubscription.TryParse(SubscriptionOfRfc8291, out var subscription));

        Assert.NotEqual(PushEncryption.Encrypt(subscription, "x"u8), PushEncryption.Encrypt(subscription, "x"u8));
    }
}
