using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Tocsin.Rehearsal.Calls;
using Tocsin.Scenarios.Published;
using Tocsin.Testing;
using Tocsin.Testing.Networks;

namespace Tocsin.Scenarios.Calls;

/// <summary>Four Chromium, one of them a guest's, and a Firefox in a call over a line that loses one packet in twenty: who comes, goes and is put out, and what the server has of it.</summary>
/// <remarks>
/// On the wire every packet is encrypted once more between browser and server (SRTP), so that a capture there says nothing of the server. What the server has once it has decrypted that stands in its
/// memory, where published packets are kept for those who ask for them again (decision 0072): that is where frames are looked for.
/// </remarks>
public sealed class EncryptedCallTests
{
    private const double Loss = 0.05;

    /// <summary>Pictures a second: five people's machines are one here.</summary>
    private const int Rate = 5;

    /// <summary>Of each frame, from behind what formats leave clear (docs/protocol/calls.md) and of what no encoder writes twice.</summary>
    private const int SampleLength = 24;

    /// <summary>None would be found by chance. The server keeps a packet for a moment only: it stands still while it is looked for.</summary>
    private const int Enough = 3;

    private static readonly TimeSpan changesWithin = TimeSpan.FromSeconds(60);

    /// <summary>A path that was given up while the server stood still has to come back first.</summary>
    private static readonly TimeSpan foundWithin = TimeSpan.FromSeconds(120);

    private readonly List<CallParticipant> all = [];
    private Guid meeting;
    private long began = Stopwatch.GetTimestamp();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CallParticipant Director => all[0];

    [Fact(Timeout = CallRehearsal.TimeLimit)]
    public async Task Five_browsers_share_keys_that_change_with_who_is_there_and_neither_the_server_nor_who_was_put_out_has_a_clear_frame()
    {
        await using var call = await CallRehearsal.StartAsync(4, Cancellation, PublishedProgram.IfThere);
        var site = await call.Network.AddFarSiteAsync(TestSeed.Random());
        var lossy = new LineQuality(Loss: Loss);
        site.Become(lossy, lossy);
        var driver = await call.DriverAtAsync(site);
        var chromium = await call.OwnAsync(driver.StartChromiumAsync());
        all.Add(await call.SitDownAsync(chromium, rate: Rate));
        var sending = await FrameTap.AttachAsync(Director.Page);
        meeting = await call.OpenMeetingAsync(Director);
        var link = await call.MakeGuestLinkAsync(Director, meeting);
        all.Add(await call.SitDownAsync(chromium, rate: Rate));
        var hearing = await FrameTap.AttachAsync(all[1].Page);
        all.Add(await call.SitDownAsync(await call.OwnAsync(driver.StartChromiumAsync()), rate: Rate));
        all.Add(await call.SitDownAsync(await call.OwnAsync(driver.StartFirefoxAsync()), rate: Rate));
        foreach (var one in all) await one.EnterAsync(meeting);
        foreach (var one in all) await one.OpenPeopleAsync();
        foreach (var one in all) await one.DecodesAsync(3);
        var four = await SameCodeAsync("", all);
        Tell("four decode each other and read one code");

        // The waiting room is cryptographic: who was let in gets keys from whoever let them in.
        var guest = await CallParticipant.OpenAsync(chromium, call.Server.Address, "Préfecture", null, rate: Rate);
        var put = await FrameTap.AttachAsync(guest.Page);
        await guest.AskAsGuestAsync(link);
        await Director.PressAsync("Let Préfecture in");
        await guest.OpenPeopleAsync();
        await guest.DecodesAsync(4);
        foreach (var one in all) await one.DecodesAsync(4);
        var five = await SameCodeAsync(four, [.. all, guest]);
        Tell("a guest was let in, and all five decode each other and read one code");

        // Comings and goings.
        await all[2].PressAsync("Leave the meeting");
        var without = await SameCodeAsync(five, [all[0], all[1], all[3], guest]);
        await all[2].EnterAsync(meeting);
        await all[2].OpenPeopleAsync();
        var again = await SameCodeAsync(without, [.. all, guest]);
        await GoOnAsync(4);
        Tell("somebody left and came back: other keys each time");

        await TheServerHasOnlySealedFramesAsync(call, sending);
        await WhoWasPutOutOpensNothingMoreAsync(guest, put, hearing, again);
        await TheSearchFindsClearFramesAsync(call, sending);
        Tell(string.Create(CultureInfo.InvariantCulture, $"{site.Dropped} of {site.Dropped + site.Passed} packets were lost"));
        Assert.InRange((double)site.Dropped / (site.Dropped + site.Passed), Loss / 2, Loss * 2);
    }

    /// <summary>Frames as they left are in the server's memory, which shows that the search looks in the right place; as the encoder made them they are nowhere.</summary>
    private async Task TheServerHasOnlySealedFramesAsync(CallRehearsal call, FrameTap sending)
    {
        Begin();
        var (frames, found) = (0, 0);
        await Eventually.HoldsWithinAsync(
            foundWithin,
            async () =>
            {
                var (sent, seen) = await SearchAsync(call, sending);
                (frames, found) = (frames + sent.Count, found + seen.Count(one => one < sent.Count));
                Assert.DoesNotContain(seen, one => one >= sent.Count);
                return found >= Enough;
            },
            () => $"of {frames} frames {found} are in the server's memory as they left");
        Tell($"of {frames} frames the server's memory has {found} sealed and none clear");
    }

