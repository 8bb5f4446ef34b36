using System.Net;
using System.Net.Sockets;

namespace Tocsin.Server.Features.Accounts.SignIn;

/// <summary>Slows down guessing without letting an attacker lock anybody out.</summary>
/// <remarks>
/// Three brakes, each for an attempt with a password or a card's code; a passkey cannot be guessed and meets none:
/// <list type="bullet">
/// <item>one address on one account: waits that double, from the fourth failure in a row;</item>
/// <item>one address on any account: <see cref="AddressBurst"/> failures, then one a second. Generous, because a whole organisation may sit behind one address;</item>
/// <item>one account from any address, for passwords: <see cref="AccountBurst"/> failures, then one a minute.</item>
/// </list>
/// The last one is what an attacker with many addresses could use against a director, so it, and the others, do not apply to a device on which the
/// account signed in before (<see cref="KnownDevice"/>): that has a budget of its own. What remains to the attacker: a director with a new device, and no
/// passkey, waits; an emergency card, whose codes have 60 bits, gets in meanwhile. Each node counts for itself, in bounded memory, and has its share of each
/// budget (<see cref="Nodes"/>): whoever spreads attempts over all nodes gets no more of them than with one.
/// </remarks>
internal sealed class SignInThrottle(TimeProvider time)
{
    internal const int AddressBurst = 100;
    internal const int AccountBurst = 20;
    internal const int DeviceBurst = 10;

    // Some 200 bytes an entry, so under 40 MiB in all when an attacker fills them.
    private const int Capacity = 50_000;

    private static readonly TimeSpan addressRefill = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan accountRefill = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan deviceRefill = TimeSpan.FromMinutes(6);

    private readonly Lock sync = new();
    private int nodes = 1;
    private readonly RecentlyUsedTable<(string Account, string Address), FailureStreak> streaks = new(Capacity);
    private readonly RecentlyUsedTable<string, TokenBucket> addresses = new(Capacity);
    private readonly RecentlyUsedTable<string, TokenBucket> accounts = new(Capacity);
    private readonly RecentlyUsedTable<Guid, TokenBucket> devices = new(Capacity);

    /// <summary>How many nodes share each budget; at least 1.</summary>
    public int Nodes
    {
        get => Volatile.Read(ref nodes);
        set => Volatile.Write(ref nodes, Math.Max(1, value));
    }

    /// <summary>Entries of all tables together: bounded, whatever is tried.</summary>
    public int Entries
    {
        get
        {
            lock (sync) return streaks.Count + addresses.Count + accounts.Count + devices.Count;
        }
    }

    /// <summary>Counts an attempt as failed before it is looked at; <see cref="Succeeded"/> takes that back.</summary>
    public SignInAdmission Admit(SignInAttempt attempt)
    {
        var now = time.GetUtcNow();
        lock (sync)
        {
            if (attempt.KnownDevice is { } device && Take(DeviceOf(device), DeviceBurst, deviceRefill, now) == TimeSpan.Zero) return new SignInAdmission(attempt, TimeSpan.Zero, ByDevice: true);
            var streak = StreakOf(attempt);
            var wait = streak.WaitAt(now, Nodes);
            if (wait == TimeSpan.Zero) wait = TakeShared(attempt, now);
            if (wait == TimeSpan.Zero) streak.Add(now);
            return new SignInAdmission(attempt, wait, ByDevice: false);
        }
    }

    public void Succeeded(SignInAdmission admission)
    {
        var attempt = admission.Attempt;
        lock (sync)
        {
            if (admission.ByDevice)
            {
                DeviceOf(attempt.KnownDevice!.Value).GiveBack(deviceRefill * Nodes);
                return;
            }

            StreakOf(attempt).Forgive();
            AddressOf(attempt).GiveBack(addressRefill * Nodes);
            if (attempt.CountsForAccount) AccountOf(attempt).GiveBack(accountRefill * Nodes);
        }
    }

    private TimeSpan TakeShared(SignInAttempt attempt, DateTimeOffset now)
    {
        var wait = Take(AddressOf(attempt), AddressBurst, addressRefill, now);
        if (wait > TimeSpan.Zero || !attempt.CountsForAccount) return wait;
        wait = Take(AccountOf(attempt), AccountBurst, accountRefill, now);
        if (wait > TimeSpan.Zero) AddressOf(attempt).GiveBack(addressRefill * Nodes);
        return wait;
    }

    private TimeSpan Take(TokenBucket bucket, int burst, TimeSpan refill, DateTimeOffset now) => bucket.TryTake(now, Math.Max(1, burst / Nodes), refill * Nodes);

    private FailureStreak StreakOf(SignInAttempt attempt) => streaks.GetOrAdd((attempt.Account, attempt.Address), () => new FailureStreak());

    private TokenBucket AddressOf(SignInAttempt attempt) => addresses.GetOrAdd(attempt.Address, () => new TokenBucket());

    private TokenBucket AccountOf(SignInAttempt attempt) => accounts.GetOrAdd(attempt.Account, () => new TokenBucket());

    private TokenBucket DeviceOf(Guid device) => devices.GetOrAdd(device, () => new TokenBucket());
}

/// <param name="Account">The sign-in name, whether or not there is such an account.</param>
/// <param name="Address">IPv4, or the /64 that one IPv6 subscriber has (<see cref="SignInAttempt.AddressOf"/>).</param>
/// <param name="KnownDevice">The device's own number, when this account signed in on it before.</param>
/// <param name="CountsForAccount">A password can be guessed from many addresses; a card's code has too many bits for that.</param>
internal sealed record SignInAttempt(string Account, string Address, Guid? KnownDevice, bool CountsForAccount)
{
    public static string AddressOf(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }
}

/// <param name="Wait">Zero when the attempt may be looked at; else how long until the next may be.</param>
/// <param name="ByDevice">The known device's own budget paid for it.</param>
internal sealed record SignInAdmission(SignInAttempt Attempt, TimeSpan Wait, bool ByDevice);
