using Tocsin.Media.Wire.Stun;

namespace Tocsin.Media.Engine.Ice;

/// <summary>The answering side of ICE: it checks nothing itself, and sends only where the peer has shown, within 30 seconds, that it wants to be sent to.</summary>
/// <remarks>
/// RFC 8445 section 2.5 (lite), RFC 7675 (consent). Media thread only; no call allocates. What is not authentic is dropped without an answer: an answer would
/// tell a stranger that somebody is here, and go to whichever address the stranger wrote into the datagram.
/// </remarks>
public sealed class IceLiteAgent
{
    /// <summary>Room for any answer.</summary>
    public const int MaximumAnswerLength = 128;

    private static readonly TimeSpan OldCredentials = TimeSpan.FromSeconds(30);

    private readonly CandidatePairs _pairs = new();
    private IceCredentials? _previous;
    private Instant _previousExpiry = Instant.Never;
    private int _generation;
    private IceStatistics _statistics;

    public IceLiteAgent(IceCredentials credentials) => Credentials = credentials;

    /// <summary>What signalling gave to the peer last.</summary>
    public IceCredentials Credentials { get; private set; }

    /// <summary>Since the beginning.</summary>
    public IceStatistics Statistics => _statistics;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called.</summary>
    public Instant NextWakeUp => Instant.Earlier(_pairs.NextExpiry, _previousExpiry);

    /// <summary>How often the path that media are sent on became another.</summary>
    public int PathChanges => _pairs.Changes;

    /// <summary>The path to send on; false while there is none, or no longer.</summary>
    public bool TryGetSelectedPath(out NetworkPath path) => _pairs.TryGetSelected(out path);

    /// <summary>Whether the peer has shown its password on this path within the last 30 seconds.</summary>
    public bool IsValidated(in NetworkPath path) => _pairs.Contains(path);

    /// <summary>
    /// New credentials, which signalling takes to the peer. The old ones stay valid until the peer has used the new, and 30 seconds more: media go on meanwhile.
    /// </summary>
    /// <remarks>RFC 8445 section 9.</remarks>
    public void Restart(IceCredentials credentials)
    {
        _previous = Credentials;
        _previousExpiry = Instant.Never;
        Credentials = credentials;
        _generation++;
    }

    /// <summary>Whether a check with this receiver's fragment is for us.</summary>
    public bool IsOurs(ReadOnlySpan<byte> usernameFragment) => Find(usernameFragment) is not null;

    /// <summary>Handles one STUN datagram, and writes the answer, where there is to be one.</summary>
    /// <param name="answer">At least <see cref="MaximumAnswerLength"/> bytes, apart from <paramref name="datagram"/>.</param>
    /// <param name="written">0: no answer.</param>
    public IceCheck HandleDatagram(Instant now, ReadOnlySpan<byte> datagram, in NetworkPath from, Span<byte> answer, out int written) =>
        _statistics.Count(Handle(now, datagram, from, answer, out written));

    /// <summary>Forgets a path whose connection has gone.</summary>
    public void RemovePath(in NetworkPath path) => _pairs.Remove(path);

    /// <summary>To be called when <see cref="NextWakeUp"/> has come; earlier, it does nothing.</summary>
    public void HandleTimeout(Instant now)
    {
        _pairs.Expire(now);
        if (now < _previousExpiry) return;
        _previous = null;
        _previousExpiry = Instant.Never;
    }

    private IceCheck Handle(Instant now, ReadOnlySpan<byte> datagram, in NetworkPath from, Span<byte> answer, out int written)
    {
        written = 0;
        if (!StunMessage.TryParse(datagram, out var request)) return IceCheck.Malformed;
        if (request.Class != StunClass.Request || request.Method != StunMethod.Binding) return IceCheck.Ignored;
        if (!request.HasValidFingerprint()) return IceCheck.Malformed;
        if (FindAddressee(request) is not { } credentials) return IceCheck.UnknownUser;
        // The one costly step, and only for who knows the fragment: HMAC of a hundred bytes.
        if (!request.HasValidIntegrity(credentials.PasswordBytes)) return IceCheck.Forged;

        if (!TryAdmit(request, credentials, answer, out var priority, out written)) return IceCheck.Refused;
        var isCurrent = ReferenceEquals(credentials, Credentials);
        _pairs.Record(now, from, priority, request.HasUseCandidate, isCurrent ? _generation : _generation - 1);
        if (isCurrent && _previous is not null && _previousExpiry == Instant.Never) _previousExpiry = now + OldCredentials;
        var writer = new StunWriter(answer, StunClass.SuccessResponse, StunMethod.Binding, request.TransactionId);
        writer.AddXorMappedAddress(from.Remote);
        written = Finish(ref writer, credentials);
        return IceCheck.Accepted;
    }

    /// <summary>False where the check gets an error for an answer.</summary>
    private static bool TryAdmit(in StunMessage request, IceCredentials credentials, Span<byte> answer, out uint priority, out int written)
    {
        written = 0;
        Span<ushort> unknown = stackalloc ushort[8];
        var unknownCount = request.CopyUnknownAttributes(unknown);
        scoped var writer = new StunWriter(answer, StunClass.ErrorResponse, StunMethod.Binding, request.TransactionId);
        var hasPriority = request.TryGetPriority(out priority);
        if (unknownCount > 0)
        {
            // RFC 8489 section 6.3.1.
            writer.AddErrorCode(StunErrorCode.UnknownAttribute, "Unknown Attribute"u8);
            writer.AddUnknownAttributes(unknown[..unknownCount]);
        }
        else if (request.TryGetIceControlled(out _))
        {
            // RFC 8445 section 7.3.1.1; a lite agent never becomes the controlling one while the other is full.
            writer.AddErrorCode(StunErrorCode.RoleConflict, "Role Conflict"u8);
        }
        else if (!hasPriority)
        {
            // RFC 8445 section 7.1.1: a check has it.
            writer.AddErrorCode(StunErrorCode.BadRequest, "Bad Request"u8);
        }
        else
        {
            return true;
        }
        written = Finish(ref writer, credentials);
        return false;
    }

    private static int Finish(ref StunWriter writer, IceCredentials credentials)
    {
        writer.AddMessageIntegrity(credentials.PasswordBytes);
        writer.AddFingerprint();
        return writer.TryFinish(out var written) ? written : throw new ArgumentException("There is no room for an answer.", nameof(writer));
    }

    /// <summary>By the fragment before the colon, which is the receiver's.</summary>
    private IceCredentials? FindAddressee(in StunMessage request)
    {
        if (!request.TryGetUsername(out var username)) return null;
        var colon = username.IndexOf((byte)':');
        return colon < 0 ? null : Find(username[..colon]);
    }

    private IceCredentials? Find(ReadOnlySpan<byte> usernameFragment)
    {
        if (usernameFragment.SequenceEqual(Credentials.FragmentBytes)) return Credentials;
        return _previous is not null && usernameFragment.SequenceEqual(_previous.FragmentBytes) ? _previous : null;
    }
}