    /// <summary>The guest's worker lives on with its keys: it opens what was sealed before and kept from it, and nothing that was sealed since, which it is given as if the server went on sending to it.</summary>
    private async Task WhoWasPutOutOpensNothingMoreAsync(CallParticipant guest, FrameTap put, FrameTap hearing, string before)
    {
        Begin();
        var director = ParticipantOf(await guest.LookAsync(), Director.Name);
        await put.WithholdAsync(director, 20);
        await Eventually.HoldsWithinAsync(changesWithin, async () => await put.CountWithheldAsync() == 20, () => "twenty voices are withheld from the guest");
        await Director.PutOutAsync(guest.Name);
        await guest.Page.GetByText("A host removed you from the meeting").First.WaitForAsync();
        await SameCodeAsync(before, all);
        Tell("a guest was put out, and the others have other keys");

        // Whatever is heard from here on was sealed with them: what was under way before has come.
        await GoOnAsync(3);
        await hearing.VoicesAsync(director);
        List<string> since = [];
        await Eventually.HoldsWithinAsync(
            changesWithin,
            async () =>
            {
                since.AddRange(await hearing.VoicesAsync(director));
                return since.Count >= 50;
            },
            () => $"{since.Count} voices came to others");
        var old = await put.OpenWithheldAsync(director);
        var late = await put.OpenAsync(director, since);
        Tell($"of {old.Given} voices of before the guest's worker opens {old.Opened}, of {late.Given} since {late.Opened}");
        Assert.InRange(old.Opened, 1, old.Given);
        Assert.Equal(0, late.Opened);
    }

    /// <summary>The same search while one page deliberately sends everything in clear: it is found, and nobody is shown it.</summary>
    private async Task TheSearchFindsClearFramesAsync(CallRehearsal call, FrameTap sending)
    {
        Begin();
        await sending.SendClearAsync();
        var (frames, found) = (0, 0);
        await Eventually.HoldsWithinAsync(
            foundWithin,
            async () =>
            {
                var (sent, seen) = await SearchAsync(call, sending);
                (frames, found) = (frames + sent.Count, found + seen.Count(one => one >= sent.Count));
                return found >= Enough;
            },
            () => $"of {frames} clear frames {found} are found");
        Tell($"of {frames} frames that were sent clear, {found} are found in the server's memory");
        await all[1].Page.GetByText("can not be decrypted").First.WaitForAsync();
        Tell("who sends in clear is shown as not decrypted");
    }

    /// <summary>Which of the last frames are in the server's memory: first all of them as they left, then all as they were.</summary>
    private static Task<(List<TappedFrame> Sent, IReadOnlySet<int> Seen)> SearchAsync(CallRehearsal call, FrameTap sending) =>
        call.Server.WhileStoppedAsync<(List<TappedFrame>, IReadOnlySet<int>)>(async () =>
        {
            var sent = Samples(await sending.SentAsync());
            return (sent, sent.Count == 0 ? new HashSet<int>() : ProcessMemory.Find(call.Server.ProcessId, [.. sent.Select(one => one.Sealed), .. sent.Select(one => one.Clear)]));
        });

    /// <summary>Pieces of frames by which they are known again: long and varied enough that none comes up by chance.</summary>
    private static List<TappedFrame> Samples(IReadOnlyList<TappedFrame> sent)
    {
        return [.. sent.Select(one => one with { Clear = Piece(one.Clear, one.Track), Sealed = Piece(one.Sealed, one.Track) }).Where(one => one.Clear.Distinct().Count() > 16 && one.Sealed.Distinct().Count() > 16)];

        static byte[] Piece(byte[] frame, string track)
        {
            var begin = track == "audio" ? 16 : 64;
            return frame.Length < begin + SampleLength ? [] : frame[begin..(begin + SampleLength)];
        }
    }

    private static string ParticipantOf(CallLook look, string name)
    {
        var from = look.VoiceOf(name)!.From;
        return from[..from.LastIndexOf('-')];
    }

    /// <summary>Waits until all read one code, which is not the one of before.</summary>
    private static async Task<string> SameCodeAsync(string before, IReadOnlyCollection<CallParticipant> those)
    {
        string[] codes = [];
        await Eventually.HoldsWithinAsync(
            changesWithin,
            async () =>
            {
                codes = await Task.WhenAll(those.Select(one => one.CodeAsync()));
                return codes[0].Length > 0 && codes[0] != before && codes.All(code => code == codes[0]);
            },
            () => $"all read one code, other than {before}: {string.Join(", ", codes)}");
        return codes[0];
    }

    /// <summary>All who are in the call decode so many others from now on; streams of who is gone are still counted by browsers, and do not grow.</summary>
    private async Task GoOnAsync(int others)
    {
        var before = await Task.WhenAll(all.Select(one => one.LookAsync()));
        foreach (var (one, was) in all.Zip(before)) await one.DecodesAsync(others, since: was);
    }

    private void Begin() => began = Stopwatch.GetTimestamp();

    private void Tell(string what) =>
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds,6:0.00} s  {what}  (load {File.ReadAllText("/proc/loadavg").Split(' ')[0]})"));
}
