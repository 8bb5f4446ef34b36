namespace Tocsin.Specifications.Channels;

/// <summary>What a carrier does with one message that reaches it.</summary>
public enum CarrierAnswer
{
    /// <summary>Takes it and says so.</summary>
    Accept,

    /// <summary>Refuses it for good.</summary>
    Refuse,

    /// <summary>Refuses it for now.</summary>
    Throttle,

    /// <summary>Says nothing, and keeps the connection.</summary>
    StaySilent,

    /// <summary>Closes the connection instead of answering (and every other connection that it has open).</summary>
    HangUp,
}

/// <summary>What a carrier has beyond taking messages.</summary>
[Flags]
public enum CarrierTraits
{
    None = 0,

    /// <summary>Gives an id on acceptance.</summary>
    GivesIds = 1,

    /// <summary>Keeps connections, so that <see cref="IScriptableCarrier.GoDownAsync"/> shows in the channel's health without a message being sent.</summary>
    StandingConnection = 2,
}

/// <summary>The other side of a channel, under the test's control: a program or an in-process stand-in that really speaks the protocol.</summary>
public interface IScriptableCarrier : IAsyncDisposable
{
    CarrierTraits Traits { get; }

    /// <summary>Sets the answers to the next messages, one each, in the order in which they arrive, and then what every later message gets.</summary>
    ValueTask ScriptAsync(CarrierAnswer afterwards, params CarrierAnswer[] next);

    /// <summary>Addresses of the messages that reached it, in order, whatever it answered. Duplicates stay.</summary>
    ValueTask<IReadOnlyList<string>> ReceivedAsync();

    /// <summary>The texts of those messages as the person would read them, in the same order.</summary>
    ValueTask<IReadOnlyList<string>> TextsAsync();

    /// <summary>Answers every message that it was silent on with acceptance.</summary>
    ValueTask BreakSilenceAsync();

    /// <summary>Stops listening and closes every connection.</summary>
    ValueTask GoDownAsync();

    /// <summary>Listens again, at the same place.</summary>
    ValueTask ComeBackAsync();
}

/// <summary>A carrier that also reports on messages and brings replies.</summary>
public interface IAnsweringCarrier : IScriptableCarrier
{
    /// <summary>Reports on a message.</summary>
    /// <returns>True once the channel has acknowledged the report; false where it asked for it to be given again.</returns>
    ValueTask<bool> SendReceiptAsync(string providerMessageId, bool delivered);

    /// <summary>Brings a text from a person.</summary>
    /// <returns>As <see cref="SendReceiptAsync"/>.</returns>
    ValueTask<bool> SendReplyAsync(string from, string text);
}
