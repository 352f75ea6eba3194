using System.Text.Json.Serialization;
using DsrService.DataMap;
using DsrService.Deadlines;

namespace DsrService.Requests.Desk;

/// <summary>The dates of one request as the desk shows them.</summary>
internal sealed record DeadlineView
{
    public required DateOnly ReceivedOn { get; init; }

    /// <summary>The end of the first month, with any suspension.</summary>
    public required DateOnly DueOn { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateOnly? ExtendedTo { get; init; }

    /// <summary>Alerts go by this one; a suspension does not move it.</summary>
    public required DateOnly InternalTarget { get; init; }

    /// <summary>Whether the clock stands now.</summary>
    public required bool Suspended { get; init; }

    public DateTimeOffset? SuspendedSince { get; init; }
    public required int SuspendedDays { get; init; }

    /// <summary>To the day by which the answer is due now; negative when overdue, null when closed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int? DaysLeft { get; init; }

    public required bool Overdue { get; init; }

    [JsonIgnore]
    public DateOnly Until => ExtendedTo ?? DueOn;

    /// <summary>The end of the first month had the clock never stood; only where it did.</summary>
    public DateOnly? UnsuspendedDueOn { get; init; }

    public static DeadlineView Of(DataSubjectRequest request, DateOnly today, ControllerFacts? controller = null)
    {
        int? left = request.Status.IsOpen() ? (request.ExtendedTo ?? request.DueOn).DayNumber - today.DayNumber : null;
        return new()
        {
            ReceivedOn = request.ReceivedOn,
            DueOn = request.DueOn,
            ExtendedTo = request.ExtendedTo,
            InternalTarget = request.InternalTarget,
            Suspended = request.SuspendedAt is not null,
            SuspendedSince = request.SuspendedAt,
            SuspendedDays = request.SuspendedDays,
            UnsuspendedDueOn = controller is null || request.SuspendedDays == 0 ? null : RequestDeadline.Of(request, controller).UnsuspendedDueOn,
            DaysLeft = left,
            Overdue = left < 0,
        };
    }
}
