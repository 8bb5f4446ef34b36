using Tocsin.Alerting;
using Tocsin.Alerting.Channels;
using Tocsin.Alerting.Rotas;
using Tocsin.Server.Features.Channels.TestMessages;
using Tocsin.Storage.Directory;

namespace Tocsin.Server.Features.Readiness;

/// <param name="At">When it was read.</param>
/// <param name="Months">How long a verified number or mail address was taken to be right.</param>
/// <param name="Rotas">How many duty rotas there are.</param>
/// <param name="Functions">By name, at most 200.</param>
/// <param name="MoreFunctions">How many functions there are beyond those.</param>
/// <param name="Drills">The latest exercise alerts that were for somebody, the latest first, at most 20: injects of an exercise are among them, and only who animated it can tell.</param>
/// <param name="Channels">All that there are.</param>
internal sealed record ReadinessFigures(
    DateTimeOffset At,
    int Months,
    ReachCounts Reach,
    int Rotas,
    IReadOnlyList<FunctionReadiness> Functions,
    int MoreFunctions,
    IReadOnlyList<DrillFigures> Drills,
    IReadOnlyList<ChannelReadiness> Channels);

/// <summary>For how much of the coming 14 days a holder or deputy of a crisis function is on duty in any rota.</summary>
/// <param name="People">Active holders and deputies.</param>
/// <param name="OnRota">Of them, those whom a rota has on duty in that time.</param>
/// <param name="TimeZone">Whose wall clock tells day (08:00 to 20:00) from night: that of the first rota with one of them, else the organisation's.</param>
/// <param name="DayMinutes">How much of the time is day.</param>
/// <param name="NightMinutes">How much of the time is night.</param>
/// <param name="Gaps">When nobody is, by start: the first 10.</param>
/// <param name="MoreGaps">How many there are beyond those.</param>
internal sealed record FunctionReadiness(
    FunctionId Id,
    string Name,
    int People,
    int OnRota,
    string TimeZone,
    int DayMinutes,
    int DayCoveredMinutes,
    int NightMinutes,
    int NightCoveredMinutes,
    IReadOnlyList<DutyInterval> Gaps,
    int MoreGaps);

/// <summary>How many answered one exercise alert.</summary>
/// <param name="Recipients">More than none.</param>
internal sealed record DrillFigures(AlertId Id, long Number, DateTimeOffset RaisedAt, long Recipients, long Answered);

/// <param name="Reason">Stable code; absent where all is well.</param>
/// <param name="LastTest">Of the latest 50 exercise alerts the last that used the channel; absent where none did.</param>
/// <param name="LastMessage">The last message that an administrator had sent to themselves over it; absent where there was none.</param>
internal sealed record ChannelReadiness(ChannelKind Channel, ChannelHealthState State, string? Reason, ChannelTest? LastTest, TestMessageView? LastMessage);

/// <summary>What became of the messages of one exercise alert on one channel.</summary>
/// <param name="Messages">All that were planned.</param>
/// <param name="Arrived">Delivered or read, says the carrier or the device.</param>
/// <param name="Taken">Taken by the carrier, without a sign of arrival so far.</param>
/// <param name="Failed">Refused, or out of time.</param>
internal sealed record ChannelTest(AlertId AlertId, DateTimeOffset At, long Messages, long Arrived, long Taken, long Failed);
