using System.Net.Http.Json;
using System.Text.Json;
using Tocsin.Server.Features.Accounts;
using Tocsin.Storage.Model;
using Tocsin.Testing;

namespace Tocsin.Server.Tests.Meetings;

/// <summary>Somebody at a browser who comes to meetings: their account's session, or none; their line to the hub; and what they have heard on it.</summary>
internal sealed class MeetingPerson : IAsyncDisposable
{
    private readonly ServerUnderTest server;
    private readonly string? cookie;
    private readonly bool longPolling;
    private readonly Queue<JsonElement> heard = new();
    private HubLine? line;
    private HubStream? stream;

    private MeetingPerson(ServerUnderTest server, HttpClient http, string? cookie, bool longPolling) =>
        (this.server, Http, this.cookie, this.longPolling) = (server, http, cookie, longPolling);

    public HttpClient Http { get; }

    /// <summary>The last <c>joined</c>.</summary>
    public JsonElement Joined { get; private set; }

    public string ParticipantId => Joined.GetProperty("participantId").GetString()!;

    public string Resume => Joined.GetProperty("resume").GetString()!;

    public bool IsLineClosed => line?.IsClosed ?? true;

    public static async Task<MeetingPerson> WithRolesAsync(ServerUnderTest server, Roles roles, bool longPolling = false)
    {
        var session = await server.OpenSessionAsync(await server.CreateAccountAsync(roles));
        return new MeetingPerson(server, server.WithSession(session), $"tocsin={session.Token}", longPolling);
    }

    /// <summary>An account that there is already, perhaps by another node.</summary>
    public static async Task<MeetingPerson> OfAsync(ServerUnderTest server, AccountHolder account)
    {
        var session = await server.OpenSessionAsync(account);
        return new MeetingPerson(server, server.WithSession(session), $"tocsin={session.Token}", longPolling: false);
    }

    /// <summary>Whose session this client has already.</summary>
    public static MeetingPerson SignedIn(ServerUnderTest server, HttpClient http) => new(server, http, http.DefaultRequestHeaders.GetValues("Cookie").Single(), longPolling: false);

    /// <summary>The same session, at another window.</summary>
    public MeetingPerson AtAnotherWindow() => new(server, Http, cookie, longPolling);

    public static MeetingPerson Guest(ServerUnderTest server, bool longPolling = false) => new(server, server.NewClient(), null, longPolling);

    /// <summary>Opens a meeting, and answers its id.</summary>
    public async Task<Guid> OpenMeetingAsync(object? request = null)
    {
        using var answer = await Http.PostAsJsonAsync("/api/v1/meetings", request ?? new { title = "Cellule de crise", openTo = "organisation" }, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("id").GetGuid();
    }

    public async Task<string> CreateGuestLinkAsync(Guid meeting)
    {
        using var answer = await Http.PostAsJsonAsync($"/api/v1/meetings/{meeting}/guest-links", new { label = "Mairie" }, TestContext.Current.CancellationToken);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("secret").GetString()!;
    }

    /// <summary>Comes to the door, and answers the first event.</summary>
    public Task<JsonElement> ComeAsync(object request) => StreamAsync("JoinMeeting", request);

    /// <summary>Begins a check of the way to the media port, and answers the first event.</summary>
    public Task<JsonElement> CheckAsync(object request) => StreamAsync("CheckMedia", request);

    private async Task<JsonElement> StreamAsync(string method, object request)
    {
        await ConnectAsync();
        stream = await line!.StreamAsync(method, request);
        heard.Clear();
        var first = await NextAsync();
        if (KindOf(first) == "joined") Joined = first;
        return first;
    }

    public async Task<JsonElement> JoinAsync(Guid meeting, string? resume = null, object? rtpCapabilities = null)
    {
        var first = await ComeAsync(new { meetingId = meeting, resume, rtpCapabilities });
        Assert.Equal("joined", KindOf(first));
        return first;
    }

    public async Task ConnectAsync() =>
        line ??= await HubLine.OpenAsync(server.Address, cookie is null ? "/hub/guest" : "/hub", cookie, longPolling, TestContext.Current.CancellationToken);

    /// <summary>Reads on until an event of this kind.</summary>
    public async Task<JsonElement> HearAsync(string kind)
    {
        while (true)
        {
            var next = await NextAsync();
            if (KindOf(next) == "joined") Joined = next;
            if (KindOf(next) == kind) return next;
        }
    }

    /// <summary>The value that a command answers, which must not be refused.</summary>
    public async Task<JsonElement> DoAsync(string method, params object?[] arguments)
    {
        var answer = await InvokeAsync(method, arguments);
        Assert.True(answer.GetProperty("refusal").ValueKind == JsonValueKind.Null, answer.GetRawText());
        return answer.GetProperty("value");
    }

    /// <summary>The code with which a command is refused.</summary>
    public async Task<string?> RefusedAsync(string method, params object?[] arguments)
    {
        var refusal = (await InvokeAsync(method, arguments)).GetProperty("refusal");
        return refusal.ValueKind == JsonValueKind.Null ? null : refusal.GetProperty("code").GetString();
    }

    public async Task<JsonElement> InvokeAsync(string method, params object?[] arguments)
    {
        await ConnectAsync();
        return await line!.InvokeAsync(method, arguments);
    }

    /// <summary>The network breaks.</summary>
    public async Task LoseLineAsync()
    {
        if (line is not null) await line.DisposeAsync();
        line = null;
    }

    public ValueTask DisposeAsync() => line is null ? ValueTask.CompletedTask : line.DisposeAsync();

    public static string KindOf(JsonElement happened) => happened.GetProperty("kind").GetString()!;

    /// <summary>The next event, of whatever kind.</summary>
    public async Task<JsonElement> NextAsync()
    {
        while (heard.Count == 0)
        {
            var item = await stream!.Items.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Limit);
            foreach (var happened in item.GetProperty("events").EnumerateArray()) heard.Enqueue(happened);
        }

        return heard.Dequeue();
    }
}
