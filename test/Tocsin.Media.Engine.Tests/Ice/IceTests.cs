using Tocsin.Media.Engine.Ice;
using Tocsin.Media.Wire;
using Tocsin.Media.Wire.Stun;
using Tocsin.Testing;

namespace Tocsin.Media.Engine.Tests.Ice;

public sealed class IceTests
{
    private readonly IceLiteAgent _agent = new(IceCredentials.Create());
    private readonly IceTestClient _client;
    private readonly byte[] _answer = new byte[IceLiteAgent.MaximumAnswerLength];
    private Instant _now = new(5_000_000_000);
    private int _answerLength;

    public IceTests() => _client = new(_agent.Credentials, TestSeed.Random());

    private ReadOnlySpan<byte> Answer => _answer.AsSpan(0, _answerLength);

    private NetworkPath? Selected => _agent.TryGetSelectedPath(out var path) ? path : null;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void A_check_is_answered_with_the_address_it_came_from(bool nominates, bool isIPv6)
    {
        var path = isIPv6 ? new NetworkPath(TransportAddress.IPv6(UInt128.MaxValue - 5, 4711), PathProtocol.Udp, 0) : IceTestClient.Path(1);
        Assert.False(_agent.IsValidated(path));
        Assert.Equal(IceCheck.Accepted, Handle(_client.Check(nominates), path));
        Assert.True(_client.IsSuccess(Answer, out var mapped));
        Assert.Equal(path.Remote, mapped);
        Assert.True(_agent.IsValidated(path));
        Assert.Equal(path, Selected);
    }

    [Fact]
    public void The_same_address_over_another_protocol_or_channel_is_another_path()
    {
        Handle(_client.Check(), IceTestClient.Path(1));
        Assert.False(_agent.IsValidated(IceTestClient.Path(1, PathProtocol.Tcp)));
        Assert.False(_agent.IsValidated(IceTestClient.Path(1) with { Channel = 9 }));
    }

    /// <summary>The oracle: of what is accepted, everything up to the code is as the client wrote it, but for the length, which the code itself covers in another form.</summary>
    [Fact]
    [Trait(Fuzz.Trait, Fuzz.Parser)]
    public void Hostile_input_is_accepted_only_with_what_the_client_has_signed()
    {
        byte[][] samples = [_client.Check(), _client.Check(nominates: true), _client.Check(isControlled: true), _client.CheckWithUnknownAttribute(0x7FFF)];
        Fuzz.Readings(samples, input =>
        {
            var check = _agent.HandleDatagram(_now, input, IceTestClient.Path(1), _answer, out var written);
            if (check == IceCheck.Accepted)
                Assert.Contains(input[4..SignedLength(input)].ToArray(), samples.Select(sample => sample[4..SignedLength(sample)]));
            Assert.True(check is IceCheck.Accepted or IceCheck.Refused || written == 0, $"{check} was answered");
            var way = default(HashCode);
            way.Add(check);
            return way;
        });

        // Up to the value of MESSAGE-INTEGRITY (0x0008, 20 bytes), with it.
        static int SignedLength(ReadOnlySpan<byte> message)
        {
            var at = 20;
            while (message[at] != 0 || message[at + 1] != 8)
                at += 4 + ((((message[at + 2] << 8) | message[at + 3]) + 3) & ~3);
            return at + 24;
        }
    }

    [Fact]
    public void Whoever_does_not_know_the_password_gets_no_answer()
    {
        var path = IceTestClient.Path(1);
        Assert.Equal(IceCheck.Forged, Handle(_client.Check(password: IceCredentials.Create().Password), path));
        Assert.Equal(IceCheck.Forged, Handle(_client.Check(hasIntegrity: false), path));
        Assert.Equal(IceCheck.UnknownUser, Handle(_client.Check(user: "somebody:peer"), path));
        Assert.Equal(IceCheck.UnknownUser, Handle(_client.Check(user: _agent.Credentials.UsernameFragment), path));
        Assert.Equal(IceCheck.UnknownUser, Handle(_client.Check(user: ":" + _agent.Credentials.UsernameFragment), path));
        Assert.Equal(IceCheck.Malformed, Handle(_client.Check(hasFingerprint: false), path));
        Assert.Equal(6, _agent.Statistics.Dropped);
        Assert.False(_agent.IsValidated(path));
        Assert.Null(Selected);
        Assert.Equal(Instant.Never, _agent.NextWakeUp);
    }

