using System.Collections.Concurrent;
using Microsoft.Playwright;
using Tocsin.Server.Features.Meetings.Signalling;
using Tocsin.Server.Tests.Meetings;
using Tocsin.Storage.Model;
using Tocsin.Testing;
using Tocsin.Testing.Browsers;

namespace Tocsin.Server.Tests.Hostile;

/// <summary>One server that cheats on command, with the built web client, and one Chromium for all tests of a class.</summary>
public sealed class HostileServerFixture : IAsyncLifetime
{
    public ServerUnderTest Server { get; private set; } = null!;

    public Chromium Chromium { get; private set; } = null!;

    internal HostileSignalling Signalling { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Server = await ServerUnderTest.StartAsync(configure: options => options.WebRoot = Path.Combine(Repository.Root, "web", "dist"), replace: Signalling.Register);
        Chromium = await Chromium.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>What a server that was taken over can do to a call, tried before the product's own pages in real browsers: what they show, what they refuse, and that the call goes on once it can.</summary>
/// <remarks>docs/security/threat-model.md names these tests, attack by attack.</remarks>
public sealed class HostileCallTests(HostileServerFixture fixture) : IClassFixture<HostileServerFixture>, IAsyncDisposable
{
    private const string Claire = "Camille Morel";
    private const string Karim = "Camille Benali";
    private const string Bruno = "Camille Keller";

    private readonly List<MeetingWindow> windows = [];

    public async ValueTask DisposeAsync()
    {
        fixture.Signalling.BeHonest();
        foreach (var window in windows) await window.Page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_participant_whom_the_server_hides_is_warned_of_where_it_does_not_let_them_be_taken_out()
    {
        var (meeting, claire) = await OpenAsync();
        await claire.EnterAsync(meeting, camera: false);
        await claire.OpenPanelAsync("Personnes");
        await HasCodeAsync(claire);

        // A device of the directory, of an account of the server's own: it gets keys, and Claire is told of nobody.
        fixture.Signalling.Tells = (listener, happened) => listener == Claire ? Without(Karim, happened) : [happened];
        fixture.Signalling.Answers = (listener, command) => listener == Claire && command is ChangeCallGroupRequest { Commit: not null } ? Refused<CallGroupChange>("call-group-moved") : null;
        var karim = await ComeAsync("Benali");
        await karim.EnterAsync(meeting, camera: false);
        await claire.ReadsAsync("1 appareil a les clés et n’est à personne d’affiché ici");
        await MeetingWindow.Expect(claire.Tile(Karim)).ToHaveCountAsync(0);
        await claire.JudgeAsync("hostile-hidden");

        // Where it does let changes of keys through, whoever is not shown is taken out: the code that Claire reads is nobody else's.
        fixture.Signalling.Answers = (listener, command) => listener == Karim && command is "ReadGroup" ? Refused<CallGroupReading>("not-in-meeting") : null;
        await MeetingWindow.Expect(claire.Page.GetByText("n’est à personne d’affiché ici")).ToHaveCountAsync(0);
        await claire.ReadsAsync("Vous êtes seul à pouvoir voir et entendre ici");
    }

    [Fact]
    public async Task A_guest_whom_the_server_lets_in_has_no_keys_and_is_marked()
    {
        var (meeting, claire, opening) = await OpenWithLineAsync();
        await using var line = opening;
        var link = await opening.CreateGuestLinkAsync(meeting);
        await claire.EnterAsync(meeting);
        await claire.OpenPanelAsync("Personnes");
        var before = await HasCodeAsync(claire);
        var guest = await WindowAsync(null);
        await guest.GoAsync($"/meet#{link}");
        await guest.Page.GetByLabel("Votre nom").FillAsync("Préfecture");
        await guest.GoInAsync(camera: true, microphone: true);
        await claire.ReadsAsync("1 personne attend");

        // No host of flesh: a line of the server's own, which has no device.
        await using var servers = await LineOfAnotherHostAsync();
        await servers.JoinAsync(meeting);
        await servers.DoAsync("Admit", new { waitingIds = (string[]?)null });
        await MeetingWindow.Expect(claire.Tile("Préfecture")).ToContainTextAsync("n’a pas encore les clés");
        await MeetingWindow.SeesAsync(guest.Tile(Claire).Locator(".initials"));
        await guest.OpenPanelAsync("Personnes");
        await guest.ReadsAsync("Vous n’avez pas encore les clés");
        Assert.Equal(0, await ShownFramesAsync(guest, Claire));
        Assert.Equal(before, await CodeAsync(claire));
    }

    [Fact]
    public async Task Another_device_key_in_somebodys_name_shows_nothing_of_them_and_warns()
    {
        var (meeting, claire) = await OpenAsync();
        await claire.EnterAsync(meeting);
        await claire.OpenPanelAsync("Personnes");
        await HasCodeAsync(claire);
        var swapped = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        fixture.Signalling.Tells = (listener, happened) => [listener == Claire ? WithDeviceKey(happened, Karim, swapped) : happened];
        fixture.Signalling.Answers = (listener, command) => listener == Claire && command is ChangeCallGroupRequest { Commit: not null } ? Refused<CallGroupChange>("call-group-moved") : null;
        var karim = await ComeAsync("Benali");
        await karim.EnterAsync(meeting);
        await MeetingWindow.Expect(claire.Tile(Karim)).ToContainTextAsync("n’a pas encore les clés");
        await claire.ReadsAsync("1 appareil a les clés et n’est à personne d’affiché ici");
        Assert.Equal(0, await ShownFramesAsync(claire, Karim));
    }

    [Fact]
    public async Task Frames_that_the_server_gives_out_as_somebody_elses_are_not_shown()
    {
        var (meeting, claire) = await OpenAsync();
        var (karim, bruno) = (await ComeAsync("Benali"), await ComeAsync("Keller"));
        await karim.EnterAsync(meeting);
        await bruno.EnterAsync(meeting);
        await karim.SeesMovingAsync(Bruno);

        // Each of the two is given out as the other, to Claire alone.
        var ids = new ConcurrentDictionary<string, string>();
        fixture.Signalling.Tells = (listener, happened) => [listener == Claire ? Swapped(happened, ids) : happened];
        await claire.EnterAsync(meeting);
        await claire.ReadsAsync("ne peuvent pas être déchiffrés");
        foreach (var name in new[] { Karim, Bruno }) Assert.Equal(0, await ShownFramesAsync(claire, name));

        // Told the truth again, she sees both.
        fixture.Signalling.BeHonest();
        await claire.PressAsync("Quitter la réunion");
        await claire.EnterAgainAsync();
        await claire.SeesMovingAsync(Karim);
        await claire.SeesMovingAsync(Bruno);
    }

    [Fact]
    public async Task A_change_of_keys_that_is_withheld_shows_as_undecryptable_and_is_mended_by_coming_in_anew()
    {
        var (meeting, claire, karim) = await TwoAsync();

        // Claire hears of no change any more, and can not come in anew.
        fixture.Signalling.Tells = (listener, happened) => listener == Claire && happened is CallGroupChanged ? [] : [happened];
        fixture.Signalling.Answers = (listener, command) => listener != Claire ? null : command switch
        {
            "ReadGroup" => Refused<CallGroupReading>("not-in-meeting"),
            ChangeCallGroupRequest => Refused<CallGroupChange>("not-in-meeting"),
            _ => null,
        };
        var bruno = await ComeAsync("Keller");
        await bruno.EnterAsync(meeting);
        await claire.ReadsAsync("déchiffr");
        await Eventually.HoldsAsync(async () => await CodeAsync(karim) is { Length: > 0 } code && code != await CodeAsync(claire), "Karim reads another code than Claire");
        fixture.Signalling.BeHonest();
        await SameCodeAsync(claire, karim, bruno);
        await claire.SeesMovingAsync(Karim);
        await claire.SeesMovingAsync(Bruno);
    }

    [Fact]
    public async Task A_change_of_keys_that_is_forged_or_repeated_is_refused_and_the_call_goes_on_under_one_code()
    {
        var (meeting, claire, karim) = await TwoAsync();
        var forged = 0;

        // The first change after this is damaged on its way to Claire; each after it comes twice.
        fixture.Signalling.Tells = (listener, happened) => happened switch
        {
            CallGroupChanged { Commit: { } commit } change when listener == Claire && Interlocked.Increment(ref forged) == 1 => [change with { Commit = Flipped(commit) }],
            CallGroupChanged { Commit: not null } change when listener == Claire => [change, change],
            _ => [happened],
        };
        var bruno = await ComeAsync("Keller");
        await bruno.EnterAsync(meeting);
        await SameCodeAsync(claire, karim, bruno);
        Assert.True(forged > 1, "another change followed the forged one");
        await claire.SeesMovingAsync(Bruno);
        await bruno.SeesMovingAsync(Claire);
        await karim.SeesMovingAsync(Claire);
    }

    [Fact]
    public async Task A_server_that_splits_the_call_into_two_groups_shows_nobody_to_the_other_and_two_codes()
    {
        var (meeting, claire) = await OpenAsync();
        await claire.EnterAsync(meeting);
        await claire.OpenPanelAsync("Personnes");
        var before = await HasCodeAsync(claire);

        // To Karim there is no group yet: he begins one, of which nobody else is told.
        fixture.Signalling.Answers = (listener, command) => listener != Karim ? null : command switch
        {
            "ReadGroup" => new HubAnswer<CallGroupReading>(new CallGroupReading(0, null), null),
            ChangeCallGroupRequest => new HubAnswer<CallGroupChange>(new CallGroupChange(1), null),
            _ => null,
        };
        var karim = await ComeAsync("Benali");
        await karim.EnterAsync(meeting);
        await MeetingWindow.Expect(claire.Tile(Karim)).ToContainTextAsync("n’a pas encore les clés");
        await MeetingWindow.Expect(karim.Tile(Claire)).ToContainTextAsync("n’a pas encore les clés");
        await karim.OpenPanelAsync("Personnes");
        Assert.NotEqual(before, await HasCodeAsync(karim));
        Assert.Equal(0, await ShownFramesAsync(karim, Claire));
        Assert.Equal(0, await ShownFramesAsync(claire, Karim));
    }

    [Fact]
    public async Task Whoever_is_shown_the_group_of_before_gets_no_keys_of_now_until_told_the_truth()
    {
        var (meeting, claire, karim) = await TwoAsync();
        CallGroupInfo? old = null;
        fixture.Signalling.Answers = (_, command) =>
        {
            if (command is ChangeCallGroupRequest { GroupId: { } id, GroupInfo: { } info, Epoch: { } epoch }) old ??= new CallGroupInfo(id, info, epoch);
            return null;
        };

        // A roster that Bruno is still in: he came, and has gone since.
        var bruno = await ComeAsync("Keller");
        await bruno.EnterAsync(meeting);
        await SameCodeAsync(claire, karim, bruno);
        var withBruno = await CodeAsync(claire);
        await bruno.PressAsync("Quitter la réunion");

        // The two read one code all along: what shows that he was taken out is that it is another.
        foreach (var window in new[] { claire, karim })
            await Eventually.HoldsAsync(async () => await CodeAsync(window) is { Length: > 0 } code && code != withBruno, "Bruno is taken out of the group");
        await SameCodeAsync(claire, karim);
        var number = 0;
        fixture.Signalling.Tells = (_, happened) =>
        {
            if (happened is CallGroupChanged change) number = Math.Max(number, change.Number);
            if (happened is Joined { Group: { } place }) number = Math.Max(number, place.Number);
            return [happened];
        };
        fixture.Signalling.Answers = (listener, command) => listener == Bruno && command is "ReadGroup" ? new HubAnswer<CallGroupReading>(new CallGroupReading(number, old), null) : null;
        await bruno.PressAsync("Rejoindre à nouveau");
        await bruno.GoInAsync(camera: false, microphone: true);
        await MeetingWindow.Expect(claire.Tile(Bruno)).ToContainTextAsync("n’a pas encore les clés");
        await claire.SeesMovingAsync(Karim);
        fixture.Signalling.BeHonest();
        await bruno.SeesMovingAsync(Claire);
    }

    [Fact]
    public async Task Messages_that_are_changed_repeated_or_made_up_are_said_to_be_so_and_missing_ones_are_counted()
    {
        var (_, claire, karim) = await TwoAsync();
        await claire.OpenPanelAsync("Messages");
        await karim.OpenPanelAsync("Messages");
        await WriteAsync(karim, "Premier");
        await MeetingWindow.Expect(Log(claire)).ToContainTextAsync("Premier");

        // Once more, as if Bruno had said it: nobody has; and once damaged.
        fixture.Signalling.Tells = (listener, happened) => listener == Claire && happened is CallMessage said ? [said, said, said with { Message = Flipped(said.Message) }] : [happened];
        await WriteAsync(karim, "Deuxième");
        await MeetingWindow.Expect(Log(claire)).ToContainTextAsync("envois n’ont pas pu être déchiffrés");
        await MeetingWindow.Expect(Log(claire).GetByText("Deuxième")).ToHaveCountAsync(1);
        fixture.Signalling.Tells = (listener, happened) => listener == Claire && happened is CallMessage ? [] : [happened];
        await WriteAsync(karim, "Troisième");
        await MeetingWindow.Expect(Log(karim).GetByText("en cours d’envoi")).ToHaveCountAsync(0);
        fixture.Signalling.BeHonest();

        // Nobody writes anything more: what his page counts aloud tells that the last one never came.
        await MeetingWindow.Expect(Log(claire)).ToContainTextAsync("1 message de Camille Benali ne vous est pas parvenu");
        await claire.JudgeAsync("hostile-messages");
    }

    /// <summary>Claire hosts, Karim is there, and both see each other.</summary>
    private async Task<(Guid Meeting, MeetingWindow Claire, MeetingWindow Karim)> TwoAsync()
    {
        var (meeting, claire) = await OpenAsync();
        var karim = await ComeAsync("Benali");
        await claire.EnterAsync(meeting);
        await karim.EnterAsync(meeting);
        foreach (var window in new[] { claire, karim }) await window.OpenPanelAsync("Personnes");
        await SameCodeAsync(claire, karim);
        await claire.SeesMovingAsync(Karim);
        return (meeting, claire, karim);
    }

    private static IEnumerable<MeetingEvent> Without(string name, MeetingEvent happened) => happened switch
    {
        ParticipantJoined joined when joined.Participant.Name == name => [],
        Joined joined => [joined with { Participants = [.. joined.Participants.Where(one => one.Name != name)] }],
        _ => [happened],
    };

    private static MeetingEvent WithDeviceKey(MeetingEvent happened, string name, string key) => happened switch
    {
        ParticipantJoined joined when joined.Participant.Name == name => joined with { Participant = joined.Participant with { DeviceKey = key } },
        _ => happened,
    };

    /// <summary>Whose track is whose, the other way round: of the two who are not the listener.</summary>
    private static MeetingEvent Swapped(MeetingEvent happened, ConcurrentDictionary<string, string> ids)
    {
        if (happened is Joined arrival)
        {
            var others = arrival.Participants.Where(one => one.Name is Karim or Bruno).Select(one => one.Id).ToArray();
            if (others is [var one, var other]) (ids[one], ids[other]) = (other, one);
        }

        return happened switch
        {
            Joined joined => joined with { Consumers = [.. joined.Consumers.Select(Swap)] },
            NewConsumer consumer => consumer with { Consumer = Swap(consumer.Consumer) },
            _ => happened,
        };

        ConsumerView Swap(ConsumerView consumer) => ids.TryGetValue(consumer.ParticipantId, out var other) ? consumer with { ParticipantId = other } : consumer;
    }

    private static string Flipped(string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        bytes[bytes.Length / 2] ^= 1;
        return Convert.ToBase64String(bytes);
    }

    private static HubAnswer<T> Refused<T>(string code) => new(default, new HubRefusal(code, "Not now."));

    private static ILocator Log(MeetingWindow window) => window.Page.GetByRole(AriaRole.Log);

    private static async Task WriteAsync(MeetingWindow window, string text)
    {
        await window.Page.Locator("aside textarea").FillAsync(text);
        await window.Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Pictures of somebody that a window has shown.</summary>
    private static Task<int> ShownFramesAsync(MeetingWindow window, string name) => window.AskAsync<int>(
        $"() => document.querySelector('figure[aria-label=\"{name}\"] video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0");

    private static Task<string> CodeAsync(MeetingWindow window) => window.AskAsync<string>("() => document.querySelector('aside .code')?.textContent ?? ''");

    private static async Task<string> HasCodeAsync(MeetingWindow window)
    {
        await Eventually.HoldsAsync(async () => await CodeAsync(window) is { Length: > 0 }, "a code is read");
        return await CodeAsync(window);
    }

    /// <summary>Opens the list of people where it is not, and waits until all read one code.</summary>
    private static async Task SameCodeAsync(params MeetingWindow[] those)
    {
        foreach (var window in those) await window.OpenPanelAsync("Personnes");
        await Eventually.HoldsWithinAsync(
            TimeSpan.FromSeconds(60),
            async () =>
            {
                var codes = await Task.WhenAll(those.Select(CodeAsync));
                return codes[0].Length > 0 && codes.All(code => code == codes[0]);
            },
            () => "all read one code");
    }

    private async Task<(Guid Meeting, MeetingWindow Claire)> OpenAsync()
    {
        var (meeting, claire, opening) = await OpenWithLineAsync();
        await opening.DisposeAsync();
        return (meeting, claire);
    }

    private async Task<(Guid Meeting, MeetingWindow Claire, MeetingPerson Opening)> OpenWithLineAsync()
    {
        var host = await fixture.Server.CreateAccountAsync(Roles.CrisisDirector, "Morel");
        var opening = await MeetingPerson.OfAsync(fixture.Server, host);
        return (await opening.OpenMeetingAsync(), await WindowAsync(host), opening);
    }

    private async Task<MeetingPerson> LineOfAnotherHostAsync() =>
        await MeetingPerson.OfAsync(fixture.Server, await fixture.Server.CreateAccountAsync(Roles.CrisisDirector, "Serveur"));

    private async Task<MeetingWindow> ComeAsync(string familyName) => await WindowAsync(await fixture.Server.CreateAccountAsync(Roles.Staff, familyName));

    private async Task<MeetingWindow> WindowAsync(Server.Features.Accounts.AccountHolder? account)
    {
        var window = await MeetingWindow.OpenAsync(fixture.Chromium, fixture.Server, account);
        windows.Add(window);
        return window;
    }
}
