using System.Globalization;

namespace Tocsin.Alerting.Channels.Sms.Receipts;

/// <summary>Turns the id in a receipt into the id that the carrier gave when it accepted the message.</summary>
/// <remarks>
/// Many carriers write an id in hexadecimal in submit_sm_resp and in decimal in receipts, or the other way round, or pad one of them with zeros. Which of these a
/// carrier does is found by comparing with the last ids that it gave, and then kept for ids that are no longer remembered. What was found is revised when later
/// ids contradict it; ids that were matched before that may be matched again (<see cref="Match"/> answers for now).
/// </remarks>
internal sealed class MessageIdMatcher(MessageIdForm configured)
{
    /// <summary>Ids remembered, to compare with. Receipts of live phones come within seconds: enough for the busiest seconds of an alert.</summary>
    private const int Remembered = 16_384;

    /// <summary>
    /// Receipts in a row that must read as another form, with none between that confirms the found one, before that is given up. In a row of hexadecimal numbers at
    /// most ten are of digits alone, and each of those may happen to be the decimal of a remembered id: 64 are no chance, and soon seen in an alert.
    /// </summary>
    private const int Contradictions = 64;

    private readonly bool detects = configured == MessageIdForm.Detect;
    private readonly Lock gate = new();

    private readonly HashSet<string> given = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, string> givenInHexadecimal = [];
    private readonly Dictionary<ulong, string> givenInDecimal = [];
    private readonly Queue<string> inOrder = new();
    private MessageIdForm form = configured;

    /// <summary>Whether an id with a letter was ever given, or came in a receipt. A letter on both sides: neither is decimal. Outlives the remembered ids.</summary>
    private bool gaveLetter;
    private bool receiptedLetter;

    private int contradictions;

    /// <summary>How a remembered id of the found form was written: its least width and the case of its letters.</summary>
    private int width = 1;
    private bool upperCase = true;

    /// <summary>What has been found, or was configured.</summary>
    public MessageIdForm Form
    {
        get
        {
            lock (gate)
                return form;
        }
    }

    /// <summary>Remembers an id that the carrier gave with its acceptance.</summary>
    public void Remember(string id)
    {
        lock (gate)
        {
            if (!given.Add(id))
                return;
            inOrder.Enqueue(id);
            if (TryHexadecimal(id, out var hexadecimal))
                givenInHexadecimal[hexadecimal] = id;
            if (TryDecimal(id, out var number))
                givenInDecimal[number] = id;
            if (inOrder.Count > Remembered)
                Forget(inOrder.Dequeue());
            if (!gaveLetter && HasLetter(id))
            {
                gaveLetter = true;
                HeedLetters();
            }
        }
    }

    /// <summary>The id as the carrier gave it, for the id in its receipt; the same where nothing better is known.</summary>
    public string Match(string receipted)
    {
        lock (gate)
        {
            if (detects)
                Learn(receipted);
            return form switch
            {
                MessageIdForm.HexadecimalThenDecimal => TryDecimal(receipted, out var number) ? Hexadecimal(number) : receipted,
                MessageIdForm.DecimalThenHexadecimal => TryHexadecimal(receipted, out var number) ? Decimal(number) : receipted,
                _ => Alike(receipted) ?? receipted,
            };
        }
    }

    private void Learn(string receipted)
    {
        if (HasLetter(receipted))
        {
            if (!receiptedLetter)
            {
                receiptedLetter = true;
                HeedLetters();
            }

            if (form == MessageIdForm.Same)
                contradictions = 0;
        }

        if (ReadingOf(receipted) is not { } reading)
            return;
        if (reading.Form == form)
            contradictions = 0;
        else if (form == MessageIdForm.Detect || ++contradictions == Contradictions)
            Settle(reading.Form, reading.Id);
    }

    /// <summary>Decides when letters have come on both sides for the first time; what is settled after that is settled on many receipts.</summary>
    private void HeedLetters()
    {
        if (!gaveLetter || !receiptedLetter || !detects)
            return;
        form = MessageIdForm.Same;
        contradictions = 0;
    }

    /// <summary>
    /// The form that this receipt speaks for, with the remembered id that it is then for. Only what is certain counts: an id with a letter in it is not decimal.
    /// An id of digits alone that is remembered as it stands could be either, and speaks for none.
    /// </summary>
    private (MessageIdForm Form, string Id)? ReadingOf(string receipted)
    {
        if (Alike(receipted) is { } alike)
            return HasLetter(receipted) ? (MessageIdForm.Same, alike) : null;
        if (TryDecimal(receipted, out var number) && givenInHexadecimal.TryGetValue(number, out var id) && HasLetter(id))
            return (MessageIdForm.HexadecimalThenDecimal, id);
        if (!gaveLetter && HasLetter(receipted) && TryHexadecimal(receipted, out number) && givenInDecimal.TryGetValue(number, out id))
            return (MessageIdForm.DecimalThenHexadecimal, id);
        return null;
    }

    /// <summary>The remembered id that is the same, but for zeros before it and the case of its letters.</summary>
    private string? Alike(string receipted)
    {
        if (given.Contains(receipted))
            return receipted;
        if (TryDecimal(receipted, out var number))
            return givenInDecimal.GetValueOrDefault(number);
        return TryHexadecimal(receipted, out number) && givenInHexadecimal.TryGetValue(number, out var id) && HasLetter(id) ? id : null;
    }

    private string Hexadecimal(ulong number) => givenInHexadecimal.TryGetValue(number, out var id)
        ? id
        : number.ToString((upperCase ? "X" : "x") + width.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private string Decimal(ulong number) => givenInDecimal.TryGetValue(number, out var id)
        ? id
        : number.ToString("D" + width.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <param name="id">The remembered id that showed the form.</param>
    private void Settle(MessageIdForm found, string id)
    {
        form = found;
        contradictions = 0;
        upperCase = id.Any(char.IsAsciiLetterUpper);
        width = id[0] == '0' ? id.Length : 1;
    }

    private void Forget(string id)
    {
        given.Remove(id);
        if (TryHexadecimal(id, out var number) && givenInHexadecimal.TryGetValue(number, out var last) && last == id)
            givenInHexadecimal.Remove(number);
        if (TryDecimal(id, out number) && givenInDecimal.TryGetValue(number, out last) && last == id)
            givenInDecimal.Remove(number);
    }

    private static bool HasLetter(string id) => id.Any(char.IsAsciiLetter);

    private static bool TryHexadecimal(string id, out ulong value) => ulong.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static bool TryDecimal(string id, out ulong value) => ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