    [Fact]
    public void Every_turned_bit_of_a_check_is_dropped_or_refused()
    {
        var genuine = _client.Check(nominates: true);
        for (var bit = 0; bit < genuine.Length * 8; bit++)
        {
            var turned = (byte[])genuine.Clone();
            turned[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(IceCheck.Accepted, Handle(turned, IceTestClient.Path(1)));
            Assert.Equal(0, _answerLength);
        }
        Assert.Null(Selected);
        for (var length = 0; length < genuine.Length; length++) Assert.Equal(IceCheck.Malformed, Handle(genuine[..length], IceTestClient.Path(1)));
    }

    [Fact]
    public void A_peer_that_claims_to_be_controlled_is_told_of_the_role_conflict()
    {
        Assert.Equal(IceCheck.Refused, Handle(_client.Check(isControlled: true), IceTestClient.Path(1)));
        Assert.Equal(StunErrorCode.RoleConflict, _client.ErrorCode(Answer));
        Assert.False(_agent.IsValidated(IceTestClient.Path(1)));
    }

    [Fact]
    public void A_check_without_priority_or_with_what_must_be_understood_and_is_not_is_refused()
    {
        Assert.Equal(IceCheck.Refused, Handle(_client.Check(hasPriority: false), IceTestClient.Path(1)));
        Assert.Equal(StunErrorCode.BadRequest, _client.ErrorCode(Answer));
        Assert.Equal(IceCheck.Refused, Handle(_client.CheckWithUnknownAttribute(0x7ABC), IceTestClient.Path(1)));
        Assert.Equal(StunErrorCode.UnknownAttribute, _client.ErrorCode(Answer));
        Assert.True(StunMessage.TryParse(Answer, out var message));
        Assert.True(message.TryFind(StunAttributeType.UnknownAttributes, out var types));
        Assert.Equal([0x7A, 0xBC], types.ToArray());
        Assert.Null(Selected);
    }

    [Fact]
    public void No_answer_is_longer_than_the_check()
    {
        var longest = _client.Check(nominates: true);
        Handle(longest, new(TransportAddress.IPv6(1, 1), PathProtocol.Udp, 0));
        Assert.InRange(_answerLength, 1, longest.Length);
        var refused = _client.Check(isControlled: true);
        Handle(refused, IceTestClient.Path(1));
        Assert.InRange(_answerLength, 1, refused.Length);
    }

    [Fact]
    public void Indications_and_answers_are_ignored()
    {
        foreach (var messageClass in (StunClass[])[StunClass.Indication, StunClass.SuccessResponse, StunClass.ErrorResponse])
        {
            var buffer = new byte[64];
            var writer = new StunWriter(buffer, messageClass, StunMethod.Binding, new byte[12]);
            Assert.True(writer.TryFinish(out var written));
            Assert.Equal(IceCheck.Ignored, Handle(buffer[..written], IceTestClient.Path(1)));
        }
    }

    /// <summary>Chromium: checks all paths, then nominates one.</summary>
    [Fact]
    public void The_first_valid_path_is_used_until_one_is_nominated()
    {
        Check(1, priority: 10);
        Check(2, priority: 20);
        Assert.Equal(IceTestClient.Path(1), Selected);
        Check(2, nominates: true, priority: 20);
        Assert.Equal(IceTestClient.Path(2), Selected);
        Check(1, priority: 10);
        Assert.Equal(IceTestClient.Path(2), Selected);
    }

    /// <summary>Firefox: nominates every path with its first check, and goes on with the best.</summary>
    [Fact]
    public void Of_paths_nominated_at_once_the_one_of_the_highest_priority_is_used_whatever_their_order()
    {
        foreach (var order in (int[][])[[1, 2, 3], [3, 2, 1], [2, 3, 1], [1, 3, 2]])
        {
            var agent = new IceLiteAgent(_agent.Credentials);
            foreach (var number in order) agent.HandleDatagram(_now, _client.Check(nominates: true, priority: (uint)number * 100), IceTestClient.Path(number), _answer, out _);
            Assert.True(agent.TryGetSelectedPath(out var path));
            Assert.Equal(IceTestClient.Path(3), path);
        }
    }

    /// <summary>A telephone that leaves the house: Wi-Fi ranks higher, but its checks no longer come.</summary>
    [Fact]
    public void A_path_of_lower_priority_is_taken_once_it_is_nominated_twice_with_silence_on_the_other()
    {
        Check(1, nominates: true, priority: 200);
        Check(2, nominates: true, priority: 100);
        Assert.Equal(IceTestClient.Path(1), Selected);
        Check(1, nominates: true, priority: 200);
        Check(2, nominates: true, priority: 100);
        Assert.Equal(IceTestClient.Path(1), Selected);
        Assert.Equal(0, _agent.PathChanges);
        Check(2, nominates: true, priority: 100);
        Assert.Equal(IceTestClient.Path(2), Selected);
        Assert.Equal(1, _agent.PathChanges);

        // And back home.
        Check(1, nominates: true, priority: 200);
        Assert.Equal(IceTestClient.Path(2), Selected);
        Check(1, nominates: true, priority: 200);
        Assert.Equal(IceTestClient.Path(1), Selected);
        Assert.Equal(2, _agent.PathChanges);
    }

    [Fact]
    public void Udp_takes_over_from_tcp_when_it_is_nominated_with_a_higher_priority()
    {
        Handle(_client.Check(nominates: true, priority: 100), IceTestClient.Path(1, PathProtocol.Tcp));
        Handle(_client.Check(nominates: true, priority: 900), IceTestClient.Path(1));
        Assert.Equal(IceTestClient.Path(1), Selected);
    }

    [Fact]
    public void A_tcp_connection_that_ends_takes_its_path_with_it()
    {
        var tcp = IceTestClient.Path(1, PathProtocol.Tcp);
        Handle(_client.Check(nominates: true, priority: 900), tcp);
        Check(2, priority: 100);
        _agent.RemovePath(tcp);
        Assert.False(_agent.IsValidated(tcp));
        Assert.Equal(IceTestClient.Path(2), Selected);
        Assert.Equal(1, _agent.PathChanges);
        _agent.RemovePath(IceTestClient.Path(2));
        Assert.Null(Selected);
        _agent.RemovePath(IceTestClient.Path(2));
    }

    [Fact]
    public void Consent_ends_30_seconds_after_the_last_check_and_comes_back_with_the_next()
    {
        Check(1, nominates: true);
        _now += TimeSpan.FromSeconds(20);
        Check(1);
        Assert.Equal(_now + TimeSpan.FromSeconds(30), _agent.NextWakeUp);
        _now += TimeSpan.FromSeconds(29.9);
        _agent.HandleTimeout(_now);
        Assert.Equal(IceTestClient.Path(1), Selected);
        _now += TimeSpan.FromSeconds(0.1);
        _agent.HandleTimeout(_now);
        Assert.Null(Selected);
        Assert.Equal(Instant.Never, _agent.NextWakeUp);
        Check(1);
        Assert.Equal(IceTestClient.Path(1), Selected);
    }

    [Fact]
    public void When_the_path_in_use_expires_the_next_best_is_taken()
    {
        Check(1, nominates: true, priority: 900);
        _now += TimeSpan.FromSeconds(10);
        Check(2, nominates: true, priority: 100);
        _now += TimeSpan.FromSeconds(1);
        Check(3, priority: 500);
        _now += TimeSpan.FromSeconds(20);
        _agent.HandleTimeout(_now);
        Assert.Equal(IceTestClient.Path(2), Selected);
        _now += TimeSpan.FromSeconds(9.5);
        _agent.HandleTimeout(_now);
        Assert.Equal(IceTestClient.Path(3), Selected);
    }

    [Fact]
    public void During_an_ice_restart_both_credentials_are_valid()
    {
        var old = _client.Server;
        Check(1, nominates: true, priority: 900);
        var fresh = IceCredentials.Create();
        _agent.Restart(fresh);
        Assert.True(_agent.IsOurs(Fragment(old)) && _agent.IsOurs(Fragment(fresh)));

        // The peer may take long to hear of it; its consent checks still count.
        _now += TimeSpan.FromSeconds(25);
        Check(1, nominates: true, priority: 900);
        _now += TimeSpan.FromSeconds(25);
        Check(1, nominates: true, priority: 900);
        Assert.Equal(IceTestClient.Path(1), Selected);

        _client.Server = fresh;
        Check(2, priority: 100);
        Assert.Equal(IceTestClient.Path(1), Selected);
        Check(2, nominates: true, priority: 100);
        Assert.Equal(IceTestClient.Path(2), Selected);

        // What was on its way still counts, and does not bring the old path back.
        _client.Server = old;
        Check(1, nominates: true, priority: 900);
        Assert.Equal(IceTestClient.Path(2), Selected);

        _now += TimeSpan.FromSeconds(30);
        _client.Server = fresh;
        Check(2, nominates: true, priority: 100);
        _agent.HandleTimeout(_now);
        _client.Server = old;
        Assert.Equal(IceCheck.UnknownUser, Handle(_client.Check(), IceTestClient.Path(1)));
        Assert.False(_agent.IsOurs(Fragment(old)));

        static byte[] Fragment(IceCredentials credentials) => System.Text.Encoding.ASCII.GetBytes(credentials.UsernameFragment);
    }

    [Fact]
    public void Only_the_last_credentials_but_one_outlive_a_restart()
    {
        var first = _client.Server;
        _agent.Restart(IceCredentials.Create());
        _agent.Restart(IceCredentials.Create());
        _client.Server = first;
        Assert.Equal(IceCheck.UnknownUser, Handle(_client.Check(), IceTestClient.Path(1)));
    }

    [Fact]
    public void Paths_are_bounded_and_the_one_in_use_stays()
    {
        Check(0, nominates: true, priority: 900);
        for (var number = 1; number < 100; number++)
        {
            _now += TimeSpan.FromMilliseconds(1);
            Check(number, priority: 100);
        }
        Assert.Equal(IceTestClient.Path(0), Selected);
        Assert.Equal(16, Enumerable.Range(0, 100).Count(number => _agent.IsValidated(IceTestClient.Path(number))));
        Assert.True(_agent.IsValidated(IceTestClient.Path(99)));
    }

    /// <summary>Whatever a peer with the password does, there is always a path that it validated within 30 seconds, or none.</summary>
    [Fact]
    public void The_path_in_use_is_always_one_with_consent()
    {
        var random = TestSeed.Random();
        var lastCheck = new Dictionary<NetworkPath, Instant>();
        for (var round = 0; round < 3_000; round++)
        {
            _now += TimeSpan.FromMilliseconds(random.Next(random.Next(20) == 0 ? 20_000 : 1_000));
            _agent.HandleTimeout(_now);
            var path = IceTestClient.Path(random.Next(20));
            switch (random.Next(10))
            {
                case 0:
                    _agent.RemovePath(path);
                    lastCheck.Remove(path);
                    break;
                case 1:
                    _client.Server = IceCredentials.Create();
                    _agent.Restart(_client.Server);
                    break;
                default:
                    Assert.Equal(IceCheck.Accepted, Handle(_client.Check(random.Next(2) == 0, (uint)random.Next(5)), path));
                    lastCheck[path] = _now;
                    break;
            }
            var alive = lastCheck.Where(entry => _now - entry.Value < TimeSpan.FromSeconds(30)).Select(entry => entry.Key).ToHashSet();
            Assert.Equal(alive.Count > 0, Selected is not null);
            if (Selected is { } selected)
            {
                Assert.Contains(selected, alive);
                Assert.True(_agent.IsValidated(selected));
            }
        }
    }

    [Fact]
    public void Checks_authentic_or_not_allocate_nothing()
    {
        var path = IceTestClient.Path(1);
        var good = _client.Check(nominates: true);
        var forged = _client.Check(password: IceCredentials.Create().Password);
        var stranger = _client.Check(user: "somebody:peer");
        var noise = new byte[100];
        var outcomes = 0;
        Assert.Equal(0, Allocation.Of(() =>
        {
            outcomes += (int)_agent.HandleDatagram(_now, good, path, _answer, out _);
            outcomes += (int)_agent.HandleDatagram(_now, forged, path, _answer, out _);
            outcomes += (int)_agent.HandleDatagram(_now, stranger, path, _answer, out _);
            outcomes += (int)_agent.HandleDatagram(_now, noise, path, _answer, out _);
            _agent.HandleTimeout(_now);
        }));
        Assert.Equal(52 * (int)(IceCheck.Accepted + (int)IceCheck.Forged + (int)IceCheck.UnknownUser + (int)IceCheck.Malformed), outcomes);
    }

    [Fact]
    public void Credentials_are_as_long_as_the_standard_wants_and_keep_themselves_out_of_logs()
    {
        var credentials = IceCredentials.Create();
        Assert.Matches("^[A-Za-z0-9+/]{16}$", credentials.UsernameFragment);
        Assert.Matches("^[A-Za-z0-9+/]{32}$", credentials.Password);
        Assert.DoesNotContain(credentials.Password, credentials.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(credentials.Password, IceCredentials.Create().Password);
    }

    private void Check(int path, bool nominates = false, uint priority = 1) =>
        Assert.Equal(IceCheck.Accepted, Handle(_client.Check(nominates, priority), IceTestClient.Path(path)));

    private IceCheck Handle(byte[] datagram, NetworkPath path) => _agent.HandleDatagram(_now, datagram, path, _answer, out _answerLength);
}
